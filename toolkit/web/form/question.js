// One question on the page: its words, its control, and the state of its answer.

import { node, setText } from "../shared/dom.js";
import { AFTER_LAST_KEY } from "../shared/sender.js";
import { cautionList } from "./cautions.js";
import { clientDetailQuestion } from "./client_detail_question.js";
import { CONTROLS } from "./controls.js";
import { FIELDS, firstField } from "./fields.js";

export function questionView(question, id, texts, handlers) {
  const row = CONTROLS[question.kind] ?? CONTROLS.long_text;
  const says = explanations(question, id, texts);
  const control = row.build({ question, id, texts, describedBy: says.ids });
  const mark = node("span", { class: "pw-mark" });
  const asks = clientDetailQuestion(
    texts,
    () => firstField(control).focus(),
    () => handlers.keep(view),
  );
  const looks = cautionList(texts, (caution) => handlers.leave(view, caution));
  const body = [says.before, control.node, says.error, asks.node, looks.node, mark];
  const frame = row.group ? groupFrame(question, row.group, says.ids, body) : fieldFrame(question, id, body);
  const view = {
    question,
    key: question.key,
    node: frame,
    control,
    error: says.error,
    asks,
    looks,
    cautions: [],
    looked: null,
    mark,
    texts,
    held: null,
    said: null,
  };
  listenToQuestion(view, handlers.onInput);
  return view;
}

function explanations(question, id, texts) {
  const lines = [
    ["why", question.why],
    ["help", question.help],
    ["example", question.example && `${texts.example} ${question.example}`],
    ["first", question.first_answer && `${texts.first_answer} ${question.first_answer}`],
  ].filter(([, text]) => text);
  const nodes = lines.map(([name, text]) => node("p", { class: `pw-${name}`, id: `${id}-${name}` }, text));
  const error = node("p", { class: "pw-error", id: `${id}-error`, hidden: true });
  const before = node("div", { class: "pw-sayings" }, ...nodes);
  return { before: nodes.length ? before : null, error, ids: [...nodes, error].map((element) => element.id).join(" ") };
}

function groupFrame(question, role, ids, body) {
  const set = node(
    "fieldset",
    { role: role === "group" ? null : role, "aria-describedby": ids },
    node("legend", { class: "pw-ask" }, question.ask),
    ...body,
  );
  return node("div", { class: "pw-question", "data-kind": question.kind, "data-question": question.key }, set);
}

function fieldFrame(question, id, body) {
  const label = node("label", { class: "pw-ask", for: id }, question.ask);
  return node(
    "div",
    { class: "pw-question", "data-kind": question.kind, "data-question": question.key },
    label,
    ...body,
  );
}

function listenToQuestion(view, onInput) {
  view.control.node.addEventListener("input", (event) => onInput(view, isImmediate(event.target) ? 0 : AFTER_LAST_KEY));
  view.control.node.addEventListener("change", () => onInput(view, 0));
  view.node.addEventListener("focusout", (event) => {
    if (!view.node.contains(event.relatedTarget)) onInput(view, 0, true);
  });
}

const isImmediate = (target) => target?.type === "radio" || target?.type === "checkbox";

export function showState(view, state, says) {
  const { texts } = view;
  view.node.dataset.state = state;
  const mark =
    {
      saved: texts.saved,
      saving: texts.saving,
      unsaved: texts.unsaved,
      refused: texts.needs_change,
      withheld: texts.withheld,
    }[state] ?? "";
  setText(view.mark, mark);
  setText(view.error, says);
  view.error.hidden = !says;
  markInvalid(view, Boolean(says));
}

function markInvalid(view, invalid) {
  const fieldset = view.node.querySelector("fieldset");
  const marked = fieldset ? [fieldset] : [view.control.node];
  marked.forEach((element) =>
    invalid ? element.setAttribute("aria-invalid", "true") : element.removeAttribute("aria-invalid"),
  );
}

export function setEditable(view, editable) {
  for (const field of view.control.node.matches(FIELDS)
    ? [view.control.node]
    : view.control.node.querySelectorAll(FIELDS)) {
    const isWords = field.matches("textarea, input[type=text]");
    isWords ? (field.readOnly = !editable) : (field.disabled = !editable);
  }
}
