/** The "…" button with its menu, by mouse and by keyboard. */

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const GAP_PX = 4;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/** A button that opens a menu; `entries()` gives {label, run} when it opens. The browser closes it on Escape or a click outside. */
export function menuButton(entries, { label, ...attributes }) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto" });
  const toggle = h("button", { type: "button", class: "button button--icon", "aria-haspopup": "menu",
    "aria-expanded": "false", "aria-label": label, ...attributes }, icon("more"));
  const item = (entry) => h("button", { type: "button", role: "menuitem", class: "menu__item", tabindex: -1,
    onclick: () => choose(menu, toggle, entry) }, entry.label);
  toggle.addEventListener("click", () => {
    fill(menu, entries().map(item));
    open(menu, toggle);
  });
  menu.addEventListener("keydown", (event) => move(event, menu));
  menu.addEventListener("toggle", (event) => toggle.setAttribute("aria-expanded", event.newState === "open"));
  return h("span", { class: "menu-wrap" }, toggle, menu);
}

function open(menu, toggle) {
  menu.showPopover();
  const box = toggle.getBoundingClientRect();
  const { offsetHeight, offsetWidth } = menu;
  const below = box.bottom + GAP_PX;
  const top = below + offsetHeight > innerHeight ? box.top - GAP_PX - offsetHeight : below;
  menu.style.top = `${Math.max(top, GAP_PX)}px`;
  menu.style.left = `${Math.max(Math.min(box.left, innerWidth - offsetWidth - GAP_PX), GAP_PX)}px`;
  menu.firstElementChild?.focus();
}

function choose(menu, toggle, entry) {
  menu.hidePopover();
  toggle.focus();
  entry.run();
}

function move(event, menu) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const target = { Home: 0, End: items.length - 1 }[event.key] ?? at + (STEPS[event.key] ?? 0);
  if (target === at) return;
  event.preventDefault();
  items[(target + items.length) % items.length].focus();
}
