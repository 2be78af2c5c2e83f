/** The switches that make the training suite misbehave, and its clock. */

import { post } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { notice } from "./notices.js";
import { state, subscribe } from "./state.js";

const DELAYS_SECONDS = [1, 3, 6, 12];
const FIRST_DELAY_SECONDS = 3;
const SPEEDS = [
  [1, "as in life"], [10, "10 ×"], [60, "1 min = 1 h"], [300, "1 min = 5 h"], [1440, "1 min = 1 day"],
];
const SWITCHES = [
  ["down", "Down", "nobody answers"],
  ["rate_limited", "Rate limited", "answers 429"],
  ["html", "HTML", "a proxy's web page"],
  ["server_error", "Server error", "answers 500"],
  ["key_expired", "Key expired", "answers 401"],
];

/** Build the switches and keep them as the server has them. */
export function startSwitches() {
  const rows = [slowRow(), ...SWITCHES.map(toggleRow), speedRow()];
  fill(byId("switches"), rows.map((row) => row.node));
  subscribe("switches", () => {
    for (const row of rows) row.update(state.switches ?? {});
    showTrouble();
  });
}

function toggle(name, words, hint, onchange) {
  const id = `switch-${name}`;
  const box = h("input", { type: "checkbox", role: "switch", class: "switch", id, "data-testid": id,
    "aria-describedby": `${id}-hint`, onchange: () => onchange(box.checked) });
  const text = h("span", { class: "switch-row__text" },
    h("label", { class: "switch-row__label", for: id }, words),
    h("span", { class: "switch-row__hint", id: `${id}-hint` }, hint));
  return { box, text };
}

function toggleRow([name, words, hint]) {
  const { box, text } = toggle(name, words, hint, (isOn) => change({ [name]: isOn }));
  const node = h("li", { class: "switch-row" }, text, box);
  return { node, update: (switches) => (box.checked = Boolean(switches[name])) };
}

function slowRow() {
  const menu = h("select", { class: "select select--small", "aria-label": "How slow", "data-testid": "switch-latency" },
    DELAYS_SECONDS.map((seconds) => h("option", { value: seconds }, `${seconds} s`)));
  menu.value = FIRST_DELAY_SECONDS;
  const { box, text } = toggle("slow", "Slow", "answers take", (isOn) => {
    change({ latency_seconds: isOn ? Number(menu.value) : 0 });
  });
  menu.addEventListener("change", () => box.checked && change({ latency_seconds: Number(menu.value) }));
  const update = ({ latency_seconds: seconds }) => {
    box.checked = seconds > 0;
    if (box.checked) setMenu(menu, seconds, `${seconds} s`);
  };
  return { node: h("li", { class: "switch-row" }, text, h("span", { class: "select-wrap" }, menu), box), update };
}

function speedRow() {
  const menu = h("select", { class: "select select--small", id: "switch-speed", "data-testid": "switch-speed",
    onchange: () => change({ speed: Number(menu.value) }) },
  SPEEDS.map(([value, words]) => h("option", { value }, words)));
  const text = h("span", { class: "switch-row__text" },
    h("label", { class: "switch-row__label", for: "switch-speed" }, "Speed"),
    h("span", { class: "switch-row__hint" }, "of the jobs"));
  const update = ({ speed }) => speed !== undefined && setMenu(menu, speed, `${speed} ×`);
  return { node: h("li", { class: "switch-row" }, text, h("span", { class: "select-wrap" }, menu)), update };
}

/** Stand at a value, adding it when the menu does not have it. */
function setMenu(menu, value, words) {
  const isKnown = [...menu.options].some((option) => option.value === String(value));
  if (!isKnown) menu.append(h("option", { value }, words));
  menu.value = value;
}

async function change(part) {
  try {
    await post("switches", part);
  } catch (error) {
    notice(error.message, { isError: true });
    for (const name of Object.keys(part)) state.switches[name] ??= false;
  }
}

/** Whoever closed the panel should still see that a switch is on. */
function showTrouble() {
  const isSlow = state.switches?.latency_seconds > 0;
  const on = SWITCHES.filter(([name]) => state.switches?.[name]).map(([, words]) => words.toLowerCase());
  const words = [...(isSlow ? ["slow"] : []), ...on];
  byId("trouble").hidden = words.length === 0;
  fill(byId("trouble"), words.length > 0 && `Training suite: ${words.join(", ")}`);
}
