/** "Three steps to try": what to do first, above the message box, until all of it was done. */

import { post } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { state, subscribe } from "./state.js";
import { ask, firstJob } from "./trying.js";

const STEPS = [
  ["ask", "Ask about a job", () => askAbout(firstJob())],
  ["subscribe", "Subscribe to it", () => askAbout(firstJob(), "subscribe ")],
  ["break", "Break it", () => breakJob(firstJob())],
];
const SETUP_STEPS = [
  ["install", "Add jobbot to Slack", () => location.assign(state.workspace.install_path)],
  ["setup", "Connect Simplismart", () => ask(`${state.slashCommand} setup`)],
  ["ask", "Ask about a job", () => askAbout(firstJob())],
];
const done = new Set();
let isClosed = false;

/** Show the steps, and which of them were done. */
export function startSteps() {
  subscribe("ready", show);
  subscribe("jobs", show);
  subscribe("switches", show);
}

/** Begin again, as after "Start over". */
export function forgetSteps() {
  done.clear();
  isClosed = false;
}

/** In a workspace that starts without the bot, the first thing is to bring it in. */
function stepsHere() {
  return state.workspace.install_path ? SETUP_STEPS : STEPS;
}

function show() {
  const isSetup = Boolean(state.workspace.install_path);
  if (isSetup && state.workspace.is_installed) done.add("install");
  const steps = stepsHere();
  const isOver = isClosed || done.size === steps.length || !firstJob();
  byId("steps").hidden = isOver;
  if (isOver) return;
  const focused = byId("steps").contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  const items = steps.map(([name, words, take], index) => h("li", {}, step(name, words, take, index + 1)));
  const hint = state.switches?.is_waiting ? "The jobs wait for your first step." : "";
  fill(byId("steps"),
    h("p", { class: "steps__title", id: "steps-title" }, isSetup ? "Three steps to your own jobbot. " : "Try three things. ", h("span", { class: "steps__hint" }, hint)),
    h("ol", { class: "steps__list", "aria-labelledby": "steps-title" }, items),
    h("button", { type: "button", class: "button button--icon steps__close", "aria-label": "Hide the steps", title: "Hide",
      "data-testid": "steps-close", onclick: close }, icon("close")));
  if (focused) byId("steps").querySelector(`[data-testid="${focused}"]`)?.focus();
}

function step(name, words, take, number) {
  const isDone = done.has(name);
  return h("button", { type: "button", class: isDone ? "step step--done" : "step", "data-testid": `step-${name}`,
    onclick: () => begin(name, take) },
  h("span", { class: "step__number", "aria-hidden": "true" }, isDone ? "✓" : number), words,
  isDone && h("span", { class: "hidden" }, " (done)"));
}

async function begin(name, take) {
  if (isInTurn(name)) done.add(name);
  show();
  await take();
}

/** What comes too early is not done yet; and only the workspace knows whether the bot is there. */
function isInTurn(name) {
  if (!state.workspace.install_path) return true;
  const names = SETUP_STEPS.map(([each]) => each);
  return name !== "install" && names.slice(0, names.indexOf(name)).every((each) => done.has(each));
}

function close() {
  isClosed = true;
  show();
}

function askAbout(job, command = "") {
  return ask(`${state.slashCommand} ${command}${job.experiment_name}`);
}

async function breakJob(job) {
  try {
    await post("job", { request_id: job.request_id, turn: "fail" });
    notice(`${job.experiment_name} ran out of memory. Watch the card.`);
  } catch (error) {
    notice(error.message, { isError: true });
  }
}
