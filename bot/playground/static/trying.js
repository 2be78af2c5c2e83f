/** "Try these": the jobs that Simplismart has, one click each. */

import { send } from "./actions.js";
import { post } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { revealChat } from "./layout.js";
import { menuButton } from "./menu.js";
import { notice } from "./notices.js";
import { channelById, state, subscribe } from "./state.js";

const SIGNS = { QUEUED: "◷", RUNNING: "▶", COMPLETED: "✓", FAILED: "✕", CANCELLED: "⊘" };
const TURNS = { fail: "Make it fail", cancel: "Cancel", stall: "Stall (bot reports after 30 min)" };
const rows = new Map();

/** Keep the list of jobs up to date. */
export function startTrying() {
  subscribe("jobs", showJobs);
  subscribe("channel", showJobs);
  byId("sweep").addEventListener("click", startSweep);
}

/** The job to begin with: one that runs, else any. */
export function firstJob() {
  return state.jobs.find((job) => job.status === "RUNNING") ?? state.jobs[0];
}

/** Send words to the channel that is open, and look at it. */
export async function ask(text) {
  const asksBot = !text.startsWith("/") && Boolean(channelById(state.channelId)?.bot_is_member);
  revealChat();
  try {
    await send({ channelId: state.channelId, text, asksBot });
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

function showJobs() {
  const items = state.jobs.map((job) => rowOf(job));
  const list = byId("jobs");
  const isSame = list.childElementCount === items.length && items.every((item, at) => item === list.children[at]);
  if (!isSame) fill(list, items);
}

/** A job's row is made once and then only updated: nothing moves under the pointer. */
function rowOf(job) {
  const row = rows.get(job.request_id) ?? makeRow(job.request_id);
  rows.set(job.request_id, row);
  row.update(job);
  return row.node;
}

function makeRow(requestId) {
  const name = h("span", { class: "job__name", dir: "auto" });
  const status = h("span", { class: "job__status" });
  const meter = h("progress", { class: "job__progress", max: 100, value: 0, "aria-hidden": "true" });
  const node = h("li", { class: "job" },
    h("button", { type: "button", class: "job__ask", "data-testid": "job-chip", "data-request-id": requestId,
      title: `Send ${state.slashCommand} ${requestId}`, onclick: () => ask(`${state.slashCommand} ${requestId}`) },
    h("span", { class: "job__line" }, name, status), h("code", { class: "job__id" }, requestId), meter),
    h("span", { class: "job__tools" },
      h("button", { type: "button", class: "button button--icon", "data-testid": "job-watch", "data-request-id": requestId,
        title: `Send ${state.slashCommand} subscribe ${requestId}`, "aria-label": `Subscribe to ${requestId}`,
        onclick: () => ask(`${state.slashCommand} subscribe ${requestId}`) }, icon("bell")),
      menuButton(() => turnsOf(requestId), { label: `More to do with ${requestId}`, "data-testid": "job-menu",
        "data-request-id": requestId })));
  return { node, update: (job) => updateRow({ node, name, status, meter }, job) };
}

/** What can be done with a job as it is now. */
function turnsOf(requestId) {
  const status = rows.get(requestId)?.node.dataset.status;
  const turns = { RUNNING: ["fail", "cancel", "stall"], QUEUED: ["cancel"] }[status] ?? [];
  return [
    { label: `Ask for everyone: @${state.bot.name}`, run: () => ask(`@${state.bot.name} ${requestId}`) },
    ...turns.map((turn) => ({ label: TURNS[turn], run: () => take(requestId, turn) })),
  ];
}

/** A few jobs that start one by one; the bot tells how they went after a time that people wait for. */
async function startSweep() {
  try {
    await post("sweep", {});
    await ask(`${state.slashCommand} subscribe name:sweep-* for 4m`);
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

async function take(requestId, turn) {
  try {
    await post("job", { request_id: requestId, turn });
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

function updateRow({ node, name, status, meter }, job) {
  const word = String(job.status ?? "UNKNOWN").toUpperCase().replace("CANCELED", "CANCELLED");
  const percent = Number(job.progress);
  const isRunning = word === "RUNNING" && Number.isFinite(percent);
  setText(name, job.experiment_name || "(without a name)");
  const sign = SIGNS[word] ?? "?";
  setText(status, `${sign} ${isRunning ? `${Math.round(percent)}%` : word.charAt(0) + word.slice(1).toLowerCase()}`);
  node.dataset.status = word;
  meter.hidden = !isRunning;
  if (isRunning) meter.value = Math.min(Math.max(percent, 0), 100);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
