// What was not sent, at the end of the page: it can be read and copied.

import { refusedAnswers, unsentAnswers } from "../form/form_in_page.js";
import { byId, node, setText } from "../shared/dom.js";
import { copyText } from "./clipboard.js";
import { unsentOnDevice } from "./device.js";
import { inform, isLongAway } from "./head.js";
import { actionButton, paragraph } from "./page_parts.js";
import { INSIDE, state } from "./page_state.js";
import { unsentInWords } from "./unsent_words.js";

function unsentTexts(refused) {
  const here = state.model ? unsentAnswers(byId("form")) : [];
  const unsent = new Map(refused.length ? refused : [...unsentOnDevice(state.me?.identity), ...here]);
  const questions = new Map(
    (state.sheet?.stages ?? []).flatMap((stage) => stage.questions.map((question) => [question.key, question])),
  );
  return [...unsent].map((entry) => unsentInWords(entry, questions)).filter(Boolean);
}

export const isUnsentShown = () =>
  ["ended", "again", "unreachable"].includes(state.view) ||
  (INSIDE.includes(state.view) && (isLongAway() || answersWithoutQuestion().length > 0));

// What was refused, and has no field any more: the worksheet does not ask it now.
function answersWithoutQuestion() {
  const keys = new Set((state.sheet?.stages ?? []).flatMap((stage) => stage.questions.map((question) => question.key)));
  return state.model ? refusedAnswers(byId("form")).filter(([key, value]) => !keys.has(value?.question ?? key)) : [];
}

const ONLY_HERE = "Only this device has these words. Copy them, or show them to the facilitator.";
// A browser keeps what it stores by address.
const TAKE_ALONG =
  "The new page cannot see these words. Copy them, scan the code, then paste them into your answers there.";
const SENT_LATER = "These words are on this device. They are sent by themselves when the workshop can be reached here.";

// Drawn anew only when it is another text: somebody may be reading, or selecting words.
export function showUnsent() {
  const isUnasked = INSIDE.includes(state.view) && state.view !== "ended" && !isLongAway();
  const words = isUnsentShown() ? unsentTexts(isUnasked ? answersWithoutQuestion() : []) : [];
  const text = words.join("\n\n");
  byId("unsent").hidden = !words.length;
  const news = [state.view, isUnasked, state.isAddressGone, text].join();
  if (news === state.shownUnsent) return;
  state.shownUnsent = news;
  const many = words.length === 1 ? "One answer" : `${words.length} answers`;
  const head =
    state.view === "ended"
      ? `${many} did not arrive before the end`
      : isUnasked
        ? `${many} to a question that is not asked any more`
        : `${many} not sent yet`;
  const field = node("textarea", { class: "pw-input", rows: "6", readonly: true, "aria-labelledby": "unsent-head" });
  const status = node("p", { class: "pw-quiet", role: "status" });
  field.value = text;
  const copy = () =>
    setText(status, copyText(field) ? "Copied." : "The words are selected. Copy them with your device's own menu.");
  const what = state.view === "ended" || isUnasked ? ONLY_HERE : state.isAddressGone ? TAKE_ALONG : SENT_LATER;
  if (isUnasked && words.length)
    inform(`${many} could not be saved. Copy the words at the end of this page.`, () => state.shownUnsent === news);
  byId("unsent").replaceChildren(
    ...(words.length
      ? [
          node("h2", { id: "unsent-head" }, head),
          paragraph(what),
          field,
          node("div", { class: "pw-row" }, actionButton("Copy these words", copy, "pw-second")),
          status,
        ]
      : []),
  );
}
