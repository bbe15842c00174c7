import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Outbox } from "../../toolkit/web/shared/outbox.js";
import { unsentOnDevice } from "../../toolkit/web/join/device.js";
import { withStorage } from "./browser.js";

let storage, outbox;

beforeEach(() => {
  storage = withStorage();
  outbox = new Outbox("w/o/p");
});

test("what is kept is found again by the same person and by nobody else", () => {
  outbox.keep("serve", { id: "one", value: "Adults", at: 1 });
  assert.deepEqual(new Outbox("w/o/p").entries(), [["serve", { id: "one", value: "Adults", at: 1 }]]);
  assert.deepEqual(new Outbox("w/o/other").entries(), []);
});

test("another page's words for the same question stay", () => {
  outbox.keep("serve", { id: "two", value: "newer", at: 2 });
  outbox.drop("serve", "one");
  assert.equal(outbox.read("serve").value, "newer");
  outbox.drop("serve", "two");
  assert.equal(outbox.read("serve"), null);
});

test("where nothing can be kept it says so, and goes on", () => {
  storage.isFull = true;
  assert.equal(outbox.keep("serve", { id: "one", value: "Adults", at: 1 }), false);
  assert.equal(outbox.works, false);
  storage.isFull = false;
  assert.equal(outbox.keep("serve", { id: "one", value: "Adults", at: 1 }), true);
  assert.equal(outbox.works, true);
});

test("what is damaged is no entry", () => {
  storage.setItem("policy-workshop/w/o/p/serve", "{");
  storage.setItem("policy-workshop/w/o/p/data", '{"value": 1}');
  assert.deepEqual(outbox.entries(), []);
});

test("the page lists what a person did not send, and what anybody did not", () => {
  outbox.keep("serve", { id: "one", value: "Adults", at: 1 });
  new Outbox("w/o/other").keep("data", { id: "two", value: "Names", at: 2 });
  storage.setItem("policy-workshop/key", '"secret"');
  assert.deepEqual(unsentOnDevice("w/o/p"), [["serve", "Adults"]]);
  assert.deepEqual(unsentOnDevice(""), [
    ["serve", "Adults"],
    ["data", "Names"],
  ]);
});
