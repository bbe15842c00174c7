// The report-back on a board: columns of lines to group, dots to give, the ranks.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { BOARD_ID } from "./board_id.js";
import { onChoice, pressButton } from "./choices.js";

let lineCount = 0;

export function lineColumn(block, host) {
  const items = block.points.map((point) => {
    const id = `pw-line-${BOARD_ID}-${lineCount++}`;
    const dotted =
      point.dots == null
        ? null
        : node("span", { class: "pw-chip" }, `${point.dots} ${point.dots === 1 ? "dot" : "dots"}`);
    const own = point.group
      ? point.lines.map((line) =>
          node("p", { class: "pw-line" }, node("span", { class: "pw-who" }, asText(line.who)), " ", asText(line.words)),
        )
      : [node("p", { class: "pw-who" }, asText(point.lines[0]?.who))];
    const name = node(block.free ? "strong" : "label", block.free ? {} : { for: id }, asText(point.title));
    const card = node("li", {
      class: "pw-point",
      "data-group": point.group ? "true" : "",
      draggable: block.free ? "" : "true",
    });
    if (!block.free) {
      const tick = node("input", { type: "checkbox", id, "data-key": `${block.id}/${point.id}` });
      tick.checked = point.picked;
      tick.addEventListener("change", onChoice(host, block.id, point.id));
      card.append(tick);
      card.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", point.id));
      card.addEventListener("dragover", (event) => {
        event.preventDefault();
        card.dataset.over = "true";
      });
      card.addEventListener("dragleave", () => {
        card.dataset.over = "";
      });
      card.addEventListener("drop", (event) => {
        event.preventDefault();
        card.dataset.over = "";
        const from = event.dataTransfer.getData("text/plain");
        if (from && from !== point.id) host.send({ type: "chose", id: "drop", value: `${from}|${point.id}` });
      });
    }
    card.append(node("div", {}, name, " ", dotted, ...own));
    return card;
  });
  const nothing = items.length ? null : node("p", { class: "pw-why" }, "Nothing is released here yet.");
  return node(
    "section",
    { class: "pw-column" },
    node("h3", {}, asText(block.title)),
    nothing,
    node("ul", {}, ...items),
    block.empty ? node("p", { class: "pw-why" }, asText(block.empty)) : null,
  );
}

export function ballot(block, host) {
  const rows = block.items.map((item) => {
    const count = node(
      "span",
      { class: "pw-given" },
      node("span", { "aria-hidden": "true" }, "●".repeat(Math.min(item.mine, 12))),
      ` ${item.mine}`,
      block.unit ? ` ${block.unit}` : node("span", { class: "pw-away" }, item.mine === 1 ? " dot" : " dots"),
    );
    const less = pressButton("−", `${block.id}/-${item.id}`, onChoice(host, block.id, `-${item.id}`), {
      class: "pw-second",
      "aria-label": `Take a dot back from: ${item.title}`,
      ...(item.mine ? {} : { disabled: "disabled" }),
    });
    const more = pressButton("+", `${block.id}/+${item.id}`, onChoice(host, block.id, `+${item.id}`), {
      class: "pw-second",
      "aria-label": `Give a dot to: ${item.title}`,
      ...(block.left ? {} : { disabled: "disabled" }),
    });
    return node("li", {}, node("span", { class: "pw-point-title" }, asText(item.title)), count, less, more);
  });
  return node(
    "div",
    { class: "pw-ballot", role: "group", "aria-label": asText(block.legend) },
    node("p", { role: "status" }, asText(block.words)),
    node("ul", {}, ...rows),
  );
}

// A count that may not be said has no length either.
export const rankList = (block) =>
  node(
    "ol",
    { class: "pw-ranks", "aria-label": asText(block.label) },
    ...block.items.map((item) => {
      const filled = node("div", { class: "pw-filled" });
      filled.style.inlineSize = `${100 * (item.share ?? 0)}%`;
      return node(
        "li",
        {},
        node("span", { class: "pw-place" }, `${item.place}.`),
        node(
          "div",
          {},
          node("strong", {}, asText(item.title)),
          item.who ? node("span", { class: "pw-why" }, asText(item.who)) : null,
          node(
            "div",
            { class: "pw-share" },
            item.share == null ? null : node("div", { class: "pw-track" }, filled),
            node("span", {}, asText(item.words)),
          ),
        ),
      );
    }),
  );
