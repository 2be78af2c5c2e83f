/** The bot itself: running, or stopped in the middle of whatever it did. */

import { post } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { notice } from "./notices.js";
import { state, subscribe } from "./state.js";

let box;
let words;

/** Build the switch and keep it as the server has it. */
export function startBotSwitch() {
  box = h("input", { type: "checkbox", role: "switch", class: "switch switch--good", id: "switch-bot",
    "data-testid": "switch-bot", "aria-describedby": "switch-bot-hint", onchange: () => change(box.checked) });
  words = h("span", { class: "switch-row__hint", id: "switch-bot-hint", "data-testid": "bot-state" });
  const label = h("label", { class: "switch-row__label", for: "switch-bot" }, "Run the bot");
  fill(byId("bot-switch"), h("span", { class: "switch-row__text" }, label, words), box);
  subscribe("bot", show);
}

function show() {
  const isRunning = Boolean(state.bot.is_running);
  box.checked = isRunning;
  fill(words, isRunning ? "It answers and posts updates." : "Stopped, as after a crash. The jobs keep going.");
}

/** Starting and stopping take a moment; meanwhile the switch waits. */
async function change(isOn) {
  box.disabled = true;
  try {
    await post("bot", { running: isOn });
  } catch (error) {
    notice(error.message, { isError: true });
    show();
  }
  box.disabled = false;
  box.focus();
}
