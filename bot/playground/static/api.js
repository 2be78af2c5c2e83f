/** The playground's own server: questions, and the stream of what happens, each below the page's own address. */

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8000;

/** An answer that says no; `message` is a plain sentence, `errors` says which inputs are wrong. */
export class Refused extends Error {
  constructor(sentence, errors = {}) {
    super(sentence);
    this.errors = errors;
  }
}

/** GET a document below playground/. Throws `Refused`. */
export function get(name) {
  return ask(name, {});
}

/** POST to an address below playground/. Throws `Refused` also when the answer is `"ok": false`. */
export async function post(name, body) {
  const answer = await ask(name, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer?.ok === false) throw new Refused(answer.error || "That did not work.", answer.errors);
  return answer;
}

async function ask(name, options) {
  let response;
  try {
    response = await fetch(`playground/${name}`, options);
  } catch {
    throw new Refused("The playground does not answer. Is it still running?");
  }
  try {
    return await response.json();
  } catch {
    throw new Refused(`The playground answered ${response.status} without saying why.`);
  }
}

/**
 * Follow the stream, for ever: `onOpen` at every (re)connection, `onEvent` with each event,
 * `onLost` when the line drops. Waits longer after each failure, up to 8 s.
 */
export function follow({ onOpen, onEvent, onLost }) {
  let waitMs = FIRST_RETRY_MS;
  const connect = () => {
    const stream = new EventSource("playground/events");
    stream.onopen = () => {
      waitMs = FIRST_RETRY_MS;
      onOpen();
    };
    stream.onmessage = ({ data }) => onEvent(JSON.parse(data));
    stream.onerror = () => {
      stream.close();
      onLost();
      setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, LAST_RETRY_MS);
    };
  };
  connect();
}
