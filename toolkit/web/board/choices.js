// What a press sends to the notebook, and that a question it brought is in view.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";

export function pressButton(words, key, act, attributes = {}) {
  const element = node("button", { type: "button", "data-key": key, ...attributes }, asText(words));
  element.addEventListener("click", act);
  return element;
}

const lastPress = new WeakMap();

const JUST_NOW = 3000;

export function sendChoice(host, id, value) {
  lastPress.set(host, Date.now());
  host.send({ type: "chose", id, value });
}

export function scrollIntoView(element, host) {
  if (Date.now() - (lastPress.get(host) ?? 0) < JUST_NOW)
    requestAnimationFrame(() => element.scrollIntoView({ block: "nearest" }));
  return element;
}

export const onChoice = (host, id, value) => () => sendChoice(host, id, value);
