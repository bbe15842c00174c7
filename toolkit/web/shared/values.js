// Answers as values: when two are the same.

import { isText } from "./text.js";

export const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
export const isOther = (value) => value !== null && typeof value === "object" && "other" in value;

// An answer as the host keeps it: the space after the last word is no news.
const trimmed = (value) => (isText(value) ? value.trim() : Array.isArray(value) ? value.map(trimmed) : value);

export const sameAnswer = (one, other) => same(trimmed(one), trimmed(other));
