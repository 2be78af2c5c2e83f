/** Input blocks of modals: a label, a field, a hint, and the place for what is wrong with it. */

import { asList, asText, h } from "./dom.js";
import { FilledMenu } from "./filled-menu.js";
import { plainString } from "./inline.js";
import { chosenOption, optionMenu } from "./options.js";
import { state } from "./state.js";

let made = 0;

const FIELDS = {
  plain_text_input: (item, attributes, onEnter) => {
    const field = textInput(item, attributes, onEnter);
    return { field, read: () => ({ value: field.value || null }) };
  },
  static_select: (item, attributes, onChoice) => {
    const field = optionMenu(item, attributes);
    field.addEventListener("change", () => onChoice?.({ selected_option: chosenOption(item, field) }));
    return { field, wrap: "select-wrap", read: () => ({ selected_option: chosenOption(item, field) }) };
  },
  multi_users_select: (item, attributes) => {
    const field = peopleMenu(item, attributes);
    return { field, read: () => ({ selected_users: [...field.selectedOptions].map((each) => each.value) }) };
  },
  radio_buttons: (item, attributes) => {
    const field = radioGroup(item, attributes);
    return { field, isGroup: true, read: () => ({ selected_option: chosenRadio(item, field) }) };
  },
  external_select: (item, attributes, onEnter, suggest) => {
    const menu = new FilledMenu(item, attributes, suggest);
    return { field: menu.field, shown: menu.root, read: () => ({ selected_option: menu.chosen }) };
  },
};

/** A text field of one or many lines; `onEnter({ value })` when the reader presses Enter in a single line. */
export function textInput(item, attributes, onEnter) {
  const length = { minlength: item.min_length, maxlength: item.max_length };
  const shared = { class: "input", placeholder: plainString(item.placeholder), ...length, ...attributes };
  if (item.multiline) return h("textarea", { rows: 4, ...shared }, asText(item.initial_value));
  const field = h("input", { type: "text", value: asText(item.initial_value), ...shared });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && onEnter) onEnter({ value: field.value });
  });
  return field;
}

/** Any number of people of the workspace. */
function peopleMenu(item, attributes) {
  const chosen = asList(item.initial_users);
  const people = Object.entries(state.users).filter(([, user]) => !user.is_bot);
  return h("select", { class: "input", multiple: true, size: 3, ...attributes },
    people.map(([id, user]) => h("option", { value: id, selected: chosen.includes(id) }, user.name)));
}

/** One choice among a few, each with a line about it. */
function radioGroup(item, attributes) {
  const { id, autofocus, "aria-required": required, ...rest } = attributes;
  const option = (each, at) => {
    const details = each?.description && h("span", { class: "radio__detail", dir: "auto", id: `${id}-detail-${at}` },
      plainString(each.description));
    return h("label", { class: "radio" },
      h("input", { type: "radio", name: id, value: String(at), checked: each?.value === item.initial_option?.value,
        autofocus: autofocus && at === 0, "aria-describedby": details ? `${id}-detail-${at}` : null }),
      h("span", { class: "radio__words" }, h("span", { dir: "auto" }, plainString(each?.text)), details));
  };
  const group = h("div", { class: "radio-group", role: "radiogroup", id, "aria-labelledby": `${id}-label`,
    "aria-required": required, ...rest }, asList(item.options).map(option));
  // Like every other field it has a value, which stands when the view is drawn anew.
  Object.defineProperty(group, "value", {
    get: () => group.querySelector("input:checked")?.value ?? "",
    set: (value) => group.querySelectorAll("input").forEach((input) => { input.checked = input.value === value; }),
  });
  return group;
}

function chosenRadio(item, group) {
  const chosen = group.querySelector("input:checked");
  return chosen ? asList(item.options)[Number(chosen.value)] : null;
}

/** An input block; tells the surface how to read it (`surface.register`). */
export function inputBlock(block, surface) {
  const item = block.element ?? {};
  const make = Object.hasOwn(FIELDS, asText(item.type)) ? FIELDS[item.type] : null;
  if (!make) return h("span", { class: "unsupported" }, `unsupported element: ${asText(item.type) || "none"}`);
  const id = `input-${(made += 1)}`;
  const suggest = (typed) => surface.suggest?.(item.action_id, typed) ?? [];
  const parts = make(item, attributesOf(id, item, block), dispatcher(block, item, surface), suggest);
  const { field, wrap, shown = field, isGroup = false, read } = parts;
  const error = h("p", { class: "input-error", id: `${id}-error`, role: "alert" });
  surface.register?.({ block, item, field, error, read: () => ({ type: item.type, ...read() }) });
  const optional = block.optional && h("span", { class: "input-optional" }, " (optional)");
  return [
    isGroup
      ? h("p", { class: "input-label", id: `${id}-label` }, plainString(block.label), optional)
      : h("label", { class: "input-label", for: id }, plainString(block.label), optional),
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
  return (chosen) => surface.act({ type, action_id: actionId, block_id: block.block_id, ...chosen });
}
