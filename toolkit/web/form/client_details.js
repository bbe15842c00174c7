// Finds what points to a client in an answer, by the rules of the worksheet.

import { isText } from "../shared/text.js";
import { isOther } from "../shared/values.js";
import { sentences } from "./sentences.js";

const MATCH_EDGES = /^[ \t("“‘,;:/-]+|[ \t("“‘,;:/-]+$/g;
const otherText = (value) => (isOther(value) ? [String(value.other)] : []);

// The words of an answer, by kind; a contact may hold a phone number, the rest are no words.
const WORDS_OF = {
  text: (value) => [value],
  long_text: (value) => [value],
  list: (value) => value,
  choice: otherText,
  choices: (value) => value.flatMap(otherText),
};

export class ClientDetailFinder {
  constructor(rules) {
    this.rules = (rules ?? []).map(compileRule).filter(Boolean);
    this.known = new Map();
  }

  // What the rules find in an answer: [{rule, name, why, found}].
  find(kind, value) {
    const texts = value == null ? [] : (WORDS_OF[kind]?.(value) ?? []);
    return texts
      .filter(isText)
      .flatMap(sentences)
      .flatMap((sentence) => this.inSentence(sentence));
  }

  inSentence(sentence) {
    if (this.known.size > 500) this.known.clear();
    if (!this.known.has(sentence))
      this.known.set(
        sentence,
        this.rules.flatMap((rule) => matchesOf(rule, sentence)),
      );
    return this.known.get(sentence);
  }
}

function compileRule({ id, name, pattern, flags, unless, why }) {
  try {
    return {
      id,
      name,
      why,
      pattern: new RegExp(pattern, `g${flags ?? ""}`),
      unless: unless ? new RegExp(unless, flags ?? "") : null,
    };
  } catch {
    return null; // a rule that this browser cannot read must not keep anybody from writing
  }
}

function matchesOf(rule, sentence) {
  if (rule.unless?.test(sentence)) return [];
  return [...sentence.matchAll(rule.pattern)].map((match) => ({
    rule: rule.id,
    name: rule.name,
    why: rule.why,
    found: match[0].replace(MATCH_EDGES, ""),
  }));
}
