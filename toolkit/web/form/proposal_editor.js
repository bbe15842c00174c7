// The field for a text that is offered as the organization's: the question's own control, filled or empty.

import { node, setText } from "../shared/dom.js";
import { askBeforeSending } from "./client_detail_gate.js";
import { CONTROLS } from "./controls.js";
import { firstField } from "./fields.js";

export class ProposalEditor {
  constructor(agree, { value, from, note }) {
    const { form, view, texts } = agree;
    const id = `${form.id}-ours-${agree.key}`;
    const row = CONTROLS[view.question.kind] ?? CONTROLS.long_text;
    this.agree = agree;
    this.from = from ?? [];
    this.control = row.build({ question: view.question, id, texts, describedBy: "" });
    this.note = node("input", { type: "text", id: `${id}-note`, class: "pw-field", autocomplete: "off" });
    this.asks = askBeforeSending(agree, () => firstField(this.control).focus());
    this.error = node("p", { class: "pw-error", role: "alert", hidden: true });
    const name = texts.our_text;
    const frame = row.group
      ? node("fieldset", {}, node("legend", {}, name), this.control.node)
      : node("div", {}, node("label", { for: id }, name), this.control.node);
    const buttons = node(
      "div",
      { class: "pw-buttons" },
      agree.button("offer", agree.entry.table ? texts.write_down : texts.offer, () => this.offer(), {
        class: "pw-button pw-strong",
      }),
      agree.button("cancel", texts.cancel, () => agree.close()),
    );
    this.node = node(
      "div",
      { class: "pw-editor" },
      frame,
      node("label", { for: this.note.id }, agree.entry.table ? texts.one_why_optional : texts.say_why_optional),
      this.note,
      this.asks.node,
      this.error,
      buttons,
    );
    this.control.write(value ?? null);
    this.note.value = note ?? "";
    for (const event of ["input", "change"])
      this.node.addEventListener(event, () => {
        agree.remember(this);
        form.isWriting(agree.key);
      });
  }

  draft() {
    return { value: this.control.read() ?? null, from: this.from, note: this.note.value };
  }

  offer() {
    const { value, from, note } = this.draft();
    setText(this.error, value === null ? this.agree.texts.nothing_yet : "");
    this.error.hidden = value !== null;
    if (value === null) return firstField(this.control).focus();
    if (
      !this.asks.clear(
        [
          [this.agree.view.question.kind, value],
          ["long_text", note.trim() || null],
        ],
        () => this.offer(),
      )
    )
      return;
    this.agree.ticked.clear();
    this.agree.close();
    this.agree.send("propose", this.agree.key, { value, made_from: from, note: note.trim() });
  }
}
