import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { state } from "../../toolkit/web/join/page_state.js";
import { requestVoices, takeChangedVoices } from "../../toolkit/web/join/voices_request.js";

const STAGE = { id: "stakeholders" };
let replies, requests, shown;

// A stand-in for the form's model: what a page shows of its stage.
const model = () => {
  const traits = { stage: STAGE, voices: {} };
  return {
    get: (name) => traits[name],
    change(name, value) {
      traits[name] = value;
      if (name === "voices") shown = value;
    },
  };
};

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  [replies, requests, shown] = [[], [], {}];
  globalThis.fetch = (path) => {
    requests.push(path);
    return new Promise((resolve) => replies.push((body) => resolve({ ok: true, status: 200, json: async () => body })));
  };
  Object.assign(state, { model: model(), voicesDue: undefined, voicesAt: 0, voicesAsked: 0 });
});

afterEach(() => mock.timers.reset());

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function showStage(voices) {
  const asked = requestVoices();
  replies.shift()(voices);
  await asked;
}

test("what changed replaces its question alone, and null takes one away", async () => {
  await showStage({ serve: { answered: 1 }, approve: { answered: 2 } });
  takeChangedVoices({ serve: { answered: 2 }, approve: null });
  assert.deepEqual(shown, { serve: { answered: 2 } });
  assert.equal(requests.length, 1, "nothing more is asked for");
});

test("what is told while the whole is on its way is asked for once more: either may be the older one", async () => {
  const asked = requestVoices();
  takeChangedVoices({ serve: { answered: 3 } });
  replies.shift()({ serve: { answered: 2 } });
  await asked;
  assert.deepEqual(shown, { serve: { answered: 2 } });
  mock.timers.tick(4000);
  replies.shift()({ serve: { answered: 3 } });
  await settled();
  assert.deepEqual(shown, { serve: { answered: 3 } });
  assert.equal(requests.length, 2);
});

test("nobody who has left takes voices", () => {
  state.model = null;
  takeChangedVoices({ serve: { answered: 3 } });
  assert.deepEqual(shown, {});
});
