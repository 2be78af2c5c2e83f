/** What the page knows. Modules read it, change it through the functions here, and subscribe to topics. */

/** The one state. `messages`: channel id -> ts -> message. `thread`: ts of the open thread's root. */
export const state = {
  ready: false,
  online: false,
  me: { id: "", name: "" },
  bot: { id: "", name: "jobbot", is_running: true },
  slashCommand: "/job",
  commands: [],
  shortcuts: [],
  users: {},
  channels: [],
  messages: new Map(),
  views: [],
  home: null,
  jobs: [],
  switches: {},
  workspace: { name: "", is_installed: true, install_path: "", account: {} },
  workspaces: [],
  now: "",
  loadedAtMs: 0,
  channelId: null,
  thread: null,
  waiting: new Map(),
};

const WAIT_AT_MOST_MS = 15000;
const listeners = new Map();
const pending = new Map();
let notes = [];

/** Call `listener` with the details of a topic's changes, gathered, soon after they happened. */
export function subscribe(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

/** Say that something changed. */
export function changed(topic, detail = null) {
  if (pending.size === 0) queueMicrotask(flush);
  pending.set(topic, [...(pending.get(topic) ?? []), detail]);
}

function flush() {
  const batch = [...pending];
  pending.clear();
  for (const [topic, details] of batch) {
    for (const listener of listeners.get(topic) ?? []) listener(details);
  }
}

/** Take over the server's whole state. */
export function load(document) {
  const { me, bot, slash_command: slashCommand, slash_hint: slashHint, commands, shortcuts, users, channels, home, jobs, switches, now, workspace, workspaces } = document;
  Object.assign(state, { me, bot, slashCommand, slashHint, commands, shortcuts, users, channels, home, jobs, switches, now, workspace, workspaces });
  state.loadedAtMs = Date.now();
  state.views = document.views.filter(isModal);
  state.messages = new Map();
  for (const message of [...document.messages, ...notes]) keep(message);
  if (!channelById(state.channelId)) state.channelId = channels[0]?.id ?? null;
  const isThread = messageAt(state.channelId, state.thread) || hasReplies(state.channelId, state.thread);
  if (!isThread) state.thread = null;
  state.ready = true;
  for (const topic of ["ready", "channel", "messages", "thread", "views", "home", "jobs", "switches", "bot"]) changed(topic);
}

/** Forget the lines that only this page knew. */
export function forgetNotes() {
  notes = [];
  for (const channelId of [...state.waiting.keys()]) stopWaiting(channelId);
}

/** One event of the stream; false when it is none the page knows. */
export function apply(event) {
  const handler = HANDLERS[event.type];
  handler?.(event);
  return Boolean(handler);
}

const HANDLERS = {
  message: (event) => arrive(event.message),
  message_changed: (event) => change(event.message),
  message_deleted: (event) => remove(event.message ?? event),
  view_opened: (event) => putView(event.view),
  view_updated: (event) => putView(event.view),
  view_closed: (event) => dropView(event.view?.id ?? event.view_id),
  home_published: (event) => set("home", event.view),
  jobs: (event) => set("jobs", event.jobs),
  switches: (event) => set("switches", event.switches),
  bot: (event) => set("bot", { ...state.bot, is_running: event.is_running }),
  channels: (event) => setChannels(event.channels),
  note: (event) => addNote(event.note ?? event),
};

function set(topic, value) {
  state[topic] = value;
  changed(topic);
}

function setChannels(channels) {
  state.channels = channels;
  changed("channel");
}

function keep(message) {
  if (!state.messages.has(message.channel_id)) state.messages.set(message.channel_id, new Map());
  state.messages.get(message.channel_id).set(message.ts, message);
}

function arrive(message) {
  const known = messageAt(message.channel_id, message.ts);
  keep(message);
  if (message.user_id !== state.me.id) stopWaiting(message.channel_id);
  changed("messages", { message, isNew: !known });
}

function change(message) {
  keep(message);
  stopWaiting(message.channel_id);
  changed("messages", { message, isNew: false });
}

function remove(message) {
  const { channel_id: channelId } = message;
  const ts = message.deleted_ts ?? message.ts;
  state.messages.get(channelId)?.delete(ts);
  const isOpen = state.thread === ts && state.channelId === channelId;
  if (isOpen && !hasReplies(channelId, ts)) openThread(null);
  changed("messages", { message: { ...message, ts }, isNew: false });
}

function hasReplies(channelId, root) {
  return [...messagesOf(channelId).values()].some((one) => one.thread_ts === root && one.ts !== root);
}

/** The server's clock, in seconds since 1970. */
export function serverSeconds() {
  const loadedAt = Date.parse(state.now);
  const nowMs = Number.isNaN(loadedAt) ? Date.now() : loadedAt + Date.now() - state.loadedAtMs;
  return nowMs / 1000;
}

/** A line of Slack's own, seen by this reader only. */
export function addNote({ text, channel_id: channelId }) {
  const latest = Math.max(serverSeconds(), ...[...messagesOf(channelId).keys()].map(Number));
  const ts = (latest + 0.00001).toFixed(6);
  const note = { ts, channel_id: channelId, user_id: "", text, ephemeral: true, isNote: true };
  notes.push(note);
  arrive(note);
}

function isModal(view) {
  return (view?.type ?? "modal") === "modal";
}

function putView(view) {
  if (!isModal(view)) return;
  for (const channelId of [...state.waiting.keys()]) stopWaiting(channelId);
  const at = state.views.findIndex((other) => other.id === view.id);
  state.views = at < 0 ? [...state.views, view] : state.views.with(at, view);
  changed("views");
}

/** Take a view off the stack. */
export function dropView(id) {
  set("views", state.views.filter((view) => view.id !== id));
}

/** Show a channel. */
export function openChannel(channelId) {
  if (!channelById(channelId)) return;
  if (channelId !== state.channelId) {
    state.channelId = channelId;
    openThread(null);
  }
  changed("channel");
}

/** Show a message in its channel and in its thread; told as the topic "found". */
export function openMessage({ channelId, ts, root }) {
  openChannel(channelId);
  openThread(root);
  changed("found", { ts, root });
}

/** Open the thread below a message, or close it with null. */
export function openThread(ts) {
  state.thread = ts;
  changed("thread");
}

/** The bot was asked something in this channel; forgotten when it answers, or after 15 s. */
export function startWaiting(channelId) {
  stopWaiting(channelId);
  state.waiting.set(channelId, setTimeout(() => stopWaiting(channelId), WAIT_AT_MOST_MS));
  changed("waiting");
}

/** The bot answered, or nothing was asked after all. */
export function stopWaiting(channelId) {
  clearTimeout(state.waiting.get(channelId));
  if (state.waiting.delete(channelId)) changed("waiting");
}

/** Whether it is direct messages: the bot's with its reader, or people's. */
export function isDirect(channel) {
  return channel?.kind === "dm" || channel?.kind === "people";
}

/** A channel, or undefined. */
export function channelById(channelId) {
  return state.channels.find((channel) => channel.id === channelId);
}

/** A channel's messages by ts (empty for a channel nobody wrote in). */
export function messagesOf(channelId) {
  return state.messages.get(channelId) ?? new Map();
}

/** A message, or undefined. */
export function messageAt(channelId, ts) {
  return messagesOf(channelId).get(ts);
}

/** A person's or a bot's name, whatever is known of it. */
export function nameOf(userId) {
  return state.users[userId]?.name ?? (userId === state.bot.id ? state.bot.name : userId);
}
