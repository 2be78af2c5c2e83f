/** The rich_text block: sections, lists, quotes and preformatted text. */

import { asList, asText, h } from "./dom.js";
import {
  barred, broadcastElement, channelElement, dateElement, emojiElement, linkElement, userElement,
} from "./inline.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u" };
const DEEPEST_INDENT = 6;

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich-section", dir: "auto" }, inlines(part.elements)),
  rich_text_quote: (part) => h("blockquote", { class: "quote", dir: "auto" }, inlines(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "pre", tabindex: 0, dir: "auto" }, inlines(part.elements)),
  rich_text_list: richList,
};

const INLINES = {
  text: (node) => barred(asText(node.text)),
  link: (node) => linkElement(node.url, asText(node.text)),
  emoji: (node) => emojiElement(asText(node.name), node.unicode),
  user: (node) => userElement(asText(node.user_id)),
  usergroup: (node) => broadcastElement(asText(node.usergroup_id)),
  channel: (node) => channelElement(asText(node.channel_id)),
  broadcast: (node) => broadcastElement(asText(node.range)),
  date: (node) => dateElement({ unix: node.timestamp, format: node.format, url: node.url, label: node.fallback }),
  color: (node) => h("code", { class: "code" }, asText(node.value)),
};

/** The elements of a rich_text block, or of one in a table's cell. */
export function richText(block) {
  return asList(block.elements).map((part) => rendered(PARTS, part));
}

function inlines(nodes) {
  return asList(nodes).map((node) => styled(rendered(INLINES, node), node?.style));
}

function rendered(renderers, node) {
  const type = asText(node?.type);
  return Object.hasOwn(renderers, type) ? renderers[type](node) : unknown(type);
}

function styled(content, style) {
  let result = style?.code ? h("code", { class: "code" }, content) : content;
  for (const [name, tag] of Object.entries(STYLE_TAGS)) {
    if (style?.[name]) result = h(tag, {}, result);
  }
  return result;
}

function richList(part) {
  const indent = Math.min(Number(part.indent) || 0, DEEPEST_INDENT);
  const isOrdered = part.style === "ordered";
  const start = isOrdered ? (Number(part.offset) || 0) + 1 : null;
  const items = asList(part.elements).map((item) => h("li", { dir: "auto" }, inlines(item?.elements)));
  return h(isOrdered ? "ol" : "ul", { class: `rich-list rich-list--indent-${indent}`, start }, items);
}

function unknown(type) {
  return h("span", { class: "unsupported" }, `unsupported element: ${type || "without a type"}`);
}
