/** One message as an element. */

import { messageSurface } from "./actions.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { clockTime, dateOf, fullTime } from "./dates.js";
import { asList, h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./inline.js";
import { messageAt, nameOf, openThread, state } from "./state.js";

const EXCERPT = 80;

/**
 * A message's list item.
 *
 * `row` is {message, compact, replies}; `place` is "channel" or "thread": a channel shows how many
 * replies there are and offers to write one.
 */
export function messageItem({ message, compact, replies }, place) {
  const { ts, user_id: userId, ephemeral, isNote } = message;
  const isCard = asList(message.blocks).length > 0;
  const names = ["message", compact && "message--compact", ephemeral && "message--ephemeral"];
  const canReply = place === "channel" && !ephemeral;
  return h("li", {
    class: names.filter(Boolean).join(" "),
    "data-testid": "message",
    "data-ts": ts,
    "data-user-id": userId,
    "data-ephemeral": ephemeral ? "true" : null,
  },
  h("div", { class: "message__side" }, compact ? timeOf(message) : avatar(userId, isNote)),
  h("div", { class: "message__main" },
    ephemeral && !compact && onlyYou(),
    broadcastLine(message, place),
    compact ? h("span", { class: "hidden" }, authorName(message)) : head(message),
    h("div", { class: isCard ? "message__card" : "message__text", dir: "auto" }, content(message, isCard)),
    message.edited && h("span", { class: "message__edited" }, "(edited)"),
    canReply && replies.count > 0 && replyLink(message, replies)),
  canReply && tools(message));
}

function content(message, isCard) {
  return isCard ? renderBlocks(message.blocks, messageSurface(message)) : mrkdwn(message.text ?? "");
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

function broadcastLine(message, place) {
  const { thread_ts: root, ts, channel_id: channelId } = message;
  if (place !== "channel" || !message.broadcast || !root || root === ts) return null;
  const excerpt = (messageAt(channelId, root)?.text ?? "a message").slice(0, EXCERPT);
  const open = () => openThread(root);
  return h("p", { class: "message__broadcast" }, "replied to a thread:",
    h("button", { type: "button", class: "link", onclick: open }, mrkdwn(excerpt)));
}

function replyLink({ ts }, { count, latest }) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return h("button", { type: "button", class: "reply-link", "data-testid": "reply-count", onclick: () => openThread(ts) },
    h("span", { class: "reply-link__count" }, words),
    latest && h("span", { class: "reply-link__last" }, "last at ", clockTime(dateOf(latest))));
}

function tools({ ts, thread_ts: root }) {
  const open = () => openThread(root ?? ts);
  return h("div", { class: "message__tools" },
    h("button", { type: "button", class: "button button--icon", "aria-label": "Reply in thread", title: "Reply in thread",
      "data-testid": "reply-in-thread", onclick: open }, icon("reply")));
}
