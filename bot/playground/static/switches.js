/** The switches that make Simplismart and Slack misbehave, and the jobs' clock. */

import { post } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { notice } from "./notices.js";
import { channelById, isDirect, state, subscribe } from "./state.js";

const DELAYS_SECONDS = [1, 3, 6, 12];
const FIRST_DELAY_SECONDS = 3;
const SPEEDS = [
  [1, "Real time"], [10, "10×"], [60, "60×"], [300, "300×"], [1440, "1440×"],
];
const SWITCHES = [
  ["down", "Down", "nobody answers"],
  ["rate_limited", "Rate limited", "answers 429"],
  ["html", "HTML", "a proxy's web page"],
  ["server_error", "Server error", "answers 500"],
  ["key_expired", "Key expired", "answers 401"],
];
const SLACK = [
  ["slack_rate_limited", "Rate limited", "answers 429"],
  ["slack_server_error", "Server error", "answers 500"],
  ["slack_no_charts", "No charts", "refuses messages with a chart or a table"],
  ["slack_few_reads", "Few reads", "15 messages a minute, as for an app outside the Marketplace"],
];

/** Build the switches and keep them as the server has them. */
export function startSwitches() {
  const suite = [...SWITCHES.map(chipOf), slowChip()];
  const slack = SLACK.map(chipOf);
  const archive = archiveChip();
  const speed = speedMenu();
  fill(byId("switches"), suite.map((one) => one.node));
  fill(byId("slack-switches"), slack.map((one) => one.node), archive.node);
  fill(byId("speed"), speed.node);
  subscribe("switches", () => {
    for (const one of [...suite, ...slack, speed]) one.update(state.switches ?? {});
    showTrouble();
  });
  subscribe("channel", archive.update);
  subscribe("bot", showTrouble);
}

/** A small switch with its words on it; what it does is said on hovering, and to screen readers. */
function chip(name, words, hint, onchange) {
  const id = `switch-${name}`;
  const box = h("input", { type: "checkbox", role: "switch", class: "chip__box", "data-testid": id,
    "aria-describedby": `${id}-hint`, onchange: () => onchange(box.checked) });
  const about = h("span", { class: "hidden", id: `${id}-hint` }, hint);
  const label = h("label", { class: "chip", title: hint }, box, h("span", { class: "chip__words" }, words));
  return { box, about, label, node: h("li", { class: "chip-place" }, label, about) };
}

function chipOf([name, words, hint]) {
  const { box, node } = chip(name, words, hint, (isOn) => change({ [name]: isOn }));
  return { node, update: (switches) => (box.checked = Boolean(switches[name])) };
}

function slowChip() {
  const menu = h("select", { class: "select select--small", "aria-label": "How slow", title: "How slow", "data-testid": "switch-latency" },
    DELAYS_SECONDS.map((seconds) => h("option", { value: seconds }, `${seconds} s`)));
  menu.value = FIRST_DELAY_SECONDS;
  const { box, node } = chip("slow", "Slow", "every answer takes a while", (isOn) => {
    change({ latency_seconds: isOn ? Number(menu.value) : 0 });
  });
  menu.addEventListener("change", () => box.checked && change({ latency_seconds: Number(menu.value) }));
  node.append(h("span", { class: "select-wrap" }, menu));
  const update = ({ latency_seconds: seconds }) => {
    box.checked = seconds > 0;
    if (box.checked) setMenu(menu, seconds, `${seconds} s`);
  };
  return { node, update };
}

function archiveChip() {
  const { box, about, label, node } = chip("archived", "Archived", "", (isOn) => archive(isOn));
  const update = () => {
    const channel = channelById(state.channelId);
    box.checked = Boolean(channel?.is_archived);
    box.disabled = isDirect(channel);
    label.title = box.disabled ? "direct messages can't be archived" : `nobody can write in #${channel?.name ?? ""}`;
    fill(about, label.title);
  };
  return { node, update };
}

async function archive(isOn) {
  try {
    await post("archive", { channel_id: state.channelId, archived: isOn });
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

function speedMenu() {
  const menu = h("select", { class: "select select--small", "aria-label": "Speed", title: "Speed",
    "data-testid": "switch-speed", onchange: () => change({ speed: Number(menu.value) }) },
  SPEEDS.map(([value, words]) => h("option", { value }, words)));
  const update = ({ speed }) => speed !== undefined && setMenu(menu, speed, `${speed}×`);
  return { node: h("span", { class: "select-wrap" }, menu), update };
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
  const isOn = ([name]) => state.switches?.[name];
  const lower = ([, words]) => words.toLowerCase();
  const isSlow = state.switches?.latency_seconds > 0;
  const parts = [
    ["Simplismart", [...(isSlow ? ["slow"] : []), ...SWITCHES.filter(isOn).map(lower)]],
    ["Slack", SLACK.filter(isOn).map(lower)],
    ["The bot", state.bot.is_running ? [] : ["stopped"]],
  ];
  const words = parts.filter(([, troubles]) => troubles.length > 0).map(([who, troubles]) => `${who}: ${troubles.join(", ")}`);
  byId("trouble").hidden = words.length === 0;
  fill(byId("trouble"), words.join(" · "));
}
