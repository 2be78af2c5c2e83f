/** A scrolling list of messages that changes only what changed, so that focus and reading place stay. */

import { dateOf, dayName, sameDay } from "./dates.js";
import { h, HELD_MS, isHeld } from "./dom.js";
import { messageItem, rootText } from "./message.js";
import { serverSeconds } from "./state.js";

const GROUP_SECONDS = 300;
const NEAR_END_PX = 80;
const FOUND_MS = 2400;

/** Keeps the elements of one `<ol>` inside one scroller in step with a list of messages. */
export class MessageList {
  #rows = new Map();
  #shown = [];
  #retry = null;

  /** `place` is "channel" or "thread"; `onEndSeen(isAtEnd)` follows the reader's scrolling. */
  constructor(scroller, list, { place, onEndSeen = () => {} }) {
    Object.assign(this, { scroller, list, place, atEnd: true });
    scroller.addEventListener("scroll", () => {
      this.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
      onEndSeen(this.atEnd);
    });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(list);
  }

  /** Show these messages (in order). `repliesOf(message)` -> {count, latest}; `newFrom` gets the "New" line. */
  show(messages, { repliesOf = () => ({ count: 0 }), newFrom = null } = {}) {
    this.#shown = [messages, { repliesOf, newFrom }];
    const wanted = rowsOf(messages, repliesOf, newFrom).map((row) => this.#nodeOf(row));
    const keep = new Set(wanted);
    for (const node of [...this.list.children]) if (!keep.has(node)) node.remove();
    wanted.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
    const keys = new Set(wanted.map((node) => node.dataset.key));
    for (const key of this.#rows.keys()) if (!keys.has(key)) this.#rows.delete(key);
    if (this.atEnd) this.toEnd();
  }

  /** Forget everything, for another channel. */
  clear() {
    clearTimeout(this.#retry);
    this.#rows.clear();
    this.list.replaceChildren();
    this.atEnd = true;
  }

  /** Bring a message into view and mark it for a moment; false when it is not here. */
  reveal(ts) {
    const { node } = this.#rows.get(ts) ?? {};
    if (!node) return false;
    this.atEnd = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("message--found");
    setTimeout(() => node.classList.remove("message--found"), FOUND_MS);
    return true;
  }

  /** Scroll to the newest message. */
  toEnd() {
    this.atEnd = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  #nodeOf(row) {
    const known = this.#rows.get(row.key);
    if (known && row.sign.every((part, index) => part === known.sign[index])) return known.node;
    if (known && isHeld(known.node)) {
      this.#showSoon();
      return known.node;
    }
    const node = row.label ? separator(row) : messageItem(row, this.place);
    node.dataset.key = row.key;
    if (known?.node.isConnected) replaceKeepingFocus(known.node, node);
    this.#rows.set(row.key, { sign: row.sign, node });
    return node;
  }

  #showSoon() {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.show(...this.#shown), HELD_MS);
  }
}

function rowsOf(messages, repliesOf, newFrom) {
  const rows = [];
  const now = new Date(Math.max(serverSeconds(), Number(messages.at(-1)?.ts ?? 0)) * 1000);
  let previous = null;
  for (const message of messages) {
    const date = dateOf(message.ts) ?? new Date(0);
    const isNewDay = !previous || !sameDay(date, dateOf(previous.ts) ?? new Date(0));
    const isFirstNew = message.ts === newFrom;
    if (isNewDay) rows.push(labelRow(`day-${date.toDateString()}`, dayName(date, now)));
    if (isFirstNew) rows.push(labelRow("new", "New", true));
    rows.push(messageRow(message, !isNewDay && !isFirstNew && belongTogether(previous, message), repliesOf(message)));
    previous = message;
  }
  return rows;
}

function labelRow(key, label, isNew = false) {
  return { key, label, isNew, sign: [label] };
}

function messageRow(message, compact, replies) {
  const answered = message.broadcast ? rootText(message) : null;
  const { count, latest, unread } = replies;
  return { key: message.ts, message, compact, replies, sign: [message, compact, count, latest, unread, answered] };
}

function belongTogether(one, other) {
  const sameAuthor = one.user_id === other.user_id && Boolean(one.ephemeral) === Boolean(other.ephemeral);
  return sameAuthor && !other.broadcast && Number(other.ts) - Number(one.ts) < GROUP_SECONDS;
}

function separator({ label, isNew }) {
  return h("li", { class: isNew ? "separator separator--new" : "separator" },
    h("span", { class: "separator__label" }, label));
}

function replaceKeepingFocus(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const wanted = focused ? selectorOf(focused) : null;
  old.replaceWith(fresh);
  if (wanted) fresh.querySelector(wanted)?.focus({ preventScroll: true });
}

function selectorOf(node) {
  const parts = ["data-action-id", "data-for-block", "data-testid"].filter((name) => node.hasAttribute(name));
  const tests = parts.map((name) => `[${name}="${CSS.escape(node.getAttribute(name))}"]`);
  return tests.length > 0 ? tests.join("") : null;
}
