// The stage that is open, what to say about it, how far each organization is, whose turn it is to speak.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";

export const stageState = (block) =>
  node(
    "div",
    { class: "pw-stage", "data-state": asText(block.state) },
    node("h2", {}, asText(block.title)),
    node("p", { class: "pw-state", role: "status" }, asText(block.words)),
    block.instruction ? node("p", {}, asText(block.instruction)) : null,
  );
export const speakingNotes = (block) =>
  node(
    "details",
    { class: "pw-told", open: block.open ? "open" : "" },
    node("summary", {}, asText(block.title)),
    block.words ? node("p", {}, asText(block.words)) : null,
    node(
      "ul",
      { class: "pw-say" },
      ...block.items.map((item) =>
        node(
          "li",
          {},
          node("strong", {}, asText(item.title)),
          " ",
          node("span", { class: "pw-why" }, asText(item.minutes)),
          node("p", {}, asText(item.words)),
        ),
      ),
    ),
  );

export const tallyList = (block) =>
  node(
    "ul",
    {
      class: "pw-tally",
      "data-many":
        block.items.length > 36 ? "very" : block.items.length > 27 ? "many" : block.items.length > 14 ? "more" : "",
      "aria-label": asText(block.label),
    },
    ...block.items.map((item) => {
      const filled = node("div", { class: "pw-filled" });
      filled.style.inlineSize = `${item.of ? Math.round((100 * item.done) / item.of) : 0}%`;
      return node(
        "li",
        {},
        node("span", { class: "pw-tally-name" }, asText(item.name)),
        node("span", { class: "pw-why" }, `${item.note ? `${item.note}, ` : ""}${item.done} of ${item.of}`),
        node("div", { class: "pw-track" }, filled),
      );
    }),
  );

const TURN_WORDS = { now: "speaks now", done: "has spoken", next: "" };
export const turnList = (block) =>
  node(
    "ol",
    { class: "pw-turns", "aria-label": asText(block.label) },
    ...block.items.map((item) =>
      node(
        "li",
        { "data-state": asText(item.state), "aria-current": item.state === "now" ? "true" : "" },
        asText(item.name),
        TURN_WORDS[item.state] ? node("span", { class: "pw-why" }, ` ${TURN_WORDS[item.state]}`) : null,
      ),
    ),
  );
