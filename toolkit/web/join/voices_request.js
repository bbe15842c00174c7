// The colleagues' voices: asked for when a stage is shown, and told by the server when something in them changes.

import { state } from "./page_state.js";
import { Refusal, ask } from "./server.js";

const VOICES_AFTER = 300; // what comes in close together is asked for once
const VOICES_EVERY = 3000; // and what goes on coming, only so often

export function requestVoicesSoon() {
  if (state.voicesDue) return;
  const wait = Math.max(VOICES_AFTER, state.voicesAt + VOICES_EVERY - Date.now());
  state.voicesDue = setTimeout(requestVoices, wait + Math.random() * VOICES_AFTER);
}

export async function requestVoices() {
  clearTimeout(state.voicesDue);
  const stage = state.model?.get("stage").id; // no model: whoever was here has left
  const requestedAt = Date.now();
  Object.assign(state, { voicesDue: undefined, voicesAt: requestedAt });
  if (!stage) return;
  state.voicesAsked += 1;
  try {
    const voices = await ask("GET", `api/voices?stage=${encodeURIComponent(stage)}`);
    if (stage === state.model?.get("stage").id && requestedAt === state.voicesAt) state.model.change("voices", voices);
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.status === 429) requestVoicesSoon();
  }
  state.voicesAsked -= 1;
}

// Takes the questions whose voices changed; null for one whose voices are not shown any more. What was asked for
// meanwhile may be older or newer than this: then it is asked once more.
export function takeChangedVoices(changed) {
  if (state.voicesAsked) return requestVoicesSoon();
  const voices = { ...state.model?.get("voices"), ...changed };
  const shown = Object.entries(voices).filter(([, entry]) => entry);
  state.model?.change("voices", Object.fromEntries(shown));
}
