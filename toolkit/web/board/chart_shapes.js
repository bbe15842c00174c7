// The shapes that charts share: words over several lines, labels, arrows, boxes.

import { svgNode } from "../shared/svg.js";

function wrapWords(words, most, rows = 3) {
  const lines = [];
  for (const word of String(words).split(/\s+/)) {
    const last = lines.length - 1;
    if (last >= 0 && `${lines[last]} ${word}`.length <= most) lines[last] += ` ${word}`;
    else lines.push(word.length > most ? `${word.slice(0, most - 1)}…` : word);
  }
  if (lines.length <= rows) return lines;
  return [...lines.slice(0, rows - 1), `${lines[rows - 1].slice(0, most - 1)}…`];
}

export function chartLabel(words, x, y, most, attributes = {}, rows = 3) {
  const lines = wrapWords(words, most, rows);
  return svgNode(
    "text",
    { x, y, ...attributes },
    ...lines.map((line, index) => svgNode("tspan", { x, dy: index ? 18 : 0 }, line)),
  );
}

export function chartArrow(x1, y1, x2, y2) {
  const turn = Math.atan2(y2 - y1, x2 - x1);
  const wing = (side) => `${x2 - 9 * Math.cos(turn + side)},${y2 - 9 * Math.sin(turn + side)}`;
  return svgNode(
    "g",
    {},
    svgNode("line", { x1, y1, x2, y2, class: "pw-arrow" }),
    svgNode("polygon", { points: `${x2},${y2} ${wing(0.45)} ${wing(-0.45)}`, class: "pw-tip" }),
  );
}

export function chartBox(words, x, y, wide, high, kind = "") {
  const lines = wrapWords(words, Math.floor(wide / 9));
  const first = y + high / 2 - (lines.length - 1) * 9 + 5;
  return svgNode(
    "g",
    { class: `pw-node ${kind}` },
    svgNode("rect", { x, y, width: wide, height: high, rx: 8 }),
    svgNode(
      "text",
      { x: x + wide / 2, y: first, "text-anchor": "middle" },
      ...lines.map((line, index) => svgNode("tspan", { x: x + wide / 2, dy: index ? 18 : 0 }, line)),
    ),
  );
}
