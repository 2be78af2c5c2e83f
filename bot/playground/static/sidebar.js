/** The channels at the left. */

import { avatar } from "./avatar.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { revealChat } from "./layout.js";
import { isDirect, openChannel, state, subscribe } from "./state.js";
import { unreadIn, unreadInAll } from "./unread.js";

const ICONS = { public: "hash", private: "lock", shared: "shared", dm: "bot", people: "reply" };
const WORDS = { public: "channel", private: "private channel", shared: "channel shared with another company", dm: "direct message", people: "direct messages of people" };

/** Keep the list of channels up to date. */
export function startSidebar() {
  for (const topic of ["ready", "channel", "unread"]) subscribe(topic, show);
}

/** The icon that says what kind a channel is. */
export function channelIcon(channel) {
  return channel?.is_archived ? "archive" : ICONS[channel?.kind] ?? "hash";
}

function show() {
  fill(byId("channels"), state.channels.filter((channel) => !isDirect(channel)).map(entry));
  fill(byId("direct-messages"), state.channels.filter(isDirect).map(entry));
  byId("dms-part").hidden = !state.channels.some(isDirect);
  fill(byId("me"), avatar(state.me.id), h("span", { class: "me__name" }, state.me.name));
  document.title = titleWords();
}

function titleWords() {
  const unread = unreadInAll();
  return `${unread > 0 ? `(${unread}) ` : ""}jobbot playground`;
}

function entry(channel) {
  const unread = unreadIn(channel.id);
  const isCurrent = channel.id === state.channelId;
  const open = () => {
    openChannel(channel.id);
    revealChat();
    byId("channels").parentElement.querySelector("[aria-current]")?.focus();
  };
  return h("li", {}, h("button", {
    type: "button",
    class: unread.count > 0 ? "channel channel--unread" : "channel",
    "aria-current": isCurrent ? "page" : null,
    "data-testid": "channel-link",
    "data-channel-id": channel.id,
    title: WORDS[channel.kind],
    onclick: open,
  },
  icon(channelIcon(channel)),
  h("span", { class: "channel__name" }, channel.name),
  h("span", { class: "hidden" }, `, ${WORDS[channel.kind] ?? "channel"}`),
  unread.count > 0 && unreadMark(unread)));
}

/** A dot, as for whatever came; a number for what was said to the reader. */
function unreadMark({ count, mentions }) {
  return h("span", { class: mentions > 0 ? "channel__count" : "channel__dot", "data-testid": "unread" },
    mentions > 0 && h("span", { "aria-hidden": "true" }, String(mentions)),
    h("span", { class: "hidden" }, `, ${count} unread`));
}
