/** Block Kit as elements: every block the bot may send. Reference: https://docs.slack.dev/reference/block-kit */

import { chart } from "./chart.js";
import { asList, asText, h } from "./dom.js";
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { barred, plain, textObject } from "./inline.js";
import { inputBlock } from "./inputs.js";
import { richText } from "./richtext.js";

const BLOCKS = {
  header: (block, surface) => h(surface.heading ?? "h3", { class: "header", dir: "auto" }, textObject(block.text)),
  section,
  context: (block) => asList(block.elements).map(contextElement),
  actions: (block, surface) => asList(block.elements).map((item) => element(item, block, surface)),
  divider: () => h("hr", { class: "divider" }),
  image,
  rich_text: richText,
  input: inputBlock,
  table,
  data_visualization: chart,
};

/**
 * A list of blocks as elements.
 *
 * `surface.act(action, source)` is called with what was clicked and answers when it is dealt with;
 * `surface.prefix` keeps the ids of two surfaces apart; `surface.heading` is the element of a header.
 */
export function renderBlocks(blocks, surface) {
  return asList(blocks).map((block) => renderBlock(block, surface));
}

function renderBlock(block, surface) {
  const type = asText(block?.type);
  const render = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : null;
  const content = render ? render(block, surface) : unsupported(type);
  const name = render ? `block block--${type}` : "block";
  return h("div", { class: name, "data-block-type": type, "data-block-id": asText(block?.block_id) || null }, content);
}

function unsupported(type) {
  return h("div", { class: "unsupported" }, icon("warning"), ` unsupported block: ${type || "without a type"}`);
}

function section(block, surface) {
  const text = block.text ? h("div", { class: "section__text", dir: "auto" }, textObject(block.text)) : null;
  const fields = asList(block.fields).map((field) => {
    return h("div", { class: "field", dir: "auto" }, textObject(field));
  });
  return [
    h("div", { class: "section__main" }, text, fields.length > 0 && h("div", { class: "fields" }, fields)),
    block.accessory && h("div", { class: "section__accessory" }, accessory(block, surface)),
  ];
}

function accessory(block, surface) {
  return block.accessory.type === "image" ? imageBox(block.accessory) : element(block.accessory, block, surface);
}

function contextElement(item) {
  if (item?.type === "image") return imageBox(item, "image-box image-box--tiny");
  return h("span", { class: "context__text", dir: "auto" }, textObject(item));
}

function image(block) {
  const title = block.title ? h("figcaption", { class: "image__title" }, plain(asText(block.title))) : null;
  return h("figure", { class: "image" }, title, imageBox(block, "image-box image-box--wide"));
}

/** Where an image would be: the playground asks no other host for anything. */
function imageBox(block, name = "image-box") {
  const words = asText(block.alt_text) || "image";
  return h("span", { class: name, role: "img", "aria-label": words, title: `${words} (not loaded)` },
    icon("image"), h("span", { class: "image-box__alt" }, words));
}

function table(block) {
  const [head, ...body] = asList(block.rows).map(asList);
  const settings = asList(block.column_settings);
  const row = (cells, tag) => h("tr", {}, cells.map((cell, column) => tableCell(cell, settings[column], tag)));
  const grid = h("table", { class: "table" },
    h("thead", {}, row(head ?? [], "th")), h("tbody", {}, body.map((cells) => row(cells, "td"))));
  return h("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": "Table" }, grid);
}

function tableCell(cell, settings, tag) {
  const align = ["center", "right"].includes(settings?.align) ? `cell--${settings.align}` : "";
  const wrapped = settings?.is_wrapped ? "cell--wrapped" : "";
  const content = cell?.type === "rich_text" ? richText(cell) : barred(asText(cell?.text));
  return h(tag, { class: `cell ${align} ${wrapped}`, scope: tag === "th" ? "col" : null, dir: "auto" }, content);
}
