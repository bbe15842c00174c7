// When wordings that may be too broad are asked about, and which of them are shown.

import { same } from "../shared/values.js";
import { hasOwnWords } from "./cautions.js";
import { firstField } from "./fields.js";

// Which wordings may be too broad is asked when the words are saved and nobody is in the field any more.
export function askCautions(form, view) {
  const value = form.answers.valueOf(view.key);
  if (form.sender.pending.has(view.key) || view.node.contains(document.activeElement) || same(value, view.looked))
    return;
  view.looked = value;
  hasOwnWords(view.question.kind, value)
    ? form.notifyHost({ type: "cautions", question: view.key })
    : showCautions(form, view, []);
}

export function showCautions(form, view, cautions) {
  view.cautions = cautions.filter(({ found }) => !form.allowed.has(`${view.key} ${found}`));
  view.looks.show(view.cautions);
}

export function dismissCaution(form, view, caution) {
  form.allowed.add(`${view.key} ${caution.found}`);
  showCautions(form, view, view.cautions);
  firstField(view.control).focus();
}
