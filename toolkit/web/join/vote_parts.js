// The parts of a point that the room votes on.

import { node } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { REPORT_TEXTS } from "./report_back_texts.js";

export const dotCount = (n) =>
  node(
    "span",
    { class: "pw-given" },
    node("span", { "aria-hidden": "true" }, "●".repeat(n)),
    node("span", { class: "pw-away" }, fill(n === 1 ? REPORT_TEXTS.dot : REPORT_TEXTS.dots, { n })),
  );

// A group has the room's own title, and whose lines are in it; a line alone says whose it is.
export function pointWords(title, lines, group) {
  const own = group
    ? lines.map(({ who, words }) => node("p", { class: "pw-line" }, node("strong", {}, who), ` ${words}`))
    : lines.map(({ who }) => node("p", { class: "pw-quiet" }, who));
  return node("div", { class: "pw-said" }, node("p", { class: "pw-point-title" }, title), ...own);
}
