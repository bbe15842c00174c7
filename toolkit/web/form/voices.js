// How equal answers are shown as one, and how several are put together.

import { isText } from "../shared/text.js";
import { same } from "../shared/values.js";

const joinWith = (mark) => (values) => values.filter(isText).join(mark);
const union = (values) => values.flat().filter((value, at, all) => all.findIndex((other) => same(other, value)) === at);

// The kinds whose answers can be put together, and how; the others are picked or written anew.
export const COMBINE = { text: joinWith("; "), long_text: joinWith("\n"), list: union, choices: union };

// Equal answers share one card, with everybody's name on it; one's own name comes first.
export function groupEqual(voices) {
  const cards = new Map();
  for (const voice of voices) {
    const card = cards.get(voice.reads) ?? { ...voice, ids: [], people: [] };
    card.ids.push(voice.id);
    card.people[voice.mine ? "unshift" : "push"](voice);
    cards.set(voice.reads, card);
  }
  return [...cards.values()];
}
