/** Puts the page together and keeps it in step with the playground. */

import { follow, get, post } from "./api.js";
import { startBotSwitch } from "./bot-switch.js";
import { startConversation } from "./conversation.js";
import { confirmed } from "./dialogs.js";
import { byId, fill } from "./dom.js";
import { showGallery } from "./gallery.js";
import { showHome, startHome } from "./home.js";
import { startLayout } from "./layout.js";
import { startModal } from "./modal.js";
import { notice } from "./notices.js";
import { startSidebar } from "./sidebar.js";
import { apply, forgetNotes, load, state, subscribe } from "./state.js";
import { forgetSteps, startSteps } from "./steps.js";
import { startSwitches } from "./switches.js";
import { startThread } from "./thread.js";
import { startTrying } from "./trying.js";
import { forgetUnread, startUnread } from "./unread.js";
import { startWorkspaces } from "./workspaces.js";

const RETRY_MS = 1000;
const TOLERATED_MS = 2000;
let held = null;
let lostTimer = null;

startLayout({ gallery: showGallery, home: showHome });
startUnread();
startSidebar();
startConversation();
startThread();
startModal();
startTrying();
startSteps();
startSwitches();
startBotSwitch();
startHome();
startWorkspaces({ onUninstalled: restart });
byId("reset").addEventListener("click", reset);
subscribe("ready", () => {
  if (location.hash === "#gallery") showGallery();
  if (location.hash === "#home") showHome();
});
follow({ onOpen: refresh, onEvent, onLost: () => setOnline(false) });

/** Take over the whole state; events that come meanwhile are applied after it. */
async function refresh() {
  held ??= [];
  try {
    load(await get("state"));
  } catch {
    setTimeout(refresh, RETRY_MS);
    return;
  }
  const late = held;
  held = null;
  for (const event of late) onEvent(event);
  setOnline(true);
  document.documentElement.dataset.ready = "true";
}

function onEvent(event) {
  if (held) held.push(event);
  else if (event.type === "reset") restart();
  else apply(event);
}

function restart() {
  forgetNotes();
  forgetUnread();
  forgetSteps();
  refresh();
}

/** A line that is back at once was never worth a word. */
function setOnline(isOnline) {
  state.online = isOnline;
  clearTimeout(lostTimer);
  if (isOnline) showConnection();
  else lostTimer = setTimeout(showConnection, TOLERATED_MS);
}

function showConnection() {
  const words = state.ready ? "Connection lost. Trying again…" : "Connecting…";
  byId("connection").hidden = state.online;
  fill(byId("connection"), state.online ? null : words);
}

async function reset() {
  const sure = await confirmed({
    title: "Start over?",
    text: "All messages are deleted, every switch is turned off, the jobs start over, and the bot forgets its subscriptions.",
    confirm: "Start over",
    style: "danger",
  });
  if (!sure) return;
  try {
    await post("reset", {});
    restart();
    notice("Everything is as it was at the start.");
  } catch (error) {
    notice(error.message, { isError: true });
  }
}
