/** Line icons on a 20 × 20 grid, drawn here because nothing is loaded from elsewhere. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  archive: "M3 4h14v4H3zM4 8v8h12V8M8 11h4",
  arrowDown: "M10 4v12M5 11l5 5 5-5",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1a2 2 0 0 0 4 0v-1a7 7 0 1 0-2.7 5.5",
  back: "M12 4l-6 6 6 6",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1.5h-13zM8.5 17.5h3",
  bin: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11",
  bot: "M10 3v3M5 6h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2zM7.5 10v1.5M12.5 10v1.5M1 10v3M19 10v3",
  close: "M5 5l10 10M15 5L5 15",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zm8 2.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  hash: "M8 3L6 17M14 3l-2 14M4 7.5h13M3 12.5h13",
  image: "M3 4h14v12H3zM3 14l4-4 3 3 3-3 4 4M7 8h.01",
  lock: "M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3",
  menu: "M3 5h14M3 10h14M3 15h14",
  moon: "M16 11.5A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.5z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  reply: "M3 4h14v9H9l-4 4v-4H3z",
  send: "M3 10l14-6-4 13-3.5-5zM9.5 12L17 4",
  shared: "M7 9a3 3 0 1 0 0-.01M13.5 8.5a2.5 2.5 0 1 0 0-.01M2 16c0-2.5 2-4 5-4s5 1.5 5 4M13.5 12c2.5 0 4.5 1.3 4.5 3.5",
  slash: "M13 3L7 17",
  sparkle: "M10 3l1.8 5.2L17 10l-5.2 1.8L10 17l-1.8-5.2L3 10l5.2-1.8z",
  sun: "M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5l1.4 1.4M14.1 14.1l1.4 1.4M4.5 15.5l1.4-1.4M14.1 5.9l1.4-1.4",
  system: "M3 4h14v9H3zM8 17h4M10 13v4",
  warning: "M10 3l8 14H2zM10 8v4M10 14.5h.01",
};

/** An icon that says nothing to a screen reader: the control around it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
