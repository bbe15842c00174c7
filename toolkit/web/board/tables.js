// Tables on a board: plain ones, the progress of all organizations, and the files that were written.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { STATES, cellContent, chip } from "./states.js";

export function dataTable(block) {
  const head = node("tr", {}, ...block.columns.map((words) => node("th", { scope: "col" }, asText(words))));
  const rows = block.rows.map((row) =>
    node(
      "tr",
      {},
      ...row.map((value, index) => node(index ? "td" : "th", index ? {} : { scope: "row" }, cellContent(value))),
    ),
  );
  return scrollRegion(
    block,
    node("table", {}, node("caption", {}, asText(block.caption)), node("thead", {}, head), node("tbody", {}, ...rows)),
  );
}

export function progressMatrix(block) {
  const head = node(
    "tr",
    {},
    node("th", { scope: "col" }, asText(block.corner)),
    node("th", { scope: "col" }, "Done"),
    ...block.columns.map((words, index) =>
      node(
        "th",
        { scope: "col", title: asText(words) },
        node("span", { "aria-hidden": "true" }, String(index + 1)),
        node("span", { class: "pw-away" }, asText(words)),
      ),
    ),
  );
  const rows = block.rows.map((row) => {
    return node(
      "tr",
      {},
      node(
        "th",
        { scope: "row" },
        asText(row.name),
        row.note ? node("span", { class: "pw-note" }, asText(row.note)) : null,
      ),
      node("td", { class: "pw-sum" }, asText(row.sum)),
      ...row.states.map((state) => {
        const [sign, name] = STATES[state] ?? ["", "Not asked"];
        return node(
          "td",
          { class: "pw-cell", "data-state": state in STATES ? state : "" },
          node("span", { "aria-hidden": "true" }, sign),
          node("span", { class: "pw-away" }, name),
        );
      }),
    );
  });
  const element = scrollRegion(
    block,
    node(
      "table",
      { class: "pw-matrix" },
      node("caption", {}, asText(block.caption)),
      node("thead", {}, head),
      node("tbody", {}, ...rows),
    ),
  );
  const key = node(
    "p",
    { class: "pw-key" },
    ...["agreed", "proposed", "tied", "open", ...(block.rows.some((row) => row.note) ? ["paper"] : [])].map((state) =>
      chip(state),
    ),
  );
  return node("div", {}, element, key);
}

export function fileList(block) {
  const element = scrollRegion(block, node("ul", {}, ...block.items.map((name) => node("li", {}, asText(name)))));
  element.classList.add("pw-files");
  return element;
}

function scrollRegion(block, inside) {
  return node(
    "div",
    { class: "pw-scroll", tabindex: "0", role: "region", "aria-label": asText(block.caption) },
    inside,
  );
}
