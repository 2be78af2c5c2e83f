/** Small dialogs that ask one thing. The browser keeps the focus inside and closes them on Escape. */

import { h } from "./dom.js";
import { plainString } from "./inline.js";

/**
 * Ask for confirmation as Block Kit describes it ({title, text, confirm, deny, style}).
 * Resolves to true only when the reader agrees.
 */
export function confirmed(question) {
  const title = plainString(question.title) || "Are you sure?";
  const style = question.style === "danger" ? "button--danger" : "button--primary";
  const yes = h("button", { class: `button ${style}`, value: "yes", "data-testid": "confirm-yes" },
    plainString(question.confirm) || "Yes");
  const no = h("button", { class: "button", value: "no", "data-testid": "confirm-no" },
    plainString(question.deny) || "Cancel");
  const dialog = h("dialog", { class: "dialog dialog--small", "data-testid": "confirm", "aria-label": title },
    h("form", { method: "dialog", class: "dialog__form" },
      h("div", { class: "dialog__head" }, h("h2", { class: "dialog__title" }, title)),
      h("div", { class: "dialog__body", dir: "auto" }, plainString(question.text)),
      h("div", { class: "dialog__foot" }, no, yes)));
  return ask(dialog);
}

function ask(dialog) {
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(dialog.returnValue === "yes");
    });
  });
}
