// The answers as the server has them: what comes from elsewhere never replaces what somebody is writing.

import { same } from "../shared/values.js";
import { inform } from "./head.js";
import { focusedQuestion, isReportBack, state } from "./page_state.js";
import { ask } from "./server.js";
import { requestVoicesSoon } from "./voices_request.js";

export const RETRY_AFTER = 1500;

// What a table's device offers is written down as the organization's: it stands in the field from now on.
export function showOffered(question, value, sequence) {
  delete state.going[question];
  state.newest[question] = Math.max(sequence, state.newest[question] ?? 0);
  showValue(question, value);
}

export function requestAnswersSoon() {
  state.answersDue ??= setTimeout(async () => {
    state.answersDue = undefined;
    await ask("GET", "api/answers")
      .then(takeAnswers)
      .catch(() => {});
  }, RETRY_AFTER);
}

export function keepValue(question, value) {
  state.values = { ...state.values, [question]: value };
  state.model.traits.values = state.values;
}

export function takeAnswers(update) {
  const now = state.me.table ? update.ours : update.mine;
  const lost = lostAnswers(update, now);
  const values = { ...withNewer(now, update.upto), ...lost };
  const inside = focusedQuestion();
  if (inside && !same(values[inside], state.values[inside]) && !isOwnChange(inside, values[inside]))
    postpone(inside, values[inside]);
  state.values = inside ? { ...values, [inside]: state.values[inside] } : values;
  state.model?.change("values", state.values);
  for (const [question, value] of Object.entries(lost))
    state.model?.emit("msg:custom", { type: "lost", question, value });
  requestVoicesSoon();
  state.report.soon();
}

export function takeChange({ voice, question, value, sequence }) {
  if (
    voice !== (state.me.table ? "ours" : "mine") ||
    sequence < (state.newest[question] ?? 0) ||
    isOwnChange(question, value)
  )
    return;
  if (same(value, state.values[question])) state.held = state.held?.question === question ? null : state.held;
  else if (question === focusedQuestion()) postpone(question, value);
  else showValue(question, value);
  if (isReportBack()) state.report.soon();
}

// What this very page has just sent comes back to it, as to every other page of the same person.
const isOwnChange = (question, value) => question in state.going && same(value, state.going[question]);

// What was read at the server before our newest words arrived there does not stand against them.
function withNewer(values, upto) {
  const newer = Object.entries(state.newest)
    .filter(([, sequence]) => sequence > upto)
    .map(([question]) => [question, state.values[question]]);
  return { ...values, ...Object.fromEntries(newer) };
}

// An older answers file was put back: numbers begin anew, and what stands here alone is sent again.
function lostAnswers({ restored, newer }, values) {
  if (restored === state.restored) return {};
  Object.assign(state, { restored, newest: {} });
  return Object.fromEntries(
    Object.entries(state.values).filter(
      ([question, value]) => !newer.includes(question) && !same(value, values[question]),
    ),
  );
}

function postpone(question, value) {
  state.held = { question, value };
  inform("Somebody else changed this answer just now. Both versions are kept.");
}

export function showValue(question, value) {
  keepValue(question, value);
  state.model?.emit("msg:custom", { type: "changed", question, value });
}
