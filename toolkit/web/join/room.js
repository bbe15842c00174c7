// Where the room is: which stage is shown, and when it may change under somebody who is writing.

import { hasPendingAnswers } from "../form/form_in_page.js";
import { byId } from "../shared/dom.js";
import { same } from "../shared/values.js";
import { RETRY_AFTER, showValue, takeAnswers } from "./answers.js";
import { returnWords } from "./device.js";
import { inform, showHead } from "./head.js";
import { showHand } from "./help_status.js";
import { focusedQuestion, isOpen, stageOf, state } from "./page_state.js";
import { show } from "./page_view.js";
import { ask } from "./server.js";
import { requestVoices } from "./voices_request.js";

export function leaveIfOut({ status }) {
  if (status === 401) show("again");
  if (status === 410) takeRoom({ ...state.room, ended: true });
}

export function takeRoom(update) {
  const before = state.room;
  state.room = update;
  if (before?.stage !== update.stage || before?.state !== update.state)
    state.looking = keepsLooking(before, update) ? state.looking : "";
  if (before && (before.vote !== update.vote || before.ballot !== update.ballot)) state.report.soon();
  checkAddress(update.addresses ?? []);
  showCurrent();
  void renewWorksheet();
}

// A page that was reached at one of the workshop's addresses is told when that one is not among them any more.
function checkAddress(places) {
  const isHere = places.includes(location.host);
  state.isAddressGone = state.isAddressKnown && !isHere;
  state.isAddressKnown ||= isHere;
}

// The worksheet, or the length of the workshop, was changed while this page was open.
async function renewWorksheet() {
  if (state.sheetDue || !state.room.sheet || state.room.sheet === state.sheet.mark) return;
  state.sheetDue = true;
  try {
    const [sheet, answers] = await Promise.all([ask("GET", "api/worksheet"), ask("GET", "api/answers")]);
    state.sheet = sheet;
    takeAnswers(answers); // another version may ask again what was answered before
    showCurrent();
  } catch {
    // it is tried again
  }
  state.sheetDue = false;
  if (state.room && state.room.sheet !== state.sheet.mark) setTimeout(renewWorksheet, RETRY_AFTER);
}

const TEXT_FIELDS = "#form textarea, #form input:not([type=radio]):not([type=checkbox])";

// The newest questions are shown when nobody writes here, and everything that was written has arrived.
export const mayRedraw = () => !document.activeElement?.matches?.(TEXT_FIELDS) && !hasPendingAnswers(byId("form"));

export function showPostponed() {
  if (state.isTurnDue && mayRedraw()) showCurrent();
  const { question, value } = state.held ?? {};
  if (!question || question === focusedQuestion()) return;
  state.held = null;
  showValue(question, value);
}

// Closing softly, or more time, never turns the page away from what somebody is reading.
const keepsLooking = (before, update) => Boolean(before) && before.stage === update.stage && update.state !== "open";

export function showCurrent() {
  state.isTurnDue = false;
  showHand();
  if (state.room.ended) return showEnd();
  if (!stageOf(state.looking)) state.looking = "";
  const stageId = state.looking || (isOpen() && stageOf(state.room.stage) ? state.room.stage : "");
  // Its stage is in no worksheet any more.
  if (!stageId && isOpen() && state.view === "stage" && !mayRedraw()) return redrawLater();
  if (!stageId) return show("waiting");
  showStage(stageId);
}

// What was begun and never offered leaves the device, and so do the return words; what was not sent stays, and is told.
function showEnd() {
  returnWords.drop(state.me.identity);
  state.rejoin = "";
  state.model.emit("msg:custom", { type: "ended" });
  show("ended");
}

export function lookAt(id) {
  state.looking = id;
  showCurrent();
}

function redrawLater() {
  state.isTurnDue = true;
  showHead();
}

function showStage(id) {
  const before = state.model.get("stage");
  const turned = before.id !== id;
  const changed = !turned && !same(before, stageOf(id));
  state.isTurnDue = changed && !mayRedraw(); // who is writing finishes there first
  if (turned || (changed && !state.isTurnDue)) {
    state.model.change("stage", stageOf(id));
    requestVoices();
  }
  if (changed && !state.isTurnDue) inform("The facilitator changed the questions. Answers that were saved are safe.");
  if (turned) state.view = "";
  show("stage");
}
