/** Addresses of messages, as `chat.getPermalink` gives them: they open here instead of leading away. */

import { channelById, openMessage } from "./state.js";

const PATH = /^\/archives\/([CDG]\w+)\/p(\d{7,})(\d{6})$/;

/** {channelId, ts, root} of a message in one of this reader's channels, or null. */
export function placeOf(url) {
  let address;
  try {
    address = new URL(url);
  } catch {
    return null;
  }
  const found = PATH.exec(address.pathname);
  if (!found || !channelById(found[1])) return null;
  const ts = `${found[2]}.${found[3]}`;
  return { channelId: found[1], ts, root: address.searchParams.get("thread_ts") ?? ts };
}

/** Go to the message and open its thread, unless the reader wants the address elsewhere. */
export function followPermalink(event, place) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openMessage(place);
}
