/** Faces of people, drawn from their names: no picture is loaded from anywhere. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { nameOf, state } from "./state.js";

const HUES = 7;

/** A person's initials on a colour of their own; the bot and Slack have signs instead. */
export function avatar(userId, isNote = false) {
  if (isNote) return h("span", { class: "avatar avatar--note", "aria-hidden": "true" }, icon("hash"));
  const isBot = userId === state.bot.id || state.users[userId]?.is_bot;
  if (isBot) return h("span", { class: "avatar avatar--bot", "aria-hidden": "true" }, icon("bot"));
  return h("span", { class: `avatar avatar--${hueOf(userId)}`, "aria-hidden": "true" }, initials(nameOf(userId)));
}

function initials(name) {
  const words = String(name).split(/[\s._-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}

function hueOf(userId) {
  let sum = 0;
  for (const character of String(userId)) sum += character.codePointAt(0);
  return sum % HUES;
}
