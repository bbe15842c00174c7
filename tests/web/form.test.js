import assert from "node:assert/strict";
import { test } from "node:test";
import { Answers } from "../../toolkit/web/form/answers.js";
import { hasOwnWords } from "../../toolkit/web/form/cautions.js";
import { ClientDetailFinder } from "../../toolkit/web/form/client_details.js";
import { holds } from "../../toolkit/web/form/conditions.js";
import { sentences } from "../../toolkit/web/form/sentences.js";
import { COMBINE, groupEqual } from "../../toolkit/web/form/voices.js";
import { unsentInWords } from "../../toolkit/web/join/unsent_words.js";
import { minutesAndSeconds } from "../../toolkit/web/shared/clock_words.js";
import { fill } from "../../toolkit/web/shared/text.js";
import { sameAnswer } from "../../toolkit/web/shared/values.js";

const PHONE = {
  id: "c1_phone",
  name: "A phone number",
  pattern: "\\d{3}-\\d{4}",
  unless: "hotline",
  why: "It is theirs.",
};

test("a text is cut where its sentences end", () => {
  assert.deepEqual(sentences("One. Two! three? Four"), ["One.", "Two! three?", "Four"]);
  assert.deepEqual(sentences("See e.g. the law. U.S. law. No. 5 is it."), [
    "See e.g. the law.",
    "U.S. law.",
    "No. 5 is it.",
  ]);
  assert.deepEqual(sentences("- a\n* b\n 3) c\nd"), ["a", "b", "c d"]);
  assert.deepEqual(sentences(" \n\t "), []);
});

test("a client detail is found in the words of an answer, and not beside what excuses it", () => {
  const finder = new ClientDetailFinder([PHONE]);
  assert.deepEqual(
    finder.find("long_text", "Call (555-0142).").map(({ rule, found }) => [rule, found]),
    [["c1_phone", "555-0142"]],
  );
  assert.deepEqual(finder.find("text", "Our hotline is 555-0142."), []);
  assert.deepEqual(finder.find("contact", { reach: "555-0142" }), []);
  assert.equal(finder.find("choices", ["a", { other: "Ask 555-0142" }]).length, 1);
  assert.equal(finder.find("list", ["one", "555-0142"]).length, 1);
});

test("a rule that this browser cannot read keeps nobody from writing", () => {
  const finder = new ClientDetailFinder([{ ...PHONE, pattern: "(" }, PHONE]);
  assert.equal(finder.find("text", "555-0142").length, 1);
});

test("a question is shown when one of its conditions holds", () => {
  const conditions = [{ question: "kind", is: ["shelter", "clinic"] }, { question: "staff" }];
  assert.ok(holds([], {}));
  assert.ok(holds(undefined, {}));
  assert.ok(!holds(conditions, {}));
  assert.ok(!holds(conditions, { kind: "school" }));
  assert.ok(holds(conditions, { kind: ["school", "clinic"] }));
  assert.ok(holds(conditions, { staff: "12" }));
});

test("what is on its way stands above what is stored", () => {
  const pending = new Map([
    ["a", { value: "new" }],
    ["b", { value: null }],
    ["c", { unfinished: "half" }],
    ["d", { value: "kept", withheld: { value: "asked about" } }],
    ["e", { value: "no", refused: "Too long." }],
  ]);
  const answers = new Answers({ pending });
  answers.stored = { a: "old", b: "old", c: "old" };
  assert.deepEqual(answers.all(), { a: "new", b: null, c: "old", d: "kept", e: "no" });
  assert.deepEqual([answers.valueOf("b"), answers.valueOf("c"), answers.valueOf("z")], [null, "old", null]);
  assert.deepEqual(answers.unsent(), [
    ["a", "new"],
    ["d", "asked about"],
    ["e", "no"],
  ]);
  assert.deepEqual(answers.refused(), [["e", "no"]]);
  assert.ok(answers.hasPending());
});

test("the host's own form of an answer is what is stored", () => {
  const pending = new Map([["a", { sent: { id: "1", value: " x " } }]]);
  const answers = new Answers({ pending });
  answers.takeSaved({ id: "0", question: "a" });
  assert.deepEqual(answers.stored, {});
  answers.takeSaved({ id: "1", question: "a" });
  assert.deepEqual(answers.stored, { a: " x " });
  answers.takeSaved({ id: "1", question: "a", value: "x" });
  assert.deepEqual(answers.stored, { a: "x" });
});

test("the space around words is no other answer", () => {
  assert.ok(sameAnswer("a ", "a"));
  assert.ok(sameAnswer(["a ", "b"], ["a", " b"]));
  assert.ok(sameAnswer(undefined, null));
  assert.ok(!sameAnswer("a", null));
  assert.ok(!sameAnswer(["a", "b"], ["b", "a"]));
});

test("equal answers share a card with one's own name first", () => {
  const voices = [
    { id: "1", reads: "Adults", mine: false },
    { id: "2", reads: "All", mine: false },
    { id: "3", reads: "Adults", mine: true },
  ];
  const [adults, all] = groupEqual(voices);
  assert.deepEqual(
    [adults.ids, adults.people.map((each) => each.id)],
    [
      ["1", "3"],
      ["3", "1"],
    ],
  );
  assert.deepEqual(all.ids, ["2"]);
});

test("answers are combined by their kind", () => {
  assert.equal(COMBINE.text(["a", null, "b"]), "a; b");
  assert.equal(COMBINE.long_text(["a", "b"]), "a\nb");
  assert.deepEqual(
    COMBINE.choices([
      ["a", { other: "x" }],
      ["b", "a", { other: "x" }],
    ]),
    ["a", { other: "x" }, "b"],
  );
  assert.equal(COMBINE.date, undefined);
});

test("what people typed is not what they only chose", () => {
  assert.ok(hasOwnWords("text", "a"));
  assert.ok(!hasOwnWords("choice", "a"));
  assert.ok(hasOwnWords("choice", { other: "a" }));
  assert.ok(hasOwnWords("choices", ["a", { other: "b" }]));
});

test("an unsent answer is read with its question", () => {
  const questions = new Map([["serve", { ask: "Whom do you serve?", options: [{ id: "adults", label: "Adults" }] }]]);
  assert.equal(unsentInWords(["serve", "adults"], questions), "Whom do you serve?\nAdults");
  assert.equal(
    unsentInWords(["serve", [{ other: "Teens" }, "adults"]], questions),
    "Whom do you serve?\nTeens\nAdults",
  );
  const offer = ["propose/serve", { question: "serve", value: "All", note: "For now" }];
  assert.equal(unsentInWords(offer, questions), "Whom do you serve?\nAll\nFor now");
  assert.equal(unsentInWords(["reveal/serve", { question: "serve" }], questions), null);
});

test("a clock counts whole seconds and never below zero", () => {
  assert.deepEqual([3600, 61, 59.2, 0, -5].map(minutesAndSeconds), ["60:00", "1:01", "1:00", "0:00", "0:00"]);
});

test("a text is filled with what is there", () => {
  assert.equal(fill("{n} of {of} {what}", { n: 0, of: 3 }), "0 of 3 {what}");
});
