// A list of short texts: Enter adds a line, Backspace in an empty one removes it, a paste fills several.

import { node } from "../shared/dom.js";
import { fill, textOrEmpty } from "../shared/text.js";

export function listControl(context) {
  const list = node("ol", { class: "pw-items" });
  const add = node("button", { type: "button", class: "pw-quiet-button" }, context.texts.add);
  const box = node("div", { class: "pw-list" }, list, add);
  const fields = () => [...list.querySelectorAll("input")];
  const tell = () => box.dispatchEvent(new Event("change", { bubbles: true }));
  const put = (said, after) => {
    const row = itemRow(context, said, { put, remove, notifyHost: tell });
    after ? after.after(row) : list.append(row);
    numberItems(list, context.texts);
    return row;
  };
  const remove = (row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling ?? put("", row);
    row.remove();
    numberItems(list, context.texts);
    next.querySelector("input").focus();
    tell();
  };
  add.addEventListener("click", () => put("").querySelector("input").focus());
  const read = () => {
    const texts = fields()
      .map((field) => field.value)
      .filter((text) => text.trim());
    return texts.length ? texts : null;
  };
  const write = (value) => {
    list.replaceChildren();
    (Array.isArray(value) && value.length ? value : [""]).forEach((said) => put(textOrEmpty(said)));
  };
  write(null);
  return { node: box, read, write };
}

function itemRow(context, text, { put, remove, notifyHost: tell }) {
  const field = node("input", { type: "text", class: "pw-field", autocomplete: "off" });
  const sign = node("span", { class: "pw-remove-sign", "aria-hidden": "true" }, "✕");
  const button = node(
    "button",
    { type: "button", class: "pw-quiet-button pw-remove" },
    node("span", { class: "pw-remove-word" }, context.texts.remove),
    sign,
  );
  const row = node("li", { class: "pw-item" }, field, button);
  field.value = text;
  field.addEventListener("keydown", (event) => itemKey(event, field, row, { put, remove }));
  field.addEventListener("paste", (event) => pasteLines(event, field, row, { put, notifyHost: tell }));
  button.addEventListener("click", () => remove(row));
  return row;
}

function itemKey(event, field, row, { put, remove }) {
  if (event.isComposing) return;
  if (event.key === "Enter") {
    event.preventDefault();
    put("", row).querySelector("input").focus();
  }
  if (event.key === "Backspace" && !field.value && row.previousElementSibling) {
    event.preventDefault();
    const before = row.previousElementSibling;
    remove(row);
    before.querySelector("input").focus();
  }
}

function pasteLines(event, field, row, { put, notifyHost: tell }) {
  const lines = (event.clipboardData?.getData("text") ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  field.value += lines[0];
  lines
    .slice(1)
    .reduce((after, line) => put(line, after), row)
    .querySelector("input")
    .focus();
  tell();
}

function numberItems(list, texts) {
  [...list.children].forEach((row, index) => {
    row.querySelector("input").setAttribute("aria-label", fill(texts.item, { number: index + 1 }));
    row.querySelector("button").setAttribute("aria-label", fill(texts.remove_item, { number: index + 1 }));
  });
}
