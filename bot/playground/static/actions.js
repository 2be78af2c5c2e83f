/** Surfaces for blocks: where a click in a message or a modal goes. */

import { post } from "./api.js";
import { notice } from "./notices.js";
import { startWaiting, stopWaiting, subscribe } from "./state.js";

const PENDING_AT_MOST_MS = 4000;
const waiters = new Set();

for (const topic of ["messages", "views", "home"]) {
  subscribe(topic, () => {
    for (const release of [...waiters]) release();
  });
}

/** The surface of one message. */
export function messageSurface(message) {
  const { channel_id: channelId, ts } = message;
  return { act: (action) => click({ channel_id: channelId, message_ts: ts, action }, channelId) };
}

/** The surface of one modal; `register` collects its inputs, and `read` has what stands in them. */
export function viewSurface(view, register, read) {
  const suggest = (actionId, value) => optionsFor({ view_id: view.id, action_id: actionId, value });
  return { register, suggest, act: (action) => click({ view_id: view.id, action, values: read?.() }, null) };
}

/** What the bot offers for what was typed into its menu; nothing where it does not answer. */
async function optionsFor(asked) {
  try {
    return (await post("suggest", asked)).options;
  } catch (error) {
    notice(error.message, { isError: true });
    return [];
  }
}

/** A card of the gallery: nothing behind its buttons. */
export function sampleSurface() {
  return { act: async () => notice("This is a sample, so its buttons are disabled. Try them in a channel.") };
}

/** Report a click; comes back when something changed on the page, or after a while. */
async function click(body, channelId) {
  const answered = nextChange();
  if (channelId) startWaiting(channelId);
  try {
    await post("click", body);
  } catch (error) {
    notice(error.message, { isError: true });
    if (channelId) stopWaiting(channelId);
    return;
  }
  await answered;
}

function nextChange() {
  return new Promise((resolve) => {
    const release = () => {
      clearTimeout(timer);
      waiters.delete(release);
      resolve();
    };
    const timer = setTimeout(release, PENDING_AT_MOST_MS);
    waiters.add(release);
  });
}

/** Choose one of the bot's shortcuts in a message's menu. */
export async function chooseShortcut({ channel_id: channelId, ts }, { callback_id: callbackId }) {
  startWaiting(channelId);
  try {
    await post("shortcut", { channel_id: channelId, message_ts: ts, callback_id: callbackId });
  } catch (error) {
    notice(error.message, { isError: true });
    stopWaiting(channelId);
  }
}

/** Send what was typed: a slash command or a message. Throws `Refused`. */
export async function send({ channelId, threadTs, text, asksBot }) {
  const isCommand = text.startsWith("/");
  if (isCommand || asksBot) startWaiting(channelId);
  try {
    if (isCommand) await post("command", { channel_id: channelId, text });
    else await post("say", { channel_id: channelId, text, ...(threadTs && { thread_ts: threadTs }) });
  } catch (error) {
    stopWaiting(channelId);
    throw error;
  }
}
