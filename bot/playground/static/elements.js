/** The interactive elements of Block Kit: buttons, menus, and what they report when used. */

import { confirmed } from "./dialogs.js";
import { asList, asText, h, outsideLink, safeUrl } from "./dom.js";
import { FilledMenu } from "./filled-menu.js";
import { icon } from "./icons.js";
import { plain, plainString } from "./inline.js";
import { textInput } from "./inputs.js";
import { menuButton } from "./menu.js";
import { chosenOption, optionMenu } from "./options.js";

const ELEMENTS = {
  button,
  static_select: select,
  external_select: externalSelect,
  overflow,
  plain_text_input: (item, block, surface) => textInput(item, hooks(item, block), ({ value }) => {
    report(item, block, surface, { value });
  }),
};

/** One element of an actions block, or a section's accessory. */
export function element(item, block, surface) {
  const type = asText(item?.type);
  if (!Object.hasOwn(ELEMENTS, type)) {
    return h("span", { class: "unsupported" }, icon("warning"), ` unsupported element: ${type || "without a type"}`);
  }
  return ELEMENTS[type](item, block, surface);
}

function hooks(item, block) {
  const label = asText(item.accessibility_label);
  return {
    "data-action-id": asText(item.action_id) || null,
    "data-for-block": asText(block.block_id) || null,
    ...(label && { "aria-label": label }),
  };
}

function button(item, block, surface) {
  const style = ["primary", "danger"].includes(item.style) ? `button--${item.style}` : "";
  const attributes = { class: `button ${style}`, "data-testid": "block-button", ...hooks(item, block) };
  const url = safeUrl(item.url);
  const words = h("span", { class: "button__words" }, plain(asText(item.text)));
  const onclick = (event) => press(event.currentTarget, item, block, surface);
  if (url) return outsideLink(url, { ...attributes, onclick }, words);
  return h("button", { type: "button", ...attributes, onclick }, words);
}

async function press(node, item, block, surface) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  await report(item, block, surface, { value: item.value });
  node.removeAttribute("aria-busy");
}

/** Ask for confirmation where the element wants it, then tell the server. False when it was called off. */
async function report(item, block, surface, details) {
  if (item.confirm && !(await confirmed(item.confirm))) return false;
  const action = { type: item.type, action_id: item.action_id, block_id: block.block_id, ...details };
  await surface.act(action);
  return true;
}

function select(item, block, surface) {
  const label = plainString(item.placeholder) || "Choose one";
  const menu = optionMenu(item, { "aria-label": label, ...hooks(item, block) });
  const before = menu.value;
  menu.addEventListener("change", async () => {
    const details = { selected_option: chosenOption(item, menu) };
    if (!(await report(item, block, surface, details))) menu.value = before;
  });
  return h("span", { class: "select-wrap" }, menu);
}

function externalSelect(item, block, surface) {
  const words = plainString(item.placeholder) || "Type one";
  const attributes = { id: `${block.block_id}-${item.action_id}`, "aria-label": words, ...hooks(item, block) };
  const suggest = (typed) => surface.suggest?.(item.action_id, typed) ?? [];
  const menu = new FilledMenu(item, attributes, suggest, (option) => {
    report(item, block, surface, { selected_option: option });
  });
  return menu.root;
}

function overflow(item, block, surface) {
  const entries = asList(item.options).map((option) => ({
    label: plainString(option?.text),
    run: () => {
      if (safeUrl(option?.url)) window.open(option.url, "_blank", "noreferrer,noopener");
      report(item, block, surface, { selected_option: option });
    },
  }));
  return menuButton(() => entries, { label: "More actions", ...hooks(item, block) });
}
