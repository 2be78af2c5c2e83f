/** The list of suggestions above a composer, worked with the arrow keys, Tab, Enter and Escape. */

import { suggest } from "./completion.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { announce } from "./notices.js";
import { state } from "./state.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const ICONS = { command: "slash", mention: "at", job: "sparkle" };

/** Follows one text field; `root` is the list. */
export class CompletionPopup {
  #found = null;
  #at = 0;
  #moved = false;

  constructor(field, { id, inThread }) {
    Object.assign(this, { field, id, inThread });
    this.root = h("ul", { class: "completion", id, role: "listbox", tabindex: 0, "aria-label": "Suggestions", hidden: true,
      "data-testid": "completion" });
    field.setAttribute("aria-controls", id);
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("blur", () => this.close());
  }

  /** Look again at what is typed. */
  update() {
    const { value, selectionEnd } = this.field;
    const found = this.inThread && value.startsWith("/") ? null : suggest(value, selectionEnd, state);
    if (!found) {
      this.close();
      return;
    }
    if (!this.#found) announce(`${found.items.length} suggestions: arrow keys to choose, Tab to take one.`);
    this.#found = found;
    this.#at = 0;
    this.#moved = false;
    this.#draw();
  }

  /** Hide the list. */
  close() {
    this.#found = null;
    this.root.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Handle a key; true when it was for the list. */
  key(event) {
    if (!this.#found) return false;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isTaken = isPlain && this.#take(event.key);
    if (isTaken) {
      event.preventDefault();
      event.stopPropagation();
    }
    return isTaken;
  }

  #take(key) {
    if (key in STEPS) return this.#move(STEPS[key]);
    if (key === "Tab") return this.#choose(this.#at);
    if (key === "Enter") return this.#moved && this.#choose(this.#at);
    if (key !== "Escape") return false;
    this.close();
    return true;
  }

  #move(step) {
    const { length } = this.#found.items;
    this.#at = this.#moved || step < 0 ? (this.#at + step + length) % length : 0;
    this.#moved = true;
    this.#draw();
    return true;
  }

  #choose(index) {
    const { from, to, items } = this.#found;
    const { value } = this.field;
    const { insert } = items[index];
    this.field.value = value.slice(0, from) + insert + value.slice(to);
    this.field.setSelectionRange(from + insert.length, from + insert.length);
    this.close();
    this.field.dispatchEvent(new Event("input"));
    return true;
  }

  #draw() {
    const isShown = (index) => index === this.#at && this.#moved;
    fill(this.root, this.#found.items.map((item, index) => this.#option(item, index, isShown(index))));
    this.root.hidden = false;
    const active = this.root.querySelector("[aria-selected=true]");
    active?.scrollIntoView({ block: "nearest" });
    if (active) this.field.setAttribute("aria-activedescendant", active.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #option({ kind, label, detail }, index, isActive) {
    const take = (event) => {
      event.preventDefault();
      this.#choose(index);
    };
    return h("li", { class: "completion__item", id: `${this.id}-${index}`, role: "option", "aria-selected": String(isActive),
      onmousedown: take },
    h("span", { class: "completion__icon" }, icon(ICONS[kind])),
    h("span", { class: `completion__label completion__label--${kind}` }, label),
    h("span", { class: "completion__detail" }, detail));
  }
}
