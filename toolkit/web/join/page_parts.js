// The small parts of which views are built.

import { node } from "../shared/dom.js";
import { state } from "./page_state.js";

export const actionButton = (words, click, kind = "pw-button") =>
  node("button", { type: "button", class: kind, click }, words);
export const paragraph = (words, kind) => node("p", { class: kind }, words);
export const pageHeading = (words) => node("h1", { tabindex: "-1" }, words);
export const errorLine = (words) =>
  words && node("p", { class: "pw-wrong", id: "wrong", role: "alert", tabindex: "-1" }, words);

export function inputField(label, attributes, words) {
  const input = node("input", {
    class: "pw-input",
    autocomplete: "off",
    ...attributes,
    ...(words ? { "aria-invalid": "true", "aria-describedby": "wrong" } : {}),
  });
  return [input, node("label", {}, label, input)];
}

// What is typed here outlives an error, a lost connection and a step back.
export function entryField(part, label, attributes, words) {
  const [input, field] = inputField(label, { ...attributes, value: state.typed[part] }, words);
  input.addEventListener("input", () => {
    state.typed[part] = input.value;
  });
  return [input, field];
}

export const MOMENT = "One moment…";
export const submitButton = (words) => node("button", { type: "submit", class: "pw-button" }, words);

// Return words are copied by hand: a line's end at one of their hyphens would read as a hyphen that is not there.
export const unbroken = (words, kind = "span") => node(kind, { class: "pw-unbroken" }, words);
