// Client details are asked about before they leave the field, or go out with a button.

import { clientDetailQuestion } from "./client_detail_question.js";
import { firstField } from "./fields.js";

// The same question as at a field, for words that go out with a button.
export function askBeforeSending(panel, change) {
  /** @type {() => void} */
  let again = () => {};
  /** @type {any} */
  let hit = null;
  const tell = (isKept) => panel.form.notifyHost({ type: "tripwire", rule: hit.rule, kept: isKept });
  const box = clientDetailQuestion(panel.texts, change, () => {
    panel.form.allowed.add(`${panel.key} ${hit.found}`);
    tell(true);
    hit = null;
    box.show(null);
    again();
  });
  return {
    node: box.node,
    clear: (values, then) => {
      const before = hit;
      again = then;
      hit = values.map(([kind, value]) => findNewDetailIn(panel.form, panel.key, kind, value)).find(Boolean) ?? null;
      if (before && !hit) panel.form.notifyHost({ type: "tripwire", rule: before.rule, kept: false });
      box.show(hit);
      return !hit;
    },
  };
}

// The first find that nobody has allowed, and that is not in what was saved before.
export function findNewDetail(form, view, value) {
  return findNewDetailIn(form, view.key, view.question.kind, value);
}

export function findNewDetailIn(form, key, kind, value) {
  const hits = form.clientDetails.find(kind, value).filter((hit) => !form.allowed.has(`${key} ${hit.found}`));
  if (!hits.length) return null;
  const before = form.clientDetails.find(kind, form.answers.stored[key]).map((hit) => hit.found);
  return hits.find((hit) => !before.includes(hit.found)) ?? null;
}

export function withholdAnswer(form, view, value, hit) {
  form.sender.withhold(view.key, value, hit);
}

// The question is answered: kept, or the words are changed; how often is told, never what.
export function endClientDetailQuestion(form, view, isKept) {
  const withheld = form.sender.pending.get(view.key)?.withheld;
  if (!withheld) return;
  form.sender.allow(view.key);
  form.notifyHost({ type: "tripwire", rule: withheld.hit.rule, kept: isKept });
}

export function keepClientDetail(form, view) {
  const withheld = form.sender.pending.get(view.key)?.withheld;
  if (!withheld) return;
  form.allowed.add(`${view.key} ${withheld.hit.found}`);
  const next = findNewDetail(form, view, withheld.value);
  endClientDetailQuestion(form, view, true);
  if (next) return withholdAnswer(form, view, withheld.value, next);
  form.sender.note(view.key, withheld.value, 0);
  form.sender.sendNow(view.key);
  if (view.node.contains(document.activeElement) || document.activeElement === document.body)
    firstField(view.control).focus();
}
