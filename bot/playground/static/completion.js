/** What could be meant by what is being typed. No DOM: the composer shows it. */

const MOST_JOBS = 8;

/**
 * Suggestions at the caret: {from, to, items}, or null when there is nothing to suggest.
 *
 * Each item is {label, detail, insert, kind}. `known` has slashCommand, slashHint, commands, jobs, users and bot.
 */
export function suggest(text, caret, known) {
  const typed = text.slice(0, caret);
  const token = /\S*$/.exec(typed)[0];
  const from = caret - token.length;
  const found = candidates(typed.slice(0, from), token, known);
  if (found.length === 0 || (found.length === 1 && found[0].insert.trim() === token)) return null;
  return { from, to: caret, items: found };
}

function candidates(before, token, known) {
  if (before === "" && token.startsWith("/")) return slashCommands(token, known);
  if (token.startsWith("@")) return mentions(token, known);
  const words = before.trim();
  const isAddressed = words.startsWith(`${known.slashCommand} `) || words === known.slashCommand;
  const isMention = words.startsWith(`@${known.bot.name}`);
  if (!isAddressed && !isMention) return [];
  const isFirst = words === known.slashCommand || words === `@${known.bot.name}`;
  return [...(isFirst ? subCommands(token, known) : options(words, token, known)), ...jobs(token, known)];
}

/** The words that a command takes behind an id, in brackets in its usage, but for those that are there already. */
function options(words, token, known) {
  const [, name, ...rest] = words.split(/\s+/);
  const command = rest.length > 0 && usages(known).find(({ words: usage }) => literal(usage).trim() === name);
  if (!command) return [];
  const brackets = [...command.words.matchAll(/\[([\w|]+)\]/g)].map(([, inside]) => inside.split("|"));
  return brackets
    .filter((choices) => !choices.some((choice) => rest.includes(choice)))
    .flat()
    .filter((choice) => choice.startsWith(token.toLowerCase()))
    .map((choice) => ({ kind: "command", label: choice, detail: "", insert: `${choice} ` }));
}

/** As Slack does it: the command itself and its hint. What comes behind it is completed word by word. */
function slashCommands(token, known) {
  const { slashCommand, slashHint } = known;
  if (!slashCommand.startsWith(token)) return [];
  return [{ kind: "command", label: slashCommand, detail: slashHint, insert: `${slashCommand} ` }];
}

function subCommands(token, known) {
  return usages(known)
    .filter(({ words }) => literal(words) && literal(words).startsWith(token.toLowerCase()))
    .map(({ words, summary }) => ({ kind: "command", label: words, detail: summary, insert: literal(words) }));
}

/** A command's usage without the slash command's own name. */
function usages({ commands, slashCommand }) {
  return commands.map(({ usage, summary }) => {
    const words = usage.startsWith(slashCommand) ? usage.slice(slashCommand.length) : usage;
    return { words: words.trim(), summary: summary.replaceAll("`", "") };
  });
}

/** The words of a usage that are typed as they stand: all before its first placeholder. */
function literal(words) {
  const fixed = words.split(/[<[{]/)[0];
  return fixed === words ? words : fixed.trimStart();
}

function mentions(token, { users, bot }) {
  const wanted = token.slice(1).toLowerCase();
  const names = [bot.name, ...Object.values(users).map((user) => user.name).filter((name) => name !== bot.name)];
  return names
    .filter((name) => name.toLowerCase().startsWith(wanted))
    .map((name) => ({
      kind: "mention",
      label: `@${name}`,
      detail: name === bot.name ? "the bot: ask it for a job here" : "",
      insert: `@${name} `,
    }));
}

function jobs(token, known) {
  const wanted = token.toLowerCase();
  return known.jobs.filter((job) => isMeant(job, wanted)).slice(0, MOST_JOBS).map((job) => ({
    kind: "job",
    label: job.request_id,
    detail: `${job.experiment_name ?? ""} · ${String(job.status ?? "").toLowerCase()}`,
    insert: job.request_id,
  }));
}

/** A job is meant by the beginning of its id or of any word of its name. */
function isMeant({ request_id: requestId, experiment_name: name }, wanted) {
  const words = String(name ?? "").toLowerCase();
  const starts = [requestId.toLowerCase(), words, ...words.split(/[\s_-]+/)];
  return starts.some((start) => start.startsWith(wanted));
}
