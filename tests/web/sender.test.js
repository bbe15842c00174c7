import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Outbox } from "../../toolkit/web/shared/outbox.js";
import { Sender } from "../../toolkit/web/shared/sender.js";
import { withStorage } from "./browser.js";

let storage, messages, sender;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
  storage = withStorage();
  messages = [];
  sender = new Sender(
    new Outbox("w/o/p"),
    (message) => messages.push(message),
    () => {},
  );
});

afterEach(() => {
  sender.stop();
  mock.timers.reset();
});

const stored = (question) => JSON.parse(storage.getItem(`policy-workshop/w/o/p/${question}`));

test("what is typed is kept on the device at once and sent after the pause", () => {
  sender.note("serve", "Adults");
  assert.equal(stored("serve").value, "Adults");
  assert.equal(sender.stateOf("serve"), "saving");
  mock.timers.tick(399);
  assert.deepEqual(messages, []);
  mock.timers.tick(1);
  assert.equal(messages.length, 1);
  assert.deepEqual({ ...messages[0], id: "" }, { type: "save", id: "", question: "serve", value: "Adults" });
});

test("an answer is saved when the host has said so, and then leaves the device", () => {
  sender.note("serve", "Adults", 0);
  mock.timers.tick(0);
  assert.equal(sender.state(), "saving");
  sender.receive({ type: "saved", id: messages[0].id });
  assert.equal(sender.state(), "saved");
  assert.equal(stored("serve"), null);
});

test("one answer of a question is on its way at a time, and the newest follows", () => {
  sender.note("serve", "A", 0);
  mock.timers.tick(0);
  sender.note("serve", "AB", 0);
  sender.note("serve", "ABC", 0);
  mock.timers.tick(0);
  assert.deepEqual(
    messages.map((message) => message.value),
    ["A"],
  );
  assert.equal(stored("serve").before.value, "A");
  sender.receive({ type: "saved", id: messages[0].id });
  assert.deepEqual(
    messages.map((message) => message.value),
    ["A", "ABC"],
  );
});

test("without an answer it is sent again under the same id, and told as not saved", () => {
  sender.note("serve", "Adults", 0);
  for (let time = 0; time < 2_500; time += 100) mock.timers.tick(100);
  assert.equal(sender.stateOf("serve"), "unsaved");
  assert.ok(messages.length > 1);
  assert.equal(new Set(messages.map((message) => message.id)).size, 1);
});

test("what was refused stays on the device until somebody changes it", () => {
  sender.note("serve", "Adults", 0);
  mock.timers.tick(0);
  sender.receive({ type: "refused", id: messages[0].id, says: "Too long." });
  assert.equal(sender.stateOf("serve"), "refused");
  assert.equal(sender.pending.get("serve").refused, "Too long.");
  mock.timers.tick(60_000);
  assert.equal(messages.length, 1);
  assert.equal(stored("serve").value, "Adults");
});

test("words that wait for a decision leave neither the field nor the device", () => {
  sender.note("serve", "Call ", 0);
  mock.timers.tick(0);
  sender.note("serve", "Call 313", 400);
  sender.withhold("serve", "Call 313-555-0142", { rule: "c1_phone", found: "313-555-0142" });
  mock.timers.tick(60_000);
  assert.equal(sender.state(), "withheld");
  assert.ok(messages.every((message) => message.value === "Call "));
  assert.equal(stored("serve").value, "Call ");
});

test("what an earlier visit left is sent first as it was, then as it became", () => {
  sender.resume("serve", { id: "two", value: "AB", at: 2, before: { id: "one", value: "A" } });
  assert.deepEqual(
    messages.map(({ id, value }) => [id, value]),
    [["one", "A"]],
  );
  sender.receive({ type: "saved", id: "one" });
  assert.deepEqual(
    messages.map(({ id, value }) => [id, value]),
    [
      ["one", "A"],
      ["two", "AB"],
    ],
  );
});

test("half a date is neither sent nor called saved", () => {
  sender.markIncomplete("day", "This date is not complete.");
  assert.equal(sender.state(), "refused");
  sender.clearIncomplete("day");
  mock.timers.tick(10_000);
  assert.deepEqual([sender.pending.size, messages], [0, []]);
});

test("who types without a pause is sent at the end of a word, and never within a number", () => {
  const words = "we serve adults who live in Wayne County and call 313-555 ";
  for (let end = 1; end <= words.length; end += 1) {
    sender.note("serve", words.slice(0, end));
    mock.timers.tick(100);
  }
  assert.ok(messages.length > 0);
  assert.ok(messages.every((message) => message.value.endsWith(" ") && !/\d/.test(message.value)));
});

test("an act is sent as it is, with an id", () => {
  sender.note("opinion/a1", { type: "opinion", question: "serve", answer: "a1", agrees: true, note: "" }, 0);
  mock.timers.tick(0);
  assert.deepEqual([messages[0].type, messages[0].answer, messages[0].id.length], ["opinion", "a1", 32]);
});
