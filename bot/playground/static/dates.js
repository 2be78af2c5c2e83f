/** Times in the reader's own time zone and words. */

const LAST_UNIX = 8.64e12;
const DAY_MS = 86400000;

const FORMATS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { year: "numeric", month: "long", day: "numeric", weekday: "long" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};
const FORMATTERS = new Map(
  Object.entries(FORMATS).map(([name, options]) => [name, new Intl.DateTimeFormat(undefined, options)]),
);
const PRETTY = { date_pretty: "date", date_short_pretty: "date_short", date_long_pretty: "date_long" };
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** A Date from seconds since 1970, or null when no clock can show it. */
export function dateOf(unixSeconds) {
  const seconds = Number(unixSeconds);
  return Number.isFinite(seconds) && Math.abs(seconds) <= LAST_UNIX ? new Date(seconds * 1000) : null;
}

/** Slack's date format ("{date_short_pretty} {time}") filled in for this reader. */
export function formatDate(date, format, now = new Date()) {
  return format.replace(/\{(\w+)\}/g, (token, name) => fillToken(date, name, now) ?? token);
}

function fillToken(date, name, now) {
  if (name === "ago") return ago(date, now);
  const plain = PRETTY[name];
  const near = plain ? nearDay(date, now) : null;
  return near ?? FORMATTERS.get(plain ?? name)?.format(date);
}

function nearDay(date, now) {
  const days = Math.round((startOfDay(date) - startOfDay(now)) / DAY_MS);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function ago(date, now) {
  const seconds = Math.round((date - now) / 1000);
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.round(seconds / size), unit);
  }
  return RELATIVE.format(seconds, "second");
}

/** "9:41 AM": beside a message. */
export function clockTime(date) {
  return FORMATTERS.get("time").format(date);
}

/** The whole date and time, for a tooltip. */
export function fullTime(date) {
  return FULL.format(date);
}

/** The words on a day's separator: "Today", "Yesterday" or the date. */
export function dayName(date, now) {
  const words = formatDate(date, "{date_long_pretty}", now);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether two moments are on the same day here. */
export function sameDay(one, other) {
  return startOfDay(one) === startOfDay(other);
}
