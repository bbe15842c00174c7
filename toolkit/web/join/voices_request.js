// Asks for the colleagues' voices when something is new, and not too often.

import { state, voiceOf } from "./page_state.js";
import { Refusal, ask } from "./server.js";

const VOICES_AFTER = 300; // what comes in close together is asked for once
const VOICES_EVERY = 3000; // and what goes on coming, only so often

// While colleagues are hidden, only whether one has answered is shown, not what.
export function changesVoices(question, value) {
  const voices = voiceOf(question);
  if (state.me.table) return Boolean(voices?.revealed); // nobody else is on a phone: nothing to see
  return !voices || voices.revealed || (value != null) !== voices.voices.some((voice) => voice.mine);
}

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
  try {
    const voices = await ask("GET", `api/voices?stage=${encodeURIComponent(stage)}`);
    if (stage === state.model?.get("stage").id && requestedAt === state.voicesAt) state.model.change("voices", voices);
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.status === 429) requestVoicesSoon();
  }
}
