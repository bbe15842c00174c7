// Controls for words: one line, several lines, a date, a contact.

import { node } from "../shared/dom.js";
import { textOrEmpty, textOrNull } from "../shared/text.js";

const describedBy = (context) => ({ "aria-describedby": context.describedBy });

export function textControl(context) {
  const field = node("input", {
    type: "text",
    id: context.id,
    class: "pw-field",
    autocomplete: "off",
    ...describedBy(context),
  });
  return {
    node: field,
    read: () => textOrNull(field.value),
    write: (value) => void (field.value = textOrEmpty(value)),
  };
}

export function longTextControl(context) {
  const field = node("textarea", {
    id: context.id,
    class: "pw-field",
    rows: 3,
    autocomplete: "off",
    ...describedBy(context),
  });
  field.addEventListener("input", () => growField(field));
  return {
    node: field,
    read: () => textOrNull(field.value),
    write: (value) => {
      field.value = textOrEmpty(value);
      growField(field);
    },
  };
}

export function growField(field) {
  if (!field.matches("textarea")) return;
  if (CSS.supports("field-sizing", "content")) return; // the stylesheet does it
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 4}px`;
}

export function dateControl(context) {
  const field = node("input", { type: "date", id: context.id, class: "pw-field pw-date", ...describedBy(context) });
  const half = () => field.validity.badInput || (field.value && Number(field.value.split("-")[0]) < 1900);
  const read = () => (half() ? undefined : field.value || null);
  return {
    node: field,
    read,
    write: (value) => void (field.value = textOrEmpty(value)),
    unfinished: context.texts.unfinished_date,
  };
}

export function contactControl(context) {
  const parts = ["name", "role", "reach"].map((part) => [
    part,
    node("input", { type: "text", id: `${context.id}-${part}`, class: "pw-field", autocomplete: "off" }),
  ]);
  const rows = parts.map(([part, field]) =>
    node("div", { class: `pw-part pw-part-${part}` }, node("label", { for: field.id }, context.texts[part]), field),
  );
  const read = () => {
    const filled = parts.filter(([, field]) => field.value.trim()).map(([part, field]) => [part, field.value]);
    return filled.length ? Object.fromEntries(filled) : null;
  };
  const write = (value) => parts.forEach(([part, field]) => void (field.value = textOrEmpty(value?.[part])));
  return { node: node("div", { class: "pw-contact" }, ...rows), read, write };
}
