// Controls to choose from options: one, several, yes or no; with the reasons, and with words of one's own.

import { node } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { isOther } from "../shared/values.js";
import { growField } from "./text_controls.js";

export function choiceControl(context) {
  const group = optionGroup(context, "radio");
  const read = () => group.chosen()[0] ?? null;
  return { node: group.node, read, write: (value) => group.choose(value == null ? [] : [value]) };
}

export function choicesControl(context) {
  const group = optionGroup(context, "checkbox");
  const read = () => (group.chosen().length ? group.chosen() : null);
  return { node: group.node, read, write: (value) => group.choose(Array.isArray(value) ? value : []) };
}

export function yesNoUnsureControl(context) {
  const { yes, no, not_sure } = context.texts;
  const options = [
    { id: "yes", label: yes },
    { id: "no", label: no },
    { id: "unsure", label: not_sure },
  ];
  const control = choiceControl({
    ...context,
    question: { ...context.question, options, other: false, unsure: false },
  });
  control.node.classList.add("pw-in-a-row");
  return control;
}

function optionGroup(context, type) {
  const { question, texts } = context;
  const rows = (question.options ?? []).map((option, index) => optionRow(context, type, option, index));
  if (question.other) rows.push(otherRow(context, type));
  if (question.unsure) rows.push(optionRow(context, type, { id: "unsure", label: texts.unsure }, "unsure"));
  const clear = type === "radio" ? clearButton(context, rows) : null;
  const box = node("div", { class: "pw-options" }, ...rows.map((row) => row.node), clear);
  const after = () => {
    rows.forEach((row) => row.after?.());
    if (clear) clear.hidden = !rows.some((row) => row.input.checked);
  };
  box.addEventListener("change", after);
  after();
  return {
    node: box,
    chosen: () => rows.map((row) => row.read()).filter((value) => value !== null),
    choose(values) {
      rows.forEach((row) => row.write(values));
      after();
    },
  };
}

function optionRow(context, type, option, index) {
  const id = `${context.id}-${index}`;
  const wording = option.clause
    ? node(
        "p",
        { class: "pw-wording", id: `${id}-wording` },
        node("span", { class: "pw-away" }, `${context.texts.wording}: `),
        option.clause,
      )
    : null;
  const input = node("input", { type, id, name: context.id, value: option.id, "aria-describedby": wording?.id });
  const label = node("label", { for: id }, option.label);
  const card = wording || option.reason || option.risk || option.source;
  const row = node(
    "div",
    { class: card ? "pw-option pw-card" : "pw-option" },
    input,
    label,
    wording,
    card ? moreAbout(context.texts, option) : null,
  );
  return {
    node: row,
    input,
    read: () => (input.checked ? option.id : null),
    write: (values) => void (input.checked = values.includes(option.id)),
  };
}

function moreAbout(texts, option) {
  const source =
    option.source && option.checked
      ? `${option.source} (${fill(texts.checked, { day: longDate(option.checked) })})`
      : option.source;
  const lines = [
    [texts.reason, option.reason],
    [texts.risk, option.risk],
    [texts.source, source],
  ].filter(([, text]) => text);
  if (!lines.length) return null;
  const summary = node(
    "summary",
    {},
    lines.length === 3 ? texts.more : texts.more_short,
    node("span", { class: "pw-away" }, `: ${option.label}`),
  );
  return node(
    "details",
    { class: "pw-more" },
    summary,
    node("dl", {}, ...lines.flatMap(([name, text]) => [node("dt", {}, name), node("dd", {}, text)])),
  );
}

function longDate(iso) {
  const day = new Date(`${iso}T12:00:00`);
  return Number.isNaN(day.getTime())
    ? iso
    : day.toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });
}

function otherRow(context, type) {
  const row = optionRow(context, type, { id: "other", label: context.texts.other }, "other");
  const id = `${context.id}-other-words`;
  const field = ownField(context.question.options, id);
  const wrapper = node("div", { class: "pw-other" }, node("label", { for: id }, context.texts.other_field), field);
  row.node.append(wrapper);
  return {
    ...row,
    after: () => void (wrapper.hidden = !row.input.checked),
    read: () => (row.input.checked && field.value.trim() ? { other: field.value } : null),
    write(values) {
      const own = values.filter(isOther).map((value) => value.other);
      row.input.checked = own.length > 0;
      field.value = own.join("; ");
      growField(field);
    },
  };
}

// A wording for the policy has room for sentences; anything else is one line.
function ownField(options, id) {
  if (!options.some((option) => option.clause))
    return node("input", { type: "text", id, class: "pw-field", autocomplete: "off" });
  const field = node("textarea", { id, class: "pw-field pw-own", rows: 2, autocomplete: "off" });
  field.addEventListener("input", () => growField(field));
  return field;
}

function clearButton(context, rows) {
  const button = node("button", { type: "button", class: "pw-quiet-button" }, context.texts.clear);
  button.addEventListener("click", () => {
    rows.forEach((row) => row.write([]));
    rows[0].input.dispatchEvent(new Event("change", { bubbles: true }));
    rows[0].input.focus();
  });
  return button;
}
