/** The box people write in: completion, history, and what cannot be sent here. */

import { send } from "./actions.js";
import { CompletionPopup } from "./completion-popup.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { state } from "./state.js";

const HISTORY = 50;
let made = 0;
const sent = [];

/** A composer; `target()` -> {channelId, threadTs} says where its words go. */
export class Composer {
  #place = 0;

  constructor({ target, inThread = false, label }) {
    Object.assign(this, { target, inThread, id: `composer-${(made += 1)}` });
    const prefix = inThread ? "thread-" : "";
    this.error = h("p", { class: "composer__error", role: "alert", id: `${this.id}-error` });
    this.field = this.#makeField(prefix, label);
    this.popup = new CompletionPopup(this.field, { id: `${this.id}-list`, inThread });
    const submit = (event) => {
      event.preventDefault();
      this.submit();
    };
    this.root = h("form", { class: "composer", onsubmit: submit },
      this.error, this.popup.root,
      h("div", { class: "composer__box" }, this.field, this.#makeBar(prefix)));
  }

  #makeField(prefix, label) {
    return h("textarea", {
      class: "composer__field", rows: 1, "data-testid": `${prefix}composer`, "aria-label": label, "aria-haspopup": "listbox",
      "aria-describedby": `${this.id}-error`, autocomplete: "off", spellcheck: "false", enterkeyhint: "send", dir: "auto",
      onkeydown: (event) => this.#key(event),
      oninput: () => this.#typed(),
    });
  }

  #makeBar(prefix) {
    const starter = (name, words, text) => h("button", { type: "button", class: "button button--icon", title: words,
      "aria-label": words, onclick: () => this.begin(text()) }, icon(name));
    this.button = h("button", { type: "submit", class: "button button--primary button--send", "aria-label": "Send",
      title: "Send (Enter)", "data-testid": `${prefix}send`, disabled: true }, icon("send"));
    return h("div", { class: "composer__bar" },
      this.inThread ? null : starter("slash", "Write a command", () => `${state.slashCommand} `),
      starter("at", "Mention the bot", () => `@${state.bot.name} `),
      h("span", { class: "composer__hint", "aria-hidden": "true" }, h("kbd", {}, "Enter"), " sends, ",
        h("kbd", {}, "Shift + Enter"), " for a new line"),
      this.button);
  }

  /** Say what is for this box now. */
  prompt(words) {
    this.field.placeholder = words;
    this.field.setAttribute("aria-label", words);
  }

  /** Put a beginning into the box and go there. */
  begin(text) {
    this.#set(text);
    this.field.focus();
    this.popup.update();
  }

  /** Send what is written; keeps it when that fails. */
  async submit() {
    const text = this.field.value.trim();
    if (!text) return;
    if (this.inThread && text.startsWith("/")) {
      this.#complain(`Slash commands cannot be used in threads. Mention @${state.bot.name} instead.`);
      return;
    }
    this.#remember(text);
    this.#set("");
    try {
      await send({ ...this.target(), text, asksBot: asksBot(text) });
    } catch (error) {
      if (!this.field.value) this.#set(text);
      this.#complain(error.message);
    }
  }

  #remember(text) {
    if (sent.at(-1) !== text) sent.push(text);
    if (sent.length > HISTORY) sent.shift();
    this.#place = sent.length;
  }

  #complain(sentence) {
    fill(this.error, icon("warning"), sentence);
  }

  #typed() {
    this.error.replaceChildren();
    this.button.disabled = !this.field.value.trim();
    this.#grow();
    this.popup.update();
  }

  #set(text) {
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.error.replaceChildren();
    this.button.disabled = !text.trim();
    this.#grow();
    this.popup.close();
  }

  #grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  #key(event) {
    if (event.isComposing || this.popup.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#recall(event);
  }

  /** Up in an empty box brings back what was sent before. */
  #recall(event) {
    const { value } = this.field;
    if (value && value !== sent[this.#place]) return;
    const place = this.#place + (event.key === "ArrowUp" ? -1 : 1);
    if (place < 0 || place > sent.length) return;
    event.preventDefault();
    this.#set(sent[place] ?? "");
    this.#place = place;
  }
}

function asksBot(text) {
  const channel = state.channels.find(({ id }) => id === state.channelId);
  return channel?.kind === "dm" || (channel?.bot_is_member && text.includes(`@${state.bot.name}`));
}
