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

function show() {
  const isOver = isClosed || done.size === STEPS.length || !firstJob();
  byId("steps").hidden = isOver;
  if (isOver) return;
  const focused = byId("steps").contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  const items = STEPS.map(([name, words, take], index) => h("li", {}, step(name, words, take, index + 1)));
  const hint = state.switches?.is_waiting ? "The jobs wait for your first step." : "";
  fill(byId("steps"),
    h("p", { class: "steps__title", id: "steps-title" }, "Try three things. ", h("span", { class: "steps__hint" }, hint)),
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
  done.add(name);
  show();
  await take();
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
