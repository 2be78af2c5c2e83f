/** The data visualization block: lines as a small SVG. Reference: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */

import { asList, asText, h } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 480;
const HEIGHT = 210;
const EDGE = { left: 76, right: 12, top: 10, bottom: 44 };
const LINES_ACROSS = 4;
const MOST_LABELS = 6;
const DIGITS = 3;
const MOST_CHARACTERS = 7;

/** A line chart with its legend. Of other kinds, which the bot does not send, only the title and the kind. */
export function chart(block) {
  const title = h("figcaption", { class: "chart__title", dir: "auto" }, asText(block.title));
  const { type, series, axis_config: axis } = block.chart ?? {};
  if (type !== "line") return h("figure", { class: "chart" }, title, `a ${asText(type)} chart`);
  const lines = asList(series);
  return h("figure", { class: "chart" }, title, picture(asText(block.title), lines, axis ?? {}), legend(lines));
}

function picture(title, lines, axis) {
  const categories = asList(axis.categories).map(asText);
  const scale = scaleOf(lines, categories);
  const named = lines.map((line) => asText(line?.name)).join(", ");
  return svg("svg", { class: "chart__picture", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}: ${named}` },
    [...grid(scale), ...labels(categories, scale), ...lines.map((line, index) => curve(line, index, categories, scale)),
      words(asText(axis.x_label), WIDTH - EDGE.right, HEIGHT - 4, "end")]);
}

/** Where values and categories lie in the picture. Halved first: no difference may be infinite. */
function scaleOf(lines, categories) {
  const values = lines.flatMap((line) => asList(line?.data).map((point) => Number(point?.value)));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const height = high / 2 - low / 2;
  const share = (value) => (height > 0 ? (value / 2 - low / 2) / height : 0.5);
  return {
    low, high,
    x: (index) => EDGE.left + (categories.length > 1 ? index / (categories.length - 1) : 0.5) * (WIDTH - EDGE.left - EDGE.right),
    y: (value) => HEIGHT - EDGE.bottom - share(value) * (HEIGHT - EDGE.top - EDGE.bottom),
  };
}

function grid({ low, high, y }) {
  const parts = low < high ? Array.from({ length: LINES_ACROSS + 1 }, (_, part) => part / LINES_ACROSS) : [0];
  return parts.flatMap((part) => {
    const value = low * (1 - part) + high * part;
    return [
      svg("line", { class: "chart__grid", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(value), y2: y(value) }),
      words(shortNumber(value), EDGE.left - 6, y(value) + 4, "end"),
    ];
  });
}

/** Some of the categories' names, the first and the last among them. */
function labels(categories, { x }) {
  const last = categories.length - 1;
  const every = Math.max(1, Math.ceil(last / (MOST_LABELS - 1)));
  const isShown = (index) => index === last || (index % every === 0 && last - index >= every * 0.8);
  return categories.flatMap((name, index) => {
    if (!isShown(index)) return [];
    const anchor = index === 0 ? "start" : index === last ? "end" : "middle";
    return [words(name, x(index), HEIGHT - EDGE.bottom + 16, last > 0 ? anchor : "middle")];
  });
}

function curve(line, index, categories, { x, y }) {
  const found = new Map(asList(line?.data).map((point) => [asText(point?.label), Number(point?.value)]));
  const points = categories.flatMap((name, place) => (found.has(name) ? [[x(place), y(found.get(name)), name, found.get(name)]] : []));
  const path = points.map(([left, top], place) => `${place === 0 ? "M" : "L"}${left.toFixed(1)} ${top.toFixed(1)}`).join("");
  const dots = points.map(([cx, cy, name, value]) => {
    return svg("circle", { class: "chart__dot", cx, cy, r: 2.4 }, [svg("title", {}, [`${asText(line.name)}, ${name}: ${value}`])]);
  });
  return svg("g", { class: `chart__line chart__line--${index}`, "data-series": asText(line?.name) }, [svg("path", { d: path }), ...dots]);
}

function legend(lines) {
  return h("ul", { class: "chart__legend" }, lines.map((line, index) => {
    return h("li", { class: `chart__name chart__line--${index}`, dir: "auto" }, h("span", { class: "chart__key" }), asText(line?.name));
  }));
}

function words(text, x, y, anchor) {
  return svg("text", { class: "chart__words", x, y, "text-anchor": anchor }, [text]);
}

/** Short enough for the space left of the grid: 0.0000774 is written 7.74e-5. */
function shortNumber(value) {
  const plain = String(Number(value.toPrecision(DIGITS)));
  return plain.length > MOST_CHARACTERS ? String(value.toExponential(DIGITS - 1)).replace(/\.?0*e\+?/, "e") : plain;
}

function svg(tag, attributes, children = []) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
