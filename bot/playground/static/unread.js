/** What came while the reader was elsewhere: in channels, and in threads that are not open. */

import { asList } from "./dom.js";
import { changed, isDirect, state, subscribe } from "./state.js";

const channels = new Map();
const threads = new Map();
const newFrom = new Map();
let open = null;

/** Count from now on. Told as the topic "unread". */
export function startUnread() {
  subscribe("messages", (details) => {
    for (const one of details) if (one?.isNew) count(one.message);
  });
  subscribe("channel", readChannel);
  subscribe("thread", readThread);
}

/** {count, mentions} of a channel; `mentions` are those that name the reader, and all of a direct message. */
export function unreadIn(channelId) {
  return channels.get(channelId) ?? { count: 0, mentions: 0 };
}

/** How many replies below this message the reader has not seen. */
export function unreadReplies(channelId, root) {
  return threads.get(`${channelId}/${root}`) ?? 0;
}

/** The ts of the first message the reader has not seen in the channel, or undefined. */
export function newFromIn(channelId) {
  return newFrom.get(channelId);
}

/** How many messages in all channels wait. */
export function unreadInAll() {
  return [...channels.values()].reduce((sum, { count: many }) => sum + many, 0);
}

/** Everything is read. */
export function forgetUnread() {
  for (const marks of [channels, threads, newFrom]) marks.clear();
  changed("unread");
}

function count(message) {
  const { channel_id: channelId, user_id: userId, ts, thread_ts: root, broadcast } = message;
  if (userId === state.me.id) return;
  const isReply = Boolean(root) && root !== ts;
  const isThreadOpen = channelId === state.channelId && state.thread === root;
  if (isReply && !isThreadOpen) threads.set(`${channelId}/${root}`, unreadReplies(channelId, root) + 1);
  if (channelId !== state.channelId) {
    const before = unreadIn(channelId);
    if (!newFrom.has(channelId) && (!isReply || broadcast)) newFrom.set(channelId, ts);
    channels.set(channelId, { count: before.count + 1, mentions: before.mentions + (isForMe(message) ? 1 : 0) });
  }
  changed("unread");
}

function isForMe({ channel_id: channelId, text, blocks }) {
  const isToMe = isDirect(state.channels.find((channel) => channel.id === channelId));
  const mention = `<@${state.me.id}>`;
  return isToMe || String(text ?? "").includes(mention) || JSON.stringify(asList(blocks)).includes(mention);
}

function readChannel() {
  if (open !== state.channelId) newFrom.delete(open);
  open = state.channelId;
  if (channels.delete(open)) changed("unread");
}

function readThread() {
  if (state.thread && threads.delete(`${state.channelId}/${state.thread}`)) changed("unread");
}
