/** The workspaces at the foot of the sidebar; each has a page of its own. */

import { post } from "./api.js";
import { confirmed } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { notice } from "./notices.js";
import { state, subscribe } from "./state.js";

/** Show them; `onUninstalled` is called once the app is gone from this one. */
export function startWorkspaces({ onUninstalled }) {
  subscribe("ready", show);
  byId("uninstall").addEventListener("click", () => uninstall(onUninstalled));
}

function show() {
  const { name, install_path: path, is_installed: isInstalled } = state.workspace;
  byId("workspaces-part").hidden = state.workspaces.length < 2;
  fill(byId("workspaces"), state.workspaces.map(entry));
  byId("uninstall").hidden = !path || !isInstalled;
  fill(byId("uninstall"), `Uninstall from ${name}`);
}

function entry({ name, path, is_current: isCurrent }) {
  return h("li", {}, h("a", { class: "workspace", href: path, "aria-current": isCurrent ? "page" : null,
    "data-testid": "workspace-link" },
  h("span", { class: "workspace__sign", "aria-hidden": "true" }, name.slice(0, 1)), h("span", {}, name)));
}

async function uninstall(onUninstalled) {
  const sure = await confirmed({
    title: `Uninstall from ${state.workspace.name}?`,
    text: "Its subscriptions end, and its tokens and keys are deleted. Other workspaces go on.",
    confirm: "Uninstall",
    style: "danger",
  });
  if (!sure) return;
  try {
    await post("uninstall", {});
    onUninstalled();
  } catch (error) {
    notice(error.message, { isError: true });
  }
}
