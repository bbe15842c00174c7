// Cuts a text into the same sentences as toolkit.drafts.checks.sentences, so that a rule finds the same in both.

const NEW_LINE = /\n\s{0,20}(?![a-z\s])/;

const LIST_MARK = /^\s*(?:[-*•–·?]|\d{1,2}[.)]|[a-z][.)])\s+/;
const SENTENCE_END = /[.!?…]+["'”’)\]]{0,3}\s+/g;
const SHORT_FORMS = new Set(["e.g", "i.e", "etc", "cf", "vs", "dr", "mr", "mrs", "ms", "jr", "inc", "dept", "u.s"]);
const INITIALS = /^(?!I$)[A-Z](?:\.[A-Z]){0,3}$/;
const LONGEST_SENTENCE = 800;
const OVERLAP = 200;
const oneLine = (text) => text.split(/\s+/).filter(Boolean).join(" ");

export function sentences(text) {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .split(NEW_LINE)
    .map((line) => oneLine(line.replace(LIST_MARK, "")));
  return lines.flatMap(splitLine).flatMap(cutLong);
}

function splitLine(line) {
  const pieces = [];
  let start = 0;
  for (const stop of line.matchAll(SENTENCE_END)) {
    if (!endsHere(line, stop)) continue;
    pieces.push(line.slice(start, stop.index + stop[0].length).trim());
    start = stop.index + stop[0].length;
  }
  return line.slice(start).trim() ? [...pieces, line.slice(start).trim()] : pieces;
}

function endsHere(line, stop) {
  const last = line.slice(Math.max(0, stop.index - 12), stop.index).match(/[\p{L}\p{N}_.]{1,12}$/u)?.[0] ?? "";
  const after = line.slice(stop.index + stop[0].length).slice(0, 1);
  const small = /^\p{Ll}/u.test(after);
  if (small || stop[0].trim() !== ".") return !small;
  return !(
    SHORT_FORMS.has(last.toLowerCase()) ||
    INITIALS.test(last) ||
    (last.toLowerCase() === "no" && /\d/.test(after))
  );
}

function cutLong(sentence) {
  const pieces = [];
  for (let at = 0; at < Math.max(1, sentence.length - OVERLAP); at += LONGEST_SENTENCE - OVERLAP)
    pieces.push(sentence.slice(at, at + LONGEST_SENTENCE));
  return pieces;
}
