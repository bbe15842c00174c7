// What the form sends, as requests to the server; "saved" is said when the server has it for good.

import { keepValue, requestAnswersSoon, showOffered } from "./answers.js";
import { setReached } from "./connection.js";
import { isReportBack, state, voiceOf } from "./page_state.js";
import { leaveIfOut } from "./room.js";
import { ANOTHER_ADDRESS, NEVER_MORE, Refusal, ask } from "./server.js";
import { requestVoices } from "./voices_request.js";

async function saveAnswer({ id, question, value }) {
  if (state.held?.question === question) state.held = null;
  state.going[question] = value;
  try {
    const { sequence, repeated, ...reply } = await ask("PUT", `api/answers/${id}`, { question, value });
    const stored = "value" in reply ? reply.value : value;
    delete state.going[question];
    state.newest[question] = Math.max(sequence, state.newest[question] ?? 0);
    setReached(true);
    state.model.emit("msg:custom", { type: "saved", id, question, value: stored });
    keepValue(question, stored);
    if (repeated) requestAnswersSoon(); // it came before: something newer may stand by now
    if (isReportBack()) state.report.soon();
  } catch (fault) {
    onNotSaved(fault, { id, question });
  }
}

// What a person does with colleagues' voices; "saved" is said when the server has it for good, as for an answer.
async function sendAct(method, path, { id, question }, body) {
  if (state.me.table && "value" in body) state.going[question] = body.value;
  try {
    const { sequence, ...reply } = await ask(method, path, { question, ...body });
    setReached(true);
    state.model.emit("msg:custom", { type: "saved", id, question });
    if (sequence && state.me.table) showOffered(question, "value" in reply ? reply.value : body.value, sequence);
    requestVoices();
  } catch (fault) {
    onNotSaved(fault, { id, question });
  }
}

// What nobody waits for: a count, a sign that somebody writes. Lost is lost.
const sendUnawaited = (path, body) => ask("POST", path, body).catch(() => {});

// A hint that cannot be had is no fault: the draft will say it in its margin.
async function requestCautions(question) {
  const reply = await ask("GET", `api/cautions?question=${encodeURIComponent(question)}`).catch(() => null);
  if (reply) state.model.emit("msg:custom", { type: "cautions", question, cautions: reply.cautions });
}

const SEND_BY_TYPE = {
  save: saveAnswer,
  propose: (message) =>
    sendAct("PUT", `api/proposals/${message.id}`, message, {
      value: message.value,
      made_from: message.made_from,
      note: message.note,
    }),
  opinion: (message) =>
    sendAct("PUT", `api/opinions/${message.id}`, message, {
      answer: message.answer,
      agrees: message.agrees,
      note: message.note,
    }),
  reveal: (message) => sendAct("POST", "api/reveal", message, {}),
  writing: ({ question }) => {
    if (voiceOf(question)?.revealed) sendUnawaited("api/writing", { question });
  },
  cautions: ({ question }) => void requestCautions(question),
  tripwire: ({ rule, kept }) => void sendUnawaited("api/tripwire", { rule, kept }),
};

export const sendMessage = (message) => void SEND_BY_TYPE[message.type]?.(message);

function onNotSaved(fault, message) {
  const refused = fault instanceof Refusal && fault.status !== ANOTHER_ADDRESS;
  setReached(refused);
  const type = refused && NEVER_MORE.has(fault.status) ? "refused" : "failed";
  state.model.emit("msg:custom", { ...message, type, says: refused ? fault.message : "" });
  leaveIfOut(fault);
}

export function onReportResult(fault) {
  const refused = fault instanceof Refusal && fault.status !== ANOTHER_ADDRESS;
  setReached(!fault || refused);
  if (refused) leaveIfOut(fault);
  return refused && NEVER_MORE.has(fault.status);
}
