// Bars, one chart or several beside each other; what may not be counted has no length.

import { svgNode } from "../shared/svg.js";
import { chartLabel } from "./chart_shapes.js";

function barRow(bar, y, wide, most) {
  const length = bar.share == null ? 0 : Math.max(bar.share * wide, bar.share ? 2 : 0);
  const few =
    bar.share == null ? [svgNode("rect", { x: 0.5, y: y + 8.5, width: 40, height: 13, class: "pw-few" })] : [];
  return svgNode(
    "g",
    {},
    chartLabel(bar.label, 0, y, most, { class: "pw-name" }, 1),
    svgNode("rect", { x: 0, y: y + 8, width: wide, height: 14, class: "pw-ground" }),
    svgNode("rect", { x: 0, y: y + 8, width: length, height: 14, class: "pw-length" }),
    ...few,
    svgNode("text", { x: wide + 10, y: y + 20, class: "pw-count" }, bar.words),
  );
}

export function barChart(items, wide, step) {
  return {
    width: wide + 120,
    height: Math.max(items.length, 1) * step,
    parts: items.map((bar, index) => barRow(bar, index * step + 16, wide, 80)),
  };
}

export function barCharts(charts) {
  const across = 2,
    wide = 340,
    column = 500;
  const parts = [];
  let top = 0;
  for (let first = 0; first < charts.length; first += across) {
    const beside = charts.slice(first, first + across);
    beside.forEach((chart, chartIndex) => {
      const x = chartIndex * column;
      const rows = chart.bars.map((bar, row) => barRow(bar, 72 + row * 46, wide, 52));
      parts.push(
        svgNode(
          "g",
          { transform: `translate(${x} ${top})` },
          chartLabel(chart.title, 0, 16, 52, { class: "pw-chart" }),
          ...rows,
        ),
      );
    });
    top += 84 + Math.max(...beside.map((chart) => chart.bars.length)) * 46;
  }
  return { width: across * column - 20, height: Math.max(top, 20), parts };
}
