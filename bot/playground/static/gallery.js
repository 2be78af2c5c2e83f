/** Every card the bot can send, side by side. */

import { sampleSurface } from "./actions.js";
import { get } from "./api.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { asList, byId, fill, h } from "./dom.js";
import { plainString } from "./inline.js";
import { viewFrame } from "./modal.js";
import { notice } from "./notices.js";
import { state } from "./state.js";

const WIDTHS = { desktop: "Desktop", phone: "Phone" };
const KINDS = { all: "All", message: "Messages", modal: "Modals" };
let isLoading = false;
let isLoaded = false;

/** Show the gallery, asking for it the first time. */
export async function showGallery() {
  if (isLoading || isLoaded || !state.ready) return;
  isLoading = true;
  try {
    draw(asList((await get("gallery")).samples));
    isLoaded = true;
  } catch (error) {
    retry(error.message);
  }
  isLoading = false;
}

function retry(sentence) {
  const again = h("button", { type: "button", class: "button", onclick: showGallery }, "Try again");
  fill(byId("gallery-cards"), h("div", { class: "gallery__lost" }, h("p", {}, sentence), again));
}

function draw(samples) {
  fill(byId("gallery-cards"), samples.map(card));
  fill(byId("gallery-count"), `${samples.length} cards, with sample data. Buttons are disabled here.`);
  fill(byId("gallery-controls"),
    choice("Show", "kind", KINDS, "all"), choice("Width", "width", WIDTHS, "desktop"));
}

function choice(legend, name, options, initial) {
  const place = byId("gallery-cards");
  place.dataset[name] = initial;
  return h("fieldset", { class: "choice" }, h("legend", { class: "hidden" }, legend),
    Object.entries(options).map(([value, words]) => h("label", { class: "choice__option" },
      h("input", { type: "radio", class: "choice__input", name: `gallery-${name}`, value, checked: value === initial,
        onchange: () => (place.dataset[name] = value) }),
      h("span", { class: "choice__words" }, words))));
}

function card(sample) {
  const isModal = sample.kind === "modal";
  return h("article", { class: "sample", "data-kind": isModal ? "modal" : "message", "data-testid": "sample",
    "data-name": sample.name, "aria-label": sample.title },
  h("header", { class: "sample__head" },
    h("h2", { class: "sample__title" }, sample.title),
    h("code", { class: "sample__name" }, sample.name)),
  isModal ? modal(sample) : message(sample));
}

function message({ text, blocks }) {
  const notification = h("details", { class: "sample__text" }, h("summary", {}, "As a notification"),
    h("p", { dir: "auto" }, plainString(text)));
  return h("div", { class: "sample__message" },
    avatar(state.bot.id),
    h("div", { class: "message__main" },
      h("div", { class: "message__head" }, h("span", { class: "message__author" }, state.bot.name),
        h("span", { class: "badge" }, "APP")),
      h("div", { class: "message__card" }, renderBlocks(blocks, sampleSurface())),
      text && notification));
}

function modal({ view, title, blocks }) {
  const shown = view ?? { title, blocks };
  const frame = viewFrame(shown, renderBlocks(shown.blocks ?? blocks, sampleSurface()), {});
  const submit = (event) => {
    event.preventDefault();
    notice("This is a sample: nothing was sent.");
  };
  return h("form", { class: "sample__modal dialog__form", novalidate: true, onsubmit: submit }, frame);
}
