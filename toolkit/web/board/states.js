// The states of an answer, as a sign and a word.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";

export const STATES = {
  agreed: ["✓", "Agreed"],
  answered: ["✓", "Answered"],
  proposed: ["◐", "Proposed"],
  tied: ["=", "Tied"],
  open: ["", "Not answered yet"],
  paper: ["▤", "Done on paper"],
  ready: ["✓", "Ready"],
};

export function chip(state, words) {
  const [sign, name] = STATES[state] ?? ["", ""];
  return node(
    "span",
    { class: "pw-chip", "data-state": state in STATES ? state : "" },
    sign && node("span", { "aria-hidden": "true" }, sign + " "),
    words || name,
  );
}

export function cellContent(value) {
  return value !== null && typeof value === "object" ? chip(asText(value.state), asText(value.words)) : asText(value);
}
