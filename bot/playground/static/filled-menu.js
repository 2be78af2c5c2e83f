/** A menu that the bot fills while the reader types: a combobox, worked with arrow keys, Enter and Escape. */

import { asList, fill, h } from "./dom.js";
import { plainString } from "./inline.js";

const PAUSE_MS = 150;
const GAP_PX = 4;
const LEAST_PX = 120;
const MOST_PX = 320;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** The field and its list; `suggest(typed)` promises the options, `chosen` is the one that stands, or null; `onChoose(option)` hears of it. */
export class FilledMenu {
  chosen = null;
  #options = [];
  #at = 0;
  #asked = 0;
  #timer = null;

  constructor(item, attributes, suggest, onChoose = () => {}) {
    this.suggest = suggest;
    this.onChoose = onChoose;
    const id = `${attributes.id}-options`;
    this.list = h("ul", { class: "filled-menu__list", id, role: "listbox", "aria-label": "Options", popover: "manual",
      "data-testid": "menu-options" });
    this.field = h("input", { class: "input", type: "text", role: "combobox", autocomplete: "off",
      "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false",
      placeholder: plainString(item.placeholder), ...attributes });
    this.root = h("div", { class: "filled-menu" }, this.field, this.list);
    this.field.addEventListener("input", () => this.#later());
    this.field.addEventListener("click", () => this.#isOpen() || this.#ask());
    this.field.addEventListener("blur", () => this.#leave());
    this.field.addEventListener("keydown", (event) => this.#key(event));
  }

  #later() {
    this.chosen = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** What is answered late, after something else was typed, is not shown. */
  async #ask() {
    const asked = (this.#asked += 1);
    const options = asList(await this.suggest(this.chosen ? "" : this.field.value));
    if (asked !== this.#asked || document.activeElement !== this.field) return;
    this.#options = options;
    this.#at = 0;
    this.#draw();
  }

  #draw() {
    const entries = this.#options.map((option, index) => this.#entry(option, index));
    fill(this.list, entries.length > 0 ? entries : h("li", { class: "filled-menu__none" }, "No results"));
    this.list.showPopover();
    this.#place();
    this.field.setAttribute("aria-expanded", "true");
    const active = this.list.querySelector("[aria-selected=true]");
    active?.scrollIntoView({ block: "nearest" });
    if (active) this.field.setAttribute("aria-activedescendant", active.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #isOpen() {
    return this.list.matches(":popover-open");
  }

  /** Below the field, over whatever is there: nothing moves when it opens and closes. */
  #place() {
    const { left, bottom, width } = this.field.getBoundingClientRect();
    const room = Math.max(LEAST_PX, innerHeight - bottom - 2 * GAP_PX);
    const at = { left, top: Math.min(bottom + GAP_PX, innerHeight - room - GAP_PX), width, maxHeight: Math.min(room, MOST_PX) };
    for (const [name, value] of Object.entries(at)) this.list.style[name] = `${value}px`;
  }

  #entry(option, index) {
    const take = (event) => {
      event.preventDefault();
      this.#choose(index);
    };
    return h("li", { class: "filled-menu__option", id: `${this.list.id}-${index}`, role: "option",
      "aria-selected": String(index === this.#at), onmousedown: take },
    h("span", { class: "filled-menu__label", dir: "auto" }, plainString(option.text)),
    option.description && h("span", { class: "filled-menu__detail", dir: "auto" }, plainString(option.description)));
  }

  #choose(index) {
    this.chosen = this.#options[index];
    this.field.value = plainString(this.chosen.text);
    this.#close();
    this.onChoose(this.chosen);
  }

  #key(event) {
    const step = STEPS[event.key];
    const isOpen = this.#isOpen();
    if (step && isOpen && this.#options.length > 0) {
      this.#at = (this.#at + step + this.#options.length) % this.#options.length;
      this.#draw();
    } else if (step && !isOpen) this.#ask();
    else if (event.key === "Enter" && isOpen && this.#options.length > 0) this.#choose(this.#at);
    else if (event.key === "Escape" && isOpen) this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Words that no option was chosen for are no answer. */
  #leave() {
    this.#close();
    if (!this.chosen) this.field.value = "";
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    if (this.#isOpen()) this.list.hidePopover();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
