/** The thread at the right, with a composer of its own. */

import { Composer } from "./composer.js";
import { inOrder, tombstone } from "./conversation.js";
import { byId, fill, h } from "./dom.js";
import { setPane } from "./layout.js";
import { MessageList } from "./message-list.js";
import { channelById, isDirect, messageAt, messagesOf, openThread, state, subscribe } from "./state.js";

let list;
let composer;
let shown = null;
let cameFrom = null;

/** Build the thread's pane inside index.html's places. */
export function startThread() {
  composer = new Composer({
    target: () => ({ channelId: state.channelId, threadTs: state.thread }),
    inThread: true,
    label: "Reply",
  });
  composer.prompt("Reply…");
  byId("thread-composer-place").append(composer.root);
  list = new MessageList(byId("thread-scroller"), byId("thread-list"), { place: "thread", onEndSeen: endSeen });
  byId("thread-to-end").addEventListener("click", () => list.toEnd());
  byId("thread-close").addEventListener("click", close);
  byId("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  subscribe("thread", showThread);
  subscribe("messages", showReplies);
  subscribe("channel", showArchived);
  subscribe("found", reveal);
}

function showThread() {
  if (state.thread === shown) return;
  shown = state.thread;
  list.clear();
  if (shown) cameFrom = document.activeElement;
  setPane("thread", Boolean(shown));
  if (!shown) return;
  const channel = channelById(state.channelId);
  fill(byId("thread-channel"), `${isDirect(channel) ? "" : "#"}${channel?.name ?? ""}`);
  showArchived();
  showReplies([]);
  composer.field.focus();
}

function showArchived() {
  composer.root.hidden = Boolean(channelById(state.channelId)?.is_archived);
}

/** The root stands at the top already: only a reply is looked for. */
function reveal(places) {
  const { ts, root } = places.at(-1);
  if (ts !== root) list.reveal(ts);
}

function endSeen(atEnd) {
  if (atEnd) byId("thread-to-end").hidden = true;
}

function close() {
  const root = document.querySelector(`#message-list [data-ts="${CSS.escape(shown ?? "")}"]`);
  const origin = cameFrom?.isConnected ? cameFrom : root?.querySelector("[data-testid=reply-count]");
  openThread(null);
  showThread();
  (origin ?? byId("composer-place").querySelector("textarea")).focus();
}

function showReplies(details) {
  if (!state.thread) return;
  const root = messageAt(state.channelId, state.thread) ?? tombstone(state.thread);
  const replies = [...messagesOf(state.channelId).values()].filter(isReply);
  const fresh = details.filter((one) => one?.isNew && isReply(one.message)).map((one) => one.message);
  if (fresh.some((message) => message.user_id === state.me.id)) list.atEnd = true;
  list.show([root, ...inOrder(replies)]);
  if (!list.atEnd && fresh.length > 0) byId("thread-to-end").hidden = false;
  const count = replies.filter((reply) => !reply.ephemeral).length;
  fill(byId("thread-count"), count > 0 && h("span", {}, count === 1 ? "1 reply" : `${count} replies`));
}

function isReply(message) {
  return message.channel_id === state.channelId && message.thread_ts === state.thread && message.ts !== state.thread;
}
