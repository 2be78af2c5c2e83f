/** Nodes of mrkdwn, plain text and rich text as elements. */

import { dateOf, formatDate, fullTime } from "./dates.js";
import { asText, h, outsideLink, safeUrl } from "./dom.js";
import { emojiNamed, emojiOfCodePoints } from "./emoji.js";
import { decode, parse } from "./mrkdwn.js";
import { followPermalink, placeOf } from "./permalinks.js";
import { channelById, nameOf, openChannel, state } from "./state.js";

const BAR = /([\u2580-\u259f\u25a0-\u25a3\u25aa\u25ab\u25ac-\u25b1]{3,})/u;
const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s" };

/** mrkdwn as elements. */
export function mrkdwn(text) {
  return parse(text).map((block) => {
    if (block.type === "pre") return h("pre", { class: "pre", tabindex: 0, dir: "auto" }, barred(block.text));
    const children = block.children.map(inlineNode);
    return block.type === "quote" ? h("blockquote", { class: "quote", dir: "auto" }, children) : children;
  });
}

/** A text object ({"type": "mrkdwn" | "plain_text", "text"}) as elements. */
export function textObject(object) {
  const text = asText(object);
  return object?.type === "mrkdwn" ? mrkdwn(text) : plain(text, object?.emoji !== false);
}

/** mrkdwn as the words a reader sees, for those who listen. */
export function spoken(text) {
  return h("p", {}, mrkdwn(text)).textContent;
}

/** Plain text: only emoji names are special, unless the object says no, and the three entities. */
export function plain(text, hasEmoji = true) {
  if (!hasEmoji) return barred(decode(text));
  return text.split(/(:[a-z0-9_+'-]{1,60}:)/).map((part, index) => {
    return index % 2 === 1 ? emojiElement(part.slice(1, -1)) : barred(decode(part));
  });
}

/** Plain text as a string, emoji names and entities replaced: for labels and option texts. */
export function plainString(object) {
  if (object?.emoji === false) return decode(asText(object));
  const text = asText(object).replace(/:([a-z0-9_+'-]{1,60}):/g, (whole, name) => emojiNamed(name) ?? whole);
  return decode(text);
}

/** Progress bars get a font in which their full and empty cells are equally wide. */
export function barred(text) {
  return text.split(BAR).map((part, index) => (index % 2 === 1 ? h("span", { class: "bar" }, part) : part));
}

/** An emoji by name, or its name when it is none of ours. */
export function emojiElement(name, codePoints) {
  const sign = emojiNamed(name) ?? emojiOfCodePoints(codePoints);
  if (!sign) return `:${name}:`;
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, sign);
}

/** @name; the reader's own and the bot's are marked. */
export function userElement(id, label = "") {
  const isMe = id === state.me.id;
  return h("span", { class: isMe ? "mention mention--me" : "mention" }, `@${nameOf(id) || label || id}`);
}

/** #name, opening the channel where it is one of ours. */
export function channelElement(id, label = "") {
  const channel = channelById(id);
  if (!channel) return h("span", { class: "mention" }, `#${label || id}`);
  return h("button", { type: "button", class: "mention", onclick: () => openChannel(id) }, `#${channel.name}`);
}

/** @channel, @here, @everyone or a group. */
export function broadcastElement(name) {
  return h("span", { class: "mention mention--me" }, `@${name}`);
}

/** A link; what is no web or mail address is shown as its words only. */
export function linkElement(url, label) {
  const safe = safeUrl(url);
  const words = label || String(url ?? "").replace(/^mailto:/i, "");
  if (!safe) return h("span", {}, words);
  const place = placeOf(safe);
  const follow = place && { "data-testid": "permalink", onclick: (event) => followPermalink(event, place) };
  return outsideLink(safe, { class: "link", title: safe, ...follow }, words);
}

/** A date in the reader's zone; the fallback when the number is no date. */
export function dateElement({ unix, format, url, label }) {
  const date = dateOf(unix);
  if (!date) return label || String(unix ?? "");
  const words = formatDate(date, format || "{date_short_pretty} {time}");
  const time = h("time", { datetime: date.toISOString(), title: fullTime(date) }, words);
  return safeUrl(url) ? outsideLink(safeUrl(url), { class: "link" }, time) : time;
}

const INLINE = {
  text: (node) => barred(node.text),
  code: (node) => h("code", { class: "code" }, barred(node.text)),
  style: (node) => h(STYLE_TAGS[node.style], {}, node.children.map(inlineNode)),
  link: (node) => linkElement(node.url, node.label),
  user: (node) => userElement(node.id, node.label),
  channel: (node) => channelElement(node.id, node.label),
  broadcast: (node) => broadcastElement(node.name),
  date: dateElement,
  emoji: (node) => emojiElement(node.name),
};

function inlineNode(node) {
  return INLINE[node.type](node);
}
