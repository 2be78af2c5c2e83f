/** The channel in the middle: its head, its messages, what to try when it is empty, and the composer. */

import { Composer } from "./composer.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { spoken } from "./inline.js";
import { MessageList } from "./message-list.js";
import { announce } from "./notices.js";
import { channelById, isDirect, messageAt, messagesOf, nameOf, state, subscribe } from "./state.js";
import { ask, firstJob } from "./trying.js";
import { channelIcon } from "./sidebar.js";
import { newFromIn, unreadReplies } from "./unread.js";

const SPOKEN = 300;
const MEMBERSHIP = {
  dm: "Here the bot needs no mention.",
  people: "The bot is not here, and cannot be invited.",
  shared: "Shared with another company, which can read it.",
};
const tombstones = new Map();
let list;
let composer;
let shownChannel = null;

/** Build the channel's pane inside index.html's places. */
export function startConversation() {
  composer = new Composer({ target: () => ({ channelId: state.channelId }), label: "Message" });
  byId("composer-place").append(composer.root);
  list = new MessageList(byId("scroller"), byId("message-list"), { place: "channel", onEndSeen: endSeen });
  byId("to-end").addEventListener("click", () => list.toEnd());
  subscribe("channel", showChannel);
  subscribe("messages", showMessages);
  subscribe("unread", () => showMessages([]));
  subscribe("waiting", showWaiting);
  subscribe("bot", showWaiting);
  subscribe("found", (places) => list.reveal(places.at(-1).root));
}

/** Put the cursor into the channel's composer. */
export function focusComposer() {
  composer.field.focus();
}

function showChannel() {
  const channel = channelById(state.channelId);
  if (!channel) return;
  const isOther = shownChannel !== channel.id;
  shownChannel = channel.id;
  fill(byId("channel-name"), icon(channelIcon(channel)), h("span", {}, channel.name));
  fill(byId("channel-topic"), topic(channel));
  composer.root.hidden = channel.is_archived;
  byId("archived").hidden = !channel.is_archived;
  composer.prompt(`Message ${isDirect(channel) ? "" : "#"}${channel.name}`);
  if (isOther) list.clear();
  showMessages([]);
  showWaiting();
}

function topic(channel) {
  if (channel.is_archived) return "Archived";
  const absent = channel.bot_is_member ? "" : `@${state.bot.name} is not a member here.`;
  return [channel.topic, MEMBERSHIP[channel.kind] ?? absent].filter(Boolean).join(" · ");
}

function showMessages(details) {
  const isMine = details.some((one) => one?.isNew && one.message.user_id === state.me.id && isHere(one.message));
  if (isMine) list.atEnd = true;
  list.show(inChannel(), { repliesOf, newFrom: newFromIn(state.channelId) });
  showEmpty();
  if (!list.atEnd && details.some((one) => one?.isNew && isHere(one.message))) byId("to-end").hidden = false;
  for (const one of details) if (one?.isNew) tell(one.message);
}

function isHere(message) {
  return message.channel_id === state.channelId && isTopLevel(message);
}

function isTopLevel({ thread_ts: root, ts, broadcast }) {
  return !root || root === ts || broadcast;
}

function inChannel() {
  const all = [...messagesOf(state.channelId).values()];
  const roots = new Set(all.filter((one) => !isTopLevel(one) || one.broadcast).map((one) => one.thread_ts));
  const gone = [...roots].filter((ts) => !messageAt(state.channelId, ts)).map(tombstone);
  return inOrder([...all.filter(isTopLevel), ...gone]);
}

/** What stands where a message was whose replies are still there. */
export function tombstone(ts) {
  if (!tombstones.has(ts)) {
    tombstones.set(ts, { ts, channel_id: state.channelId, user_id: "", text: "This message was deleted.", isGone: true });
  }
  return tombstones.get(ts);
}

/** Messages by time. */
export function inOrder(messages) {
  return messages.sort((one, other) => Number(one.ts) - Number(other.ts));
}

function repliesOf(root) {
  const replies = [...messagesOf(root.channel_id).values()].filter((one) => {
    return one.thread_ts === root.ts && one.ts !== root.ts && !one.ephemeral;
  });
  return {
    count: replies.length || root.reply_count || 0,
    latest: inOrder(replies).at(-1)?.ts,
    people: [...new Set(replies.map((one) => one.user_id))],
    unread: unreadReplies(root.channel_id, root.ts),
  };
}

function tell(message) {
  if (message.user_id === state.me.id || message.channel_id !== state.channelId) return;
  const where = isTopLevel(message) ? "" : " in a thread";
  const who = message.isNote ? "Slack" : nameOf(message.user_id);
  announce(`${who}${where}${message.ephemeral ? ", only to you" : ""}: ${spoken(message.text ?? "").slice(0, SPOKEN)}`);
}

function endSeen(atEnd) {
  if (atEnd) byId("to-end").hidden = true;
}

function showWaiting() {
  const isWaiting = state.waiting.has(state.channelId);
  if (!state.bot.is_running) {
    fill(byId("waiting"), `${state.bot.name} is stopped: nobody answers, and nothing is posted.`);
    return;
  }
  fill(byId("waiting"), isWaiting && [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    `${state.bot.name} is working on it`]);
}

function showEmpty() {
  const place = byId("empty");
  place.hidden = !state.ready || list.list.childElementCount > 0;
  if (!place.hidden) fill(place, emptyWords(channelById(state.channelId)));
}

function emptyWords(channel) {
  if (!state.workspace.is_installed) return missingWords();
  const job = firstJob();
  const command = `${state.slashCommand} ${job?.request_id ?? "help"}`;
  const start = (text, words) => h("button", { type: "button", class: "button button--primary", onclick: () => ask(text) }, words);
  return [
    h("span", { class: "empty__sign", "aria-hidden": "true" }, icon(channelIcon(channel))),
    h("h2", { class: "empty__title" }, `Ask ${state.bot.name} for a training job`),
    h("p", { class: "empty__text" }, "Type ", h("code", { class: "code" }, command), emptyHint(channel)),
    h("p", { class: "empty__actions" }, job && start(command, "Show me that job"),
      h("button", { type: "button", class: "button", onclick: () => ask(`${state.slashCommand} help`) }, "What can it do?")),
  ];
}

function missingWords() {
  const { name, install_path: path } = state.workspace;
  return [
    h("span", { class: "empty__sign", "aria-hidden": "true" }, icon("bot")),
    h("h2", { class: "empty__title" }, `${state.bot.name} isn't installed in ${name}`),
    h("p", { class: "empty__text" }, "This workspace has its own people, jobs and organization. Add the bot by a click, then connect Simplismart."),
    h("p", { class: "empty__actions" },
      path && h("a", { class: "button button--primary", href: path, "data-testid": "install" }, `Add ${state.bot.name} to Slack`)),
  ];
}

function emptyHint(channel) {
  if (channel?.kind === "dm") return " or just paste a job's id: here no command is needed.";
  if (!channel?.bot_is_member) return " and only you see the answer: the bot is not in this conversation, so a mention does not reach it.";
  return ` and only you see the answer, or mention @${state.bot.name} with an ID to answer for everyone.`;
}
