// Coming in: by the link's key or a code, by return words, or as who is known on this device.

import { renderForm } from "../form/form_in_page.js";
import { byId } from "../shared/dom.js";
import { randomHex } from "../shared/random_hex.js";
import { RETRY_AFTER } from "./answers.js";
import { linkKey, returnWords } from "./device.js";
import { showFoot } from "./foot.js";
import { FormModel } from "./form_model.js";
import { state } from "./page_state.js";
import { show } from "./page_view.js";
import { ReportBack } from "./report_back.js";
import { onReportResult, sendMessage } from "./sending.js";
import { ANOTHER_ADDRESS, Refusal, ask, isTemporary } from "./server.js";
import { openStream } from "./updates.js";
import { keepFieldInPlace, onVoteChange } from "./vote_on_page.js";

export async function enterCode(code) {
  const reply = await ask("POST", "api/door", { code: code });
  if (reply.me) return enterOrRetry(reply.me);
  Object.assign(state, { key: reply.key, title: reply.title, organizations: reply.organizations });
  linkKey.keep(reply.key);
  show(reply.organizations.length ? "organization" : "name");
}

export async function joinWorkshop(who) {
  if (!who.organization.trim()) throw new Refusal(422, "Write the name of your organization.");
  const reply = await ask("POST", "api/join", { code: state.key, id: joinId(who), ...who });
  keepReturnWords(reply.me, reply.rejoin);
  await enterOrRetry(reply.me);
}

// The same person asks with the same id again, so that a lost answer makes nobody twice.
function joinId(who) {
  const identity = JSON.stringify(who);
  if (state.joining.said !== identity) state.joining = { said: identity, id: randomHex(16) };
  return state.joining.id;
}

export function keepReturnWords(me, words) {
  state.rejoin = words;
  returnWords.keep(me.identity, words);
}

// Let in is let in: when the way is cut just now, the page tries again, and nobody comes in twice.
export async function enterOrRetry(me) {
  try {
    await enterWorkshop(me);
  } catch (fault) {
    if (fault.status === 401)
      throw new Refusal(
        401,
        "This browser does not accept cookies, so it cannot stay in the workshop. " +
          "Allow cookies for this page, or open it in another browser.",
      );
    if (!isTemporary(fault)) throw fault;
    retryLater(fault);
  }
}

async function enterWorkshop(me) {
  const before = state.me?.identity;
  [state.me, state.sheet] = await Promise.all([me ?? ask("GET", "api/me"), ask("GET", "api/worksheet")]);
  if (before !== state.me.identity) state.values = {}; // nobody's words are sent as another's
  state.title = state.me.title;
  state.rejoin = state.rejoin || returnWords.read(state.me.identity);
  linkKey.drop();
  showFoot();
  openForm();
  openStream();
}

// A table's form counts what all of its organization said.
const PERSON_TEXTS = { progress: "You answered {done} of {all}" };

// The form is there from now on, even while nothing is open: what an earlier visit left unsent goes at once.
function openForm() {
  state.leave?.();
  state.report?.close();
  state.report = new ReportBack({
    vote: byId("vote"),
    release: byId("release"),
    me: state.me,
    asks: ask,
    onResult: onReportResult,
    onVoteChange,
    steady: keepFieldInPlace,
  });
  state.model = new FormModel(
    {
      stage: {},
      values: state.values,
      identity: state.me.identity,
      editable: true,
      texts: state.me.table ? {} : PERSON_TEXTS,
      voices: {},
    },
    sendMessage,
  );
  state.leave = renderForm({ model: state.model, el: byId("form") });
}

function keyOfLink() {
  const codeInAddress = location.hash.slice(1);
  if (codeInAddress) history.replaceState(null, "", "./");
  return codeInAddress || linkKey.read();
}

export async function start() {
  state.key = keyOfLink() || state.key;
  try {
    await (state.key ? enterCode(state.key) : enterWorkshop());
  } catch (fault) {
    await startWithoutKey(fault);
  }
}

// The key may be an old one, or the workshop over: whoever is known on this device is in all the same.
async function startWithoutKey(fault) {
  if (isTemporary(fault)) return retryLater(fault);
  if (!state.key) return show("code", fault.status === 401 ? "" : fault.message);
  linkKey.drop();
  state.key = "";
  try {
    await enterWorkshop();
  } catch (other) {
    isTemporary(other) ? retryLater(other) : fault.status === 410 ? show("over") : show("code", fault.message);
  }
}

function retryLater(fault) {
  show("unreachable", fault instanceof Refusal && fault.status !== ANOTHER_ADDRESS ? fault.message : "");
  setTimeout(start, RETRY_AFTER + Math.random() * RETRY_AFTER);
}
