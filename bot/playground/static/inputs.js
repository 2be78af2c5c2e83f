/** Input blocks of modals: a label, a field, a hint, and the place for what is wrong with it. */

import { asText, h } from "./dom.js";
import { FilledMenu } from "./filled-menu.js";
import { plainString } from "./inline.js";
import { chosenOption, optionMenu } from "./options.js";

let made = 0;

const FIELDS = {
  plain_text_input: (item, attributes, onEnter) => {
    const field = textInput(item, attributes, onEnter);
    return { field, read: () => ({ value: field.value || null }) };
  },
  static_select: (item, attributes) => {
    const field = optionMenu(item, attributes);
    return { field, wrap: "select-wrap", read: () => ({ selected_option: chosenOption(item, field) }) };
  },
  external_select: (item, attributes, onEnter, suggest) => {
    const menu = new FilledMenu(item, attributes, suggest);
    return { field: menu.field, shown: menu.root, read: () => ({ selected_option: menu.chosen }) };
  },
};

/** A text field of one or many lines; `onEnter(value)` when the reader presses Enter in a single line. */
export function textInput(item, attributes, onEnter) {
  const length = { minlength: item.min_length, maxlength: item.max_length };
  const shared = { class: "input", placeholder: plainString(item.placeholder), ...length, ...attributes };
  if (item.multiline) return h("textarea", { rows: 4, ...shared }, asText(item.initial_value));
  const field = h("input", { type: "text", value: asText(item.initial_value), ...shared });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && onEnter) onEnter(field.value);
  });
  return field;
}

/** An input block; tells the surface how to read it (`surface.register`). */
export function inputBlock(block, surface) {
  const item = block.element ?? {};
  const make = Object.hasOwn(FIELDS, asText(item.type)) ? FIELDS[item.type] : null;
  if (!make) return h("span", { class: "unsupported" }, `unsupported element: ${asText(item.type) || "none"}`);
  const id = `input-${(made += 1)}`;
  const suggest = (typed) => surface.suggest?.(item.action_id, typed) ?? [];
  const parts = make(item, attributesOf(id, item, block), dispatcher(block, item, surface), suggest);
  const { field, wrap, shown = field, read } = parts;
  const error = h("p", { class: "input-error", id: `${id}-error`, role: "alert" });
  surface.register?.({ block, item, field, error, read: () => ({ type: item.type, ...read() }) });
  const optional = block.optional && h("span", { class: "input-optional" }, " (optional)");
  return [
    h("label", { class: "input-label", for: id }, plainString(block.label), optional),
    wrap ? h("span", { class: wrap }, field) : shown,
    block.hint && h("p", { class: "input-hint", id: `${id}-hint` }, plainString(block.hint)),
    error,
  ];
}

function attributesOf(id, item, block) {
  return {
    id,
    "data-action-id": asText(item.action_id) || null,
    "data-for-block": asText(block.block_id) || null,
    "aria-describedby": `${id}-hint ${id}-error`,
    "aria-required": block.optional ? null : "true",
    autofocus: Boolean(item.focus_on_load),
  };
}

function dispatcher(block, item, surface) {
  if (!block.dispatch_action) return null;
  const { type, action_id: actionId } = item;
  return (value) => surface.act({ type, action_id: actionId, block_id: block.block_id, value });
}
