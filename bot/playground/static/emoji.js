/** Emoji by their names, as far as cards and people are likely to use them here. */

const EMOJI = {
  "+1": "👍", "-1": "👎", "100": "💯", alarm_clock: "⏰", arrow_down: "⬇️", arrow_forward: "▶️", arrow_right: "➡️",
  arrow_up: "⬆️", arrows_counterclockwise: "🔄", ballot_box_with_check: "☑️", bar_chart: "📊", bell: "🔔",
  black_circle: "⚫", black_large_square: "⬛", blue_book: "📘", book: "📖", bookmark: "🔖", boom: "💥", brain: "🧠",
  bug: "🐛", bulb: "💡", calendar: "📆", chart_with_downwards_trend: "📉", chart_with_upwards_trend: "📈",
  checkered_flag: "🏁", clipboard: "📋", clock1: "🕐", clock3: "🕒", closed_lock_with_key: "🔐", computer: "💻",
  construction: "🚧", cry: "😢", double_vertical_bar: "⏸️", eyes: "👀", fast_forward: "⏩", file_folder: "📁",
  fire: "🔥", floppy_disk: "💾", gear: "⚙️", green_heart: "💚", grey_exclamation: "❕", grey_question: "❔",
  hammer_and_wrench: "🛠️", hash: "#️⃣", heart: "❤️", heavy_check_mark: "✔️", heavy_multiplication_x: "✖️",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", inbox_tray: "📥", information_source: "ℹ️", key: "🔑",
  label: "🏷️", large_blue_circle: "🔵", large_blue_square: "🟦", large_green_circle: "🟢", large_green_square: "🟩",
  large_orange_circle: "🟠", large_purple_circle: "🟣", large_red_square: "🟥", large_yellow_circle: "🟡",
  link: "🔗", lock: "🔒", mag: "🔍", mega: "📣", memo: "📝", microscope: "🔬", minus: "➖", moneybag: "💰",
  mute: "🔇", no_bell: "🔕", no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", ok_hand: "👌",
  outbox_tray: "📤", package: "📦", page_facing_up: "📄", paperclip: "📎", pause_button: "⏸️", point_right: "👉",
  pushpin: "📌", question: "❓", raised_hands: "🙌", red_circle: "🔴", repeat: "🔁", robot_face: "🤖",
  rocket: "🚀", rotating_light: "🚨", satellite: "🛰️", scroll: "📜", slightly_smiling_face: "🙂", smile: "😄",
  snail: "🐌", snowflake: "❄️", sos: "🆘", sparkles: "✨", speech_balloon: "💬", star: "⭐", stopwatch: "⏱️",
  tada: "🎉", thinking_face: "🤔", thumbsup: "👍", timer_clock: "⏲️", traffic_light: "🚥", trophy: "🏆",
  turtle: "🐢", warning: "⚠️", wastebasket: "🗑️", wave: "👋", white_check_mark: "✅", white_circle: "⚪",
  white_large_square: "⬜", white_square: "◽", wrench: "🔧", x: "❌", zap: "⚡", zzz: "💤",
};

/** The emoji of this name (skin tones are left out), or null. */
export function emojiNamed(name) {
  const plain = String(name).split("::")[0];
  return Object.hasOwn(EMOJI, plain) ? EMOJI[plain] : null;
}

/** The emoji of code points as rich text writes them ("1f680" or "1f3f4-200d-2620"), or null. */
export function emojiOfCodePoints(codes) {
  if (typeof codes !== "string" || !/^[0-9a-f]{2,6}(-[0-9a-f]{2,6}){0,9}$/i.test(codes)) return null;
  const points = codes.split("-").map((code) => Number.parseInt(code, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}
