// A chart as a figure: the drawing, its sentence, and the same as a table.

import { node } from "../shared/dom.js";
import { svgNode } from "../shared/svg.js";
import { asText } from "../shared/text.js";
import { barChart, barCharts } from "./bar_charts.js";
import { routeChart, stakeholderMap } from "./route_charts.js";
import { dataTable } from "./tables.js";

let figureCount = 0;

const CHARTS = {
  bars: (shapes) => barChart(shapes.bars, 640, 52),
  multiples: (shapes) => barCharts(shapes.charts),
  path: (shapes) => routeChart(shapes.nodes),
  map: (shapes) => stakeholderMap(shapes),
};

export function figure(block) {
  const id = `pw-picture-${figureCount++}`;
  const chart = CHARTS[block.shapes.kind]?.(block.shapes);
  const head = node("figcaption", {}, node("strong", {}, asText(block.title)), node("p", {}, asText(block.summary)));
  const behind = node(
    "details",
    {},
    node("summary", {}, "The same as a table"),
    dataTable({ caption: block.title, columns: block.columns, rows: block.rows }),
  );
  if (!chart || !block.rows.length) return node("figure", { class: "pw-figure" }, head);
  const svg = svgNode(
    "svg",
    {
      viewBox: `0 0 ${chart.width} ${chart.height}`,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-about`,
      class: "pw-picture",
    },
    svgNode("title", { id: `${id}-title` }, asText(block.title)),
    svgNode("desc", { id: `${id}-about` }, asText(block.summary)),
    ...chart.parts,
  );
  svg.style.maxWidth = `${chart.width}px`;
  return node(
    "figure",
    { class: "pw-figure" },
    head,
    node("div", { class: "pw-scroll", tabindex: "0", role: "region", "aria-label": asText(block.title) }, svg),
    behind,
  );
}
