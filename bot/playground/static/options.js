/** Option lists as native menus: the keyboard, screen readers and phones know them already. */

import { asList, h } from "./dom.js";
import { plainString } from "./inline.js";

/** A native menu of an element's options, also in groups; stands at `initial_option` or at the placeholder. */
export function optionMenu(item, attributes) {
  const selected = item.initial_option?.value;
  const entry = (option, place) => {
    return h("option", { value: place, selected: option?.value === selected }, plainString(option?.text));
  };
  const groups = asList(item.option_groups).map((group, at) => {
    const entries = asList(group?.options).map((option, index) => entry(option, `${at}.${index}`));
    return h("optgroup", { label: plainString(group?.label) }, entries);
  });
  const words = plainString(item.placeholder) || "Choose one";
  const placeholder = h("option", { value: "", disabled: true, selected: selected === undefined }, words);
  const entries = asList(item.options).map((option, index) => entry(option, index));
  return h("select", { class: "select", ...attributes }, placeholder, entries, groups);
}

/** The option that a menu made by `optionMenu` stands at, or null. */
export function chosenOption(item, menu) {
  const [first, second] = menu.value.split(".").map(Number);
  if (menu.value === "") return null;
  return second === undefined ? item.options[first] : item.option_groups[first].options[second];
}
