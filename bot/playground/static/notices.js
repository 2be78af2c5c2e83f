/** What is said in passing: a line at the edge of the screen, and words for screen readers. */

import { byId, h } from "./dom.js";

const SHOWN_MS = 6000;

/** Show a sentence for a few seconds; errors are announced at once. */
export function notice(sentence, { isError = false } = {}) {
  const name = isError ? "notice notice--error" : "notice";
  const node = h("div", { class: name, role: isError ? "alert" : "status", "data-testid": "notice" }, sentence);
  byId("notices").append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}

/** Say something to screen readers when they have a moment. */
export function announce(sentence) {
  const region = byId("announcer");
  region.append(h("p", {}, sentence));
  while (region.childElementCount > 5) region.firstElementChild.remove();
}
