/** Building the page. Text only ever becomes text nodes: job data can never become markup. */

/**
 * Make an element. Attributes that are null, undefined or false are left out; `onclick` and the like are
 * listeners; children may be nodes, strings, null or nested lists.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) assign(element, name, value);
  element.append(...present(children));
  return element;
}

function assign(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Replace everything inside an element. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

/** The one element with this id; index.html has them all. */
export function byId(id) {
  return document.getElementById(id);
}

/** The address if it is one a link may have, else null (no `javascript:`, no `data:`). */
export function safeUrl(url) {
  return typeof url === "string" && /^(https?:\/\/|mailto:)/i.test(url) ? url : null;
}

/** A link that opens elsewhere and tells the other side nothing. */
export function outsideLink(url, attributes, ...children) {
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener", ...attributes }, ...children);
}

/** Any value as text, also when the server sends another type than expected. */
export function asText(value) {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value?.text === "string" ? value.text : "";
}

/** A list if it is one, else an empty one. */
export function asList(value) {
  return Array.isArray(value) ? value : [];
}

/** Until what is held is looked at again. */
export const HELD_MS = 250;

/** What edits itself waits while one of its buttons is being pressed or its menu is open. */
export function isHeld(node) {
  return node.matches(":has(button:active, a:active, :popover-open)");
}
