// What a press sends to the notebook, and that a question it brought is in view.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";

export function pressButton(words, key, act, attributes = {}) {
  const made = node("button", { type: "button", "data-key": key, ...attributes }, asText(words));
  made.addEventListener("click", act);
  return made;
}

const lastPress = new WeakMap();

const JUST_NOW = 3000;

export function sendChoice(host, id, value) {
  lastPress.set(host, Date.now());
  host.send({ type: "chose", id, value });
}

export function scrollIntoView(made, host) {
  if (Date.now() - (lastPress.get(host) ?? 0) < JUST_NOW)
    requestAnimationFrame(() => made.scrollIntoView({ block: "nearest" }));
  return made;
}

export const onChoice = (host, id, value) => () => sendChoice(host, id, value);
