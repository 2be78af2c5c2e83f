/**
 * Slack's mrkdwn as a tree of plain objects, without the DOM.
 *
 * Every step is linear in the text: job data may be hostile and long.
 * Reference: https://docs.slack.dev/messaging/formatting-message-text
 */

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const PLAIN = /[^`<*_~:]+/y;
const EMOJI = /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/y;
const WORD = /[\p{L}\p{N}]/u;
const FENCE = "```";

/** The three entities Slack knows, once each. */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** Text -> blocks: {type: "pre", text}, {type: "quote", children} or {type: "lines", children}. */
export function parse(text) {
  const blocks = [];
  const parts = text.split(FENCE);
  const closed = parts.length % 2 === 1;
  parts.forEach((part, index) => {
    const isLast = index === parts.length - 1;
    if (index % 2 === 1 && (closed || !isLast)) blocks.push({ type: "pre", text: decode(trimEnds(part)) });
    else blocks.push(...parseLines(index % 2 === 1 ? FENCE + part : part, index > 0));
  });
  return blocks;
}

function trimEnds(part) {
  return part.replace(/^\n/, "").replace(/\n$/, "");
}

function parseLines(text, afterPre) {
  const blocks = [];
  const lines = (afterPre ? text.replace(/^\n/, "") : text).split("\n");
  if (lines.length === 1 && lines[0] === "") return blocks;
  for (const line of lines) {
    const quote = /^(?:>|&gt;) ?/.exec(line);
    const type = quote ? "quote" : "lines";
    if (blocks.at(-1)?.type === type) blocks.at(-1).children.push({ type: "text", text: "\n" });
    else blocks.push({ type, children: [] });
    blocks.at(-1).children.push(...parseInline(quote ? line.slice(quote[0].length) : line));
  }
  return blocks;
}

/** One line -> text, code, style, link, user, channel, broadcast, date and emoji nodes. */
export function parseInline(line, active = "") {
  const nodes = [];
  const scan = { line, active, unclosed: new Set() };
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push({ type: "text", text: decode(plain) });
    plain = "";
  };
  while (at < line.length) {
    const found = tokenAt(scan, at);
    if (found.node) {
      flush();
      nodes.push(found.node);
    } else plain += line.slice(at, found.end);
    at = found.end;
  }
  flush();
  return nodes;
}

function tokenAt(scan, at) {
  const sign = scan.line[at];
  if (sign === "`") return codeAt(scan, at) ?? { end: at + 1 };
  if (sign === "<") return angleAt(scan, at) ?? { end: at + 1 };
  if (sign === ":") return emojiAt(scan.line, at) ?? { end: at + 1 };
  if (sign in STYLES) return styleAt(scan, at) ?? { end: at + 1 };
  PLAIN.lastIndex = at;
  return { end: at + PLAIN.exec(scan.line)[0].length };
}

function closerOf(scan, sign, from) {
  if (scan.unclosed.has(sign)) return -1;
  const end = scan.line.indexOf(sign, from);
  if (end < 0) scan.unclosed.add(sign);
  return end;
}

function codeAt(scan, at) {
  const end = closerOf(scan, "`", at + 1);
  if (end <= at + 1) return null;
  return { end: end + 1, node: { type: "code", text: decode(scan.line.slice(at + 1, end)) } };
}

function emojiAt(line, at) {
  EMOJI.lastIndex = at;
  const match = EMOJI.exec(line);
  return match && { end: EMOJI.lastIndex, node: { type: "emoji", name: match[1] } };
}

function styleAt(scan, at) {
  const { line, active, unclosed } = scan;
  const sign = line[at];
  const opens = !isWord(line[at - 1]) && /\S/.test(line[at + 1] ?? " ") && line[at + 1] !== sign;
  if (!opens || active.includes(sign) || unclosed.has(sign)) return null;
  const end = styleEnd(line, sign, at + 1);
  if (end < 0) {
    unclosed.add(sign);
    return null;
  }
  const children = parseInline(line.slice(at + 1, end), active + sign);
  return { end: end + 1, node: { type: "style", style: STYLES[sign], children } };
}

function styleEnd(line, sign, from) {
  for (let at = from; at < line.length; at = skip(line, at)) {
    const closes = line[at] === sign && at > from && /\S/.test(line[at - 1]);
    if (closes && !isWord(line[at + 1]) && line[at + 1] !== sign) return at;
  }
  return -1;
}

/** Past a code span or a <…>, whose insides close nothing; else one character on. */
function skip(line, at) {
  const closer = { "`": "`", "<": ">" }[line[at]];
  const end = closer ? line.indexOf(closer, at + 1) : -1;
  return (end < 0 ? at : end) + 1;
}

function isWord(character) {
  return character !== undefined && WORD.test(character);
}

function angleAt(scan, at) {
  const end = closerOf(scan, ">", at + 1);
  if (end < 0 || scan.line.lastIndexOf("<", end) > at) return null;
  const node = angleNode(scan.line.slice(at + 1, end));
  return node && { end: end + 1, node };
}

function angleNode(inside) {
  const [target, ...rest] = inside.split("|");
  const label = rest.length > 0 ? decode(rest.join("|")) : "";
  if (/^@[UWB]\w+$/.test(target)) return { type: "user", id: target.slice(1), label };
  if (/^#[CDG]\w+$/.test(target)) return { type: "channel", id: target.slice(1), label };
  if (target.startsWith("!")) return specialNode(target.slice(1), label);
  return /^(https?:\/\/|mailto:)/i.test(target) ? { type: "link", url: decode(target), label } : null;
}

function specialNode(command, label) {
  const [name, ...rest] = command.split("^");
  if (["channel", "here", "everyone"].includes(name)) return { type: "broadcast", name };
  if (name === "date") return { type: "date", unix: rest[0], format: decode(rest[1] ?? ""), url: rest[2], label };
  if (name === "subteam") return { type: "broadcast", name: label.replace(/^@/, "") || rest[0] };
  return label ? { type: "text", text: label } : null;
}
