// What the form says: the state of each answer, which questions are shown, how many are answered, the bar on top.

import { setText } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { holds } from "./conditions.js";
import { showStatus } from "./form_head.js";
import { showState } from "./question.js";

export function showAnswerState(form, view) {
  const pending = form.sender.pending.get(view.key);
  if (!pending?.unfinished) view.held = null;
  const state = pending || form.answers.valueOf(view.key) !== null ? form.sender.stateOf(view.key) : "empty";
  showState(view, state, pending?.refused || view.held || "");
  view.asks.show(pending?.withheld?.hit ?? null);
}

export function showVisibleQuestions(form) {
  const values = form.answers.all();
  for (const view of form.views) view.node.hidden = !holds(view.question.show_if, values);
  const visible = form.views.filter((view) => !view.node.hidden);
  const answered = visible.filter((view) => isQuestionAnswered(form, view.key)).length;
  setText(form.bar.progress, fill(form.texts.progress, { done: answered, all: visible.length }));
}

// A person's form counts what they said; a table's what anyone of the organization said (toolkit.answers.progress).
function isQuestionAnswered(form, key) {
  const voices = form.model.get("voices")?.[key];
  return form.answers.valueOf(key) !== null || Boolean(voices?.table && voices.answered);
}

export function showFormState(form) {
  const state = form.sender.state();
  if (state === "ready" && !form.editable())
    return showStatus(form.bar, "ready", form.texts.closed, form.texts.closed_more);
  const calm = state === "ready" && Object.values(form.answers.stored).some((value) => value != null) ? "saved" : state;
  showStatus(form.bar, calm, form.texts[calm], detailOf(form, calm));
}

function detailOf(form, state) {
  if (state === "ready") return form.texts.ready_more;
  if (state === "withheld") return form.texts.look_below;
  if (state === "refused") return form.texts.look_again;
  if (state !== "unsaved") return "";
  const failed = [...form.sender.pending.values()].map((pending) => pending.failed).find(Boolean);
  return [form.outbox.works ? form.texts.kept : form.texts.not_kept, failed].filter(Boolean).join(". ");
}
