/** The thread at the right, with a composer of its own. */

import { Composer } from "./composer.js";
import { inOrder } from "./conversation.js";
import { byId, fill, h } from "./dom.js";
import { setPane } from "./layout.js";
import { MessageList } from "./message-list.js";
import { channelById, messageAt, messagesOf, openThread, state, subscribe } from "./state.js";

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
  list = new MessageList(byId("thread-scroller"), byId("thread-list"), { place: "thread" });
  byId("thread-close").addEventListener("click", close);
  byId("thread").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  subscribe("thread", showThread);
  subscribe("messages", showReplies);
}

function showThread() {
  if (state.thread === shown) return;
  shown = state.thread;
  list.clear();
  if (shown) cameFrom = document.activeElement;
  setPane("thread", Boolean(shown));
  if (!shown) return;
  fill(byId("thread-channel"), `#${channelById(state.channelId)?.name ?? ""}`);
  showReplies();
  composer.field.focus();
}

function close() {
  const root = document.querySelector(`#message-list [data-ts="${CSS.escape(shown ?? "")}"]`);
  const origin = cameFrom?.isConnected ? cameFrom : root?.querySelector("[data-testid=reply-count]");
  openThread(null);
  showThread();
  (origin ?? byId("composer-place").querySelector("textarea")).focus();
}

function showReplies() {
  if (!state.thread) return;
  const root = messageAt(state.channelId, state.thread);
  const replies = [...messagesOf(state.channelId).values()].filter(isReply);
  list.show([...(root ? [root] : []), ...inOrder(replies)]);
  const count = replies.filter((reply) => !reply.ephemeral).length;
  fill(byId("thread-count"), count > 0 && h("span", {}, count === 1 ? "1 reply" : `${count} replies`));
}

function isReply(message) {
  return message.thread_ts === state.thread && message.ts !== state.thread;
}
