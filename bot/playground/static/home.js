/** The bot's Home tab, as it last drew it. */

import { viewSurface } from "./actions.js";
import { post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { byId, fill, h, HELD_MS, isHeld } from "./dom.js";
import { notice } from "./notices.js";
import { state, subscribe } from "./state.js";

/** Keep the tab up to date. */
export function startHome() {
  subscribe("home", draw);
}

/** The tab was opened: the bot hears of it. */
export async function showHome() {
  if (!state.ready) return;
  draw();
  try {
    await post("home", {});
  } catch (error) {
    notice(error.message, { isError: true });
  }
}

let retry;

function draw() {
  clearTimeout(retry);
  if (isHeld(byId("home"))) {
    retry = setTimeout(draw, HELD_MS);
    return;
  }
  const { home } = state;
  const surface = home && { ...viewSurface(home), heading: "h2" };
  const blocks = home ? renderBlocks(home.blocks, surface) : h("p", {}, "The bot has drawn nothing here yet.");
  fill(byId("home"), h("h1", { class: "hidden", id: "home-title" }, `Home of ${state.bot.name}`),
    h("div", { class: "home__view" }, blocks));
}
