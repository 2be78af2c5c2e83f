/** Modals: the bot's views, one on top of the other. The browser keeps the focus inside. */

import { viewSurface } from "./actions.js";
import { post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { asText, byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { plainString } from "./inline.js";
import { notice } from "./notices.js";
import { dropView, state, subscribe } from "./state.js";

let inputs = [];
let shown = null;
let cameFrom = null;

/** Show the bot's views as they come and go. */
export function startModal() {
  subscribe("views", show);
  byId("modal").addEventListener("cancel", (event) => {
    event.preventDefault();
    if (shown) leave(shown);
  });
}

/** A view's frame around its body: title, blocks, the buttons below. Also used by the gallery. */
export function viewFrame(view, body, { onClose, onBack, depth = 1 }) {
  const submit = plainString(view.submit);
  const close = plainString(view.close) || (submit ? "Cancel" : "Close");
  return [
    h("div", { class: "dialog__head" },
      depth > 1 && iconButton("back", "Back to the view before", onBack, "modal-back"),
      h("h2", { class: "dialog__title", id: onClose ? "modal-title" : null, tabindex: -1 }, plainString(view.title) || "Untitled"),
      iconButton("close", "Close", onClose, "modal-close")),
    h("div", { class: "dialog__body", "data-view-id": asText(view.id) || null, tabindex: 0, role: "group",
      "aria-label": plainString(view.title) || "Untitled" }, body),
    h("div", { class: "dialog__foot" },
      h("button", { type: "button", class: "button", onclick: onClose, "data-testid": "modal-cancel" }, close),
      submit && h("button", { type: "submit", class: "button button--primary", "data-testid": "modal-submit" }, submit)),
  ];
}

function iconButton(name, label, onclick, testId) {
  return h("button", { type: "button", class: "button button--icon", "aria-label": label, title: label, onclick,
    "data-testid": testId }, icon(name));
}

function show() {
  const dialog = byId("modal");
  const view = state.views.at(-1);
  if (!view) return hide(dialog);
  if (view === shown) return null;
  const isSame = shown?.id === view.id;
  const before = isSame ? inputs.map(({ block, item, field }) => ({ block, item, value: standing(field) })) : [];
  const focused = isSame ? document.activeElement?.dataset?.actionId : null;
  draw(dialog, view);
  restore(before);
  if (!dialog.open) open(dialog);
  if (!isSame) (dialog.querySelector("[autofocus]") ?? byId("modal-title")).focus();
  else if (focused) dialog.querySelector(`[data-action-id="${CSS.escape(focused)}"]`)?.focus();
  return null;
}

function draw(dialog, view) {
  inputs = [];
  shown = view;
  const body = renderBlocks(view.blocks, viewSurface(view, (input) => inputs.push(input), () => valuesOf(inputs)));
  const frame = viewFrame(view, body, {
    depth: state.views.length,
    onBack: () => leave(view),
    onClose: () => leave(view),
  });
  const submit = (event) => {
    event.preventDefault();
    submitView(view);
  };
  fill(dialog, h("form", { class: "dialog__form", novalidate: true, onsubmit: submit }, frame));
  dialog.querySelector(".dialog__body").append(...accountLine());
}

/** Where a window asks for what this workspace has made up for it: that, for a click. */
function accountLine() {
  const { account } = state.workspace;
  const asked = inputs.filter(({ item }) => Object.hasOwn(account, item.action_id));
  if (asked.length === 0) return [];
  const fillIn = () => {
    for (const { item, field } of asked) field.value = account[item.action_id];
    asked.at(-1).field.focus();
  };
  return [h("p", { class: "account" }, "The playground has made up an account for you. ",
    h("button", { type: "button", class: "button", onclick: fillIn, "data-testid": "fill-in" }, "Fill it in"))];
}

/** What was typed stays when the bot updates the view and the input keeps its ids. */
function restore(before) {
  for (const { block, item, value } of before) {
    const input = inputs.find((one) => one.block.block_id === block.block_id && one.item.action_id === item.action_id);
    if (input) restand(input.field, value);
  }
}

/** What stands in a field; of a menu of many, all that is chosen. */
function standing(field) {
  return field.multiple ? [...field.selectedOptions].map((each) => each.value) : field.value;
}

function restand(field, value) {
  if (!Array.isArray(value)) field.value = value;
  else for (const option of field.options) option.selected = value.includes(option.value);
}

function open(dialog) {
  cameFrom = document.activeElement;
  dialog.showModal();
}

function hide(dialog) {
  shown = null;
  inputs = [];
  if (!dialog.open) return null;
  dialog.close();
  dialog.replaceChildren();
  if (cameFrom?.isConnected) cameFrom.focus();
  return null;
}

async function leave(view) {
  dropView(view.id);
  try {
    await post("close", { view_id: view.id });
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

async function submitView(view) {
  if (!inputs.map(checkInput).every(Boolean)) return;
  const button = byId("modal").querySelector("[type=submit]");
  button?.setAttribute("aria-busy", "true");
  try {
    await post("submit", { view_id: view.id, values: valuesOf(inputs) });
  } catch (error) {
    complain(error);
  }
  button?.removeAttribute("aria-busy");
}

function checkInput({ block, field, error }) {
  const isMissing = !block.optional && !field.value.trim();
  fill(error, isMissing && "Please fill this in.");
  field.setAttribute("aria-invalid", String(isMissing));
  if (isMissing) field.focus();
  return !isMissing;
}

/** Slack's shape: block id -> action id -> value. */
function valuesOf(all) {
  const values = {};
  for (const { block, item, read } of all) {
    values[block.block_id] = { ...values[block.block_id], [item.action_id]: read() };
  }
  return values;
}

function complain(refused) {
  const wrong = inputs.filter(({ block }) => refused.errors?.[block.block_id]);
  for (const { block, field, error } of wrong) {
    fill(error, asText(refused.errors[block.block_id]));
    field.setAttribute("aria-invalid", "true");
  }
  if (wrong.length > 0) wrong[0].field.focus();
  else notice(refused.message, { isError: true });
}
