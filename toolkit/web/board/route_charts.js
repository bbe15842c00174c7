// A route through numbered steps, and a map of stakeholders around the organization.

import { chartArrow, chartBox, chartLabel } from "./chart_shapes.js";

export function routeChart(nodes) {
  const across = 3,
    wide = 210,
    high = 76,
    gap = 45;
  const at = (index) => ({ x: (index % across) * (wide + gap) + 1, y: Math.floor(index / across) * (high + gap) + 1 });
  const parts = nodes.flatMap((words, index) => {
    const { x, y } = at(index);
    const element = [chartBox(`${index + 1}. ${words}`, x, y, wide, high, index === nodes.length - 1 ? "pw-last" : "")];
    if (index + 1 < nodes.length) {
      const next = at(index + 1);
      element.push(
        next.y === y
          ? chartArrow(x + wide, y + high / 2, next.x, y + high / 2)
          : chartArrow(x + wide / 2, y + high, next.x + wide / 2, next.y),
      );
    }
    return element;
  });
  return {
    width: across * (wide + gap) - gap + 2,
    height: Math.max(Math.ceil(nodes.length / across), 1) * (high + gap) - gap + 2,
    parts,
  };
}

export function stakeholderMap({ center, left, right, left_title, right_title }) {
  const wide = 230,
    high = 58,
    step = 70,
    all = Math.max(left.length, right.length, 1);
  const height = all * step + 30,
    middle = 30 + (all * step) / 2 - 6;
  const side = (words, count, x, draw) =>
    words
      .map((entry, index) => {
        const y = 30 + ((all - count) * step) / 2 + index * step;
        return [chartBox(entry, x, y, wide, high), draw(y + high / 2)];
      })
      .flat();
  return {
    width: 792,
    height,
    parts: [
      chartLabel(left_title, 1, 14, 40, { class: "pw-chart" }),
      chartLabel(right_title, 561, 14, 40, { class: "pw-chart" }),
      ...side(left, left.length, 1, (y) => chartArrow(1 + wide, y, 296, middle)),
      ...side(right, right.length, 561, (y) => chartArrow(496, middle, 561, y)),
      chartBox(center, 296, middle - 48, 200, 96, "pw-last"),
    ],
  };
}
