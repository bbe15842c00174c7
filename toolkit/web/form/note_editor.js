// The field for a note of somebody who sees a text differently.

import { node } from "../shared/dom.js";
import { askBeforeSending, findNewDetailIn } from "./client_detail_gate.js";

export function openNote(panel, offer, quiet = false) {
  const id = `${panel.form.id}-note-${panel.key}`;
  const draftKey = `note/${offer.id}`;
  const field = node("textarea", { id, class: "pw-field", rows: 2, autocomplete: "off" });
  const asks = askBeforeSending(panel, () => field.focus());
  field.value = panel.form.drafts.get(draftKey)?.note ?? (offer.dissent ?? []).find((noted) => noted.mine)?.note ?? "";
  const close = () => {
    panel.form.drafts.delete(draftKey);
    panel.notePlace.replaceChildren();
    panel.node.querySelector(`[data-focus="differ ${offer.id}"]`)?.focus();
  };
  const keep = () => {
    if (asks.clear([["long_text", field.value.trim() || null]], keep)) {
      panel.judge(offer, false, field.value.trim());
      close();
    }
  };
  field.addEventListener("input", () => {
    panel.form.isWriting(panel.key);
    panel.form.drafts.set(
      draftKey,
      { note: field.value },
      () => !findNewDetailIn(panel.form, panel.key, "long_text", field.value),
    );
  });
  panel.notePlace.replaceChildren(
    node(
      "div",
      { class: "pw-editor" },
      node("p", { class: "pw-reads" }, offer.reads),
      node("label", { for: id }, panel.entry.table ? panel.texts.one_why : panel.texts.say_why),
      field,
      asks.node,
      node(
        "div",
        { class: "pw-buttons" },
        panel.button("keep note", panel.texts.keep_note, keep, { class: "pw-button pw-strong" }),
        panel.button("no note", panel.texts.cancel, close),
      ),
    ),
  );
  if (!quiet) field.focus();
}
