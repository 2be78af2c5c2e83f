/** One message as an element. */

import { chooseShortcut, messageSurface } from "./actions.js";
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { clockTime, dateOf, fullTime } from "./dates.js";
import { confirmed } from "./dialogs.js";
import { asList, h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./inline.js";
import { menuButton } from "./menu.js";
import { notice } from "./notices.js";
import { messageAt, nameOf, openThread, state } from "./state.js";

const EXCERPT = 80;
const FACES = 3;

/**
 * A message's list item.
 *
 * `row` is {message, compact, replies}; `place` is "channel" or "thread": a channel shows how many
 * replies there are and offers to write one.
 */
export function messageItem({ message, compact, replies }, place) {
  const { ts, user_id: userId, ephemeral, isNote, isGone } = message;
  const isCard = asList(message.blocks).length > 0;
  const names = ["message", compact && "message--compact", ephemeral && "message--ephemeral", isGone && "message--gone"];
  const isThere = !ephemeral && !isGone;
  const showsReplies = place === "channel" && !ephemeral && replies.count > 0;
  return h("li", {
    class: names.filter(Boolean).join(" "),
    "data-testid": "message",
    "data-ts": ts,
    "data-user-id": userId,
    "data-ephemeral": ephemeral ? "true" : null,
  },
  h("div", { class: "message__side" }, side(message, compact)),
  h("div", { class: "message__main" },
    ephemeral && !compact && onlyYou(),
    broadcastLine(message, place),
    compact || isGone ? h("span", { class: "hidden" }, authorName(message)) : head(message),
    h("div", { class: isCard ? "message__card" : "message__text", dir: "auto" }, content(message, isCard, place)),
    asList(message.unfurls).map((blocks) => h("div", { class: "message__unfurl", "data-testid": "unfurl" },
      renderBlocks(blocks, messageSurface(message)))),
    asList(message.reactions).map((name) => h("span", { class: "message__reaction", "data-testid": "reaction" },
      name === "+1" ? "👍 1" : `:${name}: 1`)),
    message.edited && h("span", { class: "message__edited" }, "(edited)"),
    showsReplies && replyLink(message, replies)),
  isThere && tools(message, place));
}

function side(message, compact) {
  if (message.isGone) return h("span", { class: "avatar avatar--gone", "aria-hidden": "true" }, icon("bin"));
  return compact ? timeOf(message) : avatar(message.user_id, message.isNote);
}

/** A header in the channel stands below the channel's name, one in a thread below the thread's title. */
function content(message, isCard, place) {
  const surface = { ...messageSurface(message), heading: place === "channel" ? "h2" : "h3" };
  return isCard ? renderBlocks(message.blocks, surface) : mrkdwn(message.text ?? "");
}

function authorName(message) {
  return message.isNote ? "Slack" : nameOf(message.user_id);
}

function head(message) {
  const isApp = message.isNote || state.users[message.user_id]?.is_bot || message.user_id === state.bot.id;
  return h("div", { class: "message__head" },
    h("span", { class: "message__author" }, authorName(message)),
    isApp && h("span", { class: "badge" }, "APP"),
    timeOf(message));
}

function timeOf({ ts }) {
  const date = dateOf(ts) ?? new Date(0);
  return h("time", { class: "message__time", datetime: date.toISOString(), title: fullTime(date) }, clockTime(date));
}

function onlyYou() {
  return h("p", { class: "message__only-you" }, icon("eye"), "Only visible to you");
}

/** What the message's thread hangs on, in words; it may edit itself. */
export function rootText({ channel_id: channelId, thread_ts: root }) {
  return messageAt(channelId, root)?.text ?? "a message";
}

function broadcastLine(message, place) {
  const { thread_ts: root, ts } = message;
  if (place !== "channel" || !message.broadcast || !root || root === ts) return null;
  const text = rootText(message);
  const excerpt = text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text;
  const open = () => openThread(root);
  return h("p", { class: "message__broadcast" }, "replied to a thread:",
    h("button", { type: "button", class: "link", onclick: open }, mrkdwn(excerpt)));
}

function replyLink({ ts }, { count, latest, people, unread }) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  const name = unread > 0 ? "reply-link reply-link--unread" : "reply-link";
  return h("button", { type: "button", class: name, "data-testid": "reply-count", onclick: () => openThread(ts) },
    h("span", { class: "reply-link__faces" }, people.slice(0, FACES).map((id) => avatar(id))),
    h("span", { class: "reply-link__count" }, words),
    unread > 0 && h("span", { class: "reply-link__new", "data-testid": "unread-replies" },
      h("span", { class: "hidden" }, `, ${unread} new`)),
    latest && h("span", { class: "reply-link__last" }, "Last at ", clockTime(dateOf(latest))));
}

function tools(message, place) {
  const { ts, thread_ts: root } = message;
  const reply = h("button", { type: "button", class: "button button--icon", "aria-label": "Reply in thread",
    title: "Reply in thread", "data-testid": "reply-in-thread", onclick: () => openThread(root ?? ts) }, icon("reply"));
  const shortcuts = state.shortcuts.map((one) => ({ label: one.name, run: () => chooseShortcut(message, one) }));
  const more = menuButton(() => [...shortcuts, { label: "Delete the message…", run: () => remove(message) }], {
    label: "More to do with this message", "data-testid": "message-menu" });
  return h("div", { class: "message__tools" }, place === "channel" && reply, more);
}

/** In life only the author and some others may: here anybody, to see what the bot makes of it. */
async function remove({ channel_id: channelId, ts }) {
  const sure = await confirmed({
    title: "Delete this message?",
    text: "It goes for everyone, whoever wrote it. Its replies stay.",
    confirm: "Delete",
    style: "danger",
  });
  if (!sure) return;
  try {
    await post("delete", { channel_id: channelId, message_ts: ts });
  } catch (error) {
    notice(error.message, { isError: true });
  }
}
