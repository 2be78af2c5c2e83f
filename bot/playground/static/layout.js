/** Which panes are open at which width, the tabs, and the theme. */

import { byId, fill } from "./dom.js";
import { icon } from "./icons.js";

const WIDE = matchMedia("(min-width: 1360px)");
const MIDDLE = matchMedia("(min-width: 1000px)");
const PHONE = matchMedia("(max-width: 759px)");
const THEMES = ["system", "light", "dark"];

const panes = { nav: false, thread: false, panel: MIDDLE.matches };
let reopenPanel = false;
let onTab = {};

/** Wire the bar at the top; `tabs` has a function for each tab beside the chat, called whenever it opens. */
export function startLayout(tabs) {
  onTab = tabs;
  byId("nav-toggle").addEventListener("click", () => setPane("nav", !panes.nav));
  byId("panel-toggle").addEventListener("click", () => setPane("panel", !panes.panel));
  byId("panel-close").addEventListener("click", () => {
    setPane("panel", false);
    byId("panel-toggle").focus();
  });
  byId("backdrop").addEventListener("click", () => setPane("nav", false));
  byId("theme-toggle").addEventListener("click", nextTheme);
  document.addEventListener("keydown", escape);
  for (const query of [WIDE, MIDDLE, PHONE]) query.addEventListener("change", resized);
  addEventListener("hashchange", showTab);
  showTheme(storedTheme());
  showTab();
  draw();
}

/** Open or close "nav", "thread" or "panel"; where there is no room for two at the right, the newer one shows. */
export function setPane(name, isOpen) {
  panes[name] = isOpen;
  if (name === "panel") reopenPanel = false;
  else if (name === "thread") makeRoom(isOpen);
  draw();
}

function makeRoom(isThreadOpen) {
  if (isThreadOpen && panes.panel && !WIDE.matches) {
    reopenPanel = !PHONE.matches;
    panes.panel = false;
  } else if (!isThreadOpen && reopenPanel) {
    panes.panel = true;
    reopenPanel = false;
  }
}

/** Bring the conversation to the front, after something was sent to it from elsewhere. */
export function revealChat() {
  if (Object.hasOwn(onTab, location.hash.slice(1))) location.hash = "#chat";
  panes.nav = false;
  if (PHONE.matches) panes.panel = false;
  draw();
}

function resized() {
  if (PHONE.matches) panes.panel = false;
  makeRoom(panes.thread);
  draw();
}

function draw() {
  const isPanelOnTop = panes.panel && !WIDE.matches;
  byId("thread").hidden = !panes.thread || isPanelOnTop;
  byId("panel").hidden = !panes.panel;
  byId("sidebar").classList.toggle("sidebar--open", panes.nav);
  byId("backdrop").hidden = !(panes.nav && PHONE.matches);
  byId("nav-toggle").setAttribute("aria-expanded", String(panes.nav));
  byId("panel-toggle").setAttribute("aria-expanded", String(panes.panel));
  byId("conversation").inert = PHONE.matches && (panes.nav || panes.thread || panes.panel);
  byId("sidebar").inert = PHONE.matches && !panes.nav;
}

function escape(event) {
  if (event.key !== "Escape" || event.defaultPrevented || !panes.nav || !PHONE.matches) return;
  setPane("nav", false);
  byId("nav-toggle").focus();
}

function showTab() {
  const current = Object.hasOwn(onTab, location.hash.slice(1)) ? location.hash.slice(1) : "chat";
  const isChat = current === "chat";
  byId("panel-toggle").hidden = !isChat;
  byId("nav-toggle").hidden = !isChat;
  for (const name of ["chat", ...Object.keys(onTab)]) {
    byId(name).hidden = name !== current;
    if (name === current) byId(`${name}-tab`).setAttribute("aria-current", "page");
    else byId(`${name}-tab`).removeAttribute("aria-current");
  }
  onTab[current]?.();
}

function storedTheme() {
  try {
    return localStorage.getItem("theme") ?? "system";
  } catch {
    return "system";
  }
}

function nextTheme() {
  const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme ?? "system") + 1) % THEMES.length];
  try {
    localStorage.setItem("theme", next);
  } catch {
    // No storage here: the choice holds until the page is left.
  }
  showTheme(next);
}

function showTheme(theme) {
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
  const name = root.dataset.theme ?? "system";
  fill(byId("theme-toggle"), icon({ light: "sun", dark: "moon", system: "system" }[name]));
  byId("theme-toggle").setAttribute("aria-label", `Theme: ${name}`);
  byId("theme-toggle").title = `Theme: ${name}`;
}
