// Below a question: first everyone alone, then all voices, then one text of the organization.

import { focusedElement, node, setText } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { findNewDetailIn } from "./client_detail_gate.js";
import { firstField } from "./fields.js";
import { openNote } from "./note_editor.js";
import { ProposalEditor } from "./proposal_editor.js";
import { proposalList } from "./proposals_view.js";
import { hiddenVoices, shownVoices } from "./voices_view.js";

export class AgreementPanel {
  constructor(form, view) {
    this.form = form;
    this.view = view;
    this.key = view.key;
    this.texts = form.texts;
    this.ticked = new Set();
    this.entry = null;
    this.drawn = "";
    /** @type {ProposalEditor | null} */
    this.editor = null;
    this.top = node("div", { class: "pw-voices" });
    this.editorPlace = node("div", {});
    this.offers = node("div", { class: "pw-offers" });
    this.notePlace = node("div", {});
    this.writing = node("p", { class: "pw-writing", "aria-live": "polite" });
    this.error = node("p", { class: "pw-error", role: "alert", hidden: true });
    this.node = node(
      "section",
      { class: "pw-agree", "data-agree": this.key, "aria-label": `${this.texts.together}: ${view.question.ask}` },
      this.top,
      this.editorPlace,
      this.offers,
      this.notePlace,
      this.writing,
      this.error,
    );
  }

  // Drawn anew only when something is new; what has the focus keeps it, and what is being written is never touched.
  show(entry, hidden) {
    this.entry = entry;
    this.node.hidden = hidden || !entry || !(entry.of || entry.proposals?.length);
    if (!entry) return;
    setText(this.writing, this.writers());
    this.showError();
    const news = JSON.stringify([
      { ...entry, writing: 0 },
      [...this.ticked],
      this.pending(),
      this.form.editable(),
      this.answered(),
    ]);
    if (news !== this.drawn) this.draw(entry);
    this.drawn = news;
    this.reopen();
  }

  draw(entry) {
    const focus = this.node.contains(document.activeElement) ? focusedElement()?.dataset.focus : null;
    this.top.replaceChildren(
      ...(entry.revealed ? shownVoices(this, entry) : hiddenVoices(this, entry)).filter(Boolean),
    );
    this.offers.replaceChildren(...proposalList(this, entry));
    if (focus)
      [...this.node.querySelectorAll("[data-focus]")].find((element) => element.dataset.focus === focus)?.focus();
  }

  pendingFor(act, about) {
    return this.form.sender.pending.get(`${act}/${about}`);
  }

  pending() {
    return [...this.form.sender.pending]
      .filter(([key, pending]) => key.includes("/") && pending.value?.question === this.key)
      .map(([key, pending]) => [key, pending.value?.agrees]);
  }

  answered() {
    return (this.entry.voices ?? []).some((voice) => voice.mine);
  }

  button(name, text, act, attributes = {}) {
    const element = node("button", { type: "button", class: "pw-button", "data-focus": name, ...attributes }, text);
    element.addEventListener("click", act);
    return element;
  }

  reveal() {
    if (!this.pendingFor("reveal", this.key)) this.send("reveal", this.key, {});
  }

  who(author) {
    if (author.people?.length > 1)
      return author.people.map((person) => this.who({ ...person, people: null })).join(", ");
    return author.mine ? this.texts.you : author.who || this.texts.a_colleague;
  }

  judge(offer, agrees, note) {
    this.send("opinion", offer.id, { answer: offer.id, agrees, note });
  }

  // The editor: the question's own control, filled or empty. What is begun survives a turn of the page, and a reload.
  open(draft, quiet = false) {
    const editor = new ProposalEditor(this, draft);
    this.editor = editor;
    this.editorPlace.replaceChildren(editor.node);
    this.remember(editor);
    if (!quiet) firstField(editor.control).focus();
  }

  remember(editor) {
    const draft = editor.draft();
    this.form.drafts.set(
      this.key,
      draft,
      () =>
        !findNewDetailIn(this.form, this.key, this.view.question.kind, draft.value) &&
        !findNewDetailIn(this.form, this.key, "long_text", draft.note),
    );
  }

  close() {
    this.form.drafts.delete(this.key);
    this.editor = null;
    this.editorPlace.replaceChildren();
    this.node.querySelector('[data-focus="own"]')?.focus();
  }

  reopen() {
    const refused = this.pendingFor("propose", this.key);
    const noted = (this.entry.proposals ?? []).find((offer) => this.form.drafts.has(`note/${offer.id}`));
    if (noted && !this.notePlace.firstChild) openNote(this, noted, true);
    if (this.editor) return;
    if (refused?.refused)
      this.open({ value: refused.value.value, from: refused.value.made_from, note: refused.value.note }, true);
    else if (this.form.drafts.has(this.key)) this.open(this.form.drafts.get(this.key), true);
  }

  showError() {
    const all = [...this.form.sender.pending].filter(
      ([key, pending]) => key.includes("/") && pending.value?.question === this.key,
    );
    const says = all.map(([, pending]) => pending.refused).find(Boolean) ?? "";
    setText(this.error, says);
    this.error.hidden = !says;
  }

  send(act, about, parts) {
    const key = `${act}/${about}`;
    this.form.sender.note(key, { type: act, question: this.key, ...parts }, 0);
    this.form.sender.sendNow(key);
    this.form.showAgree();
  }

  writers() {
    const names = this.entry.writing ?? [];
    if (!names.length) return "";
    if (names.length > 1) return fill(this.texts.many_writing, { n: names.length });
    return fill(this.texts.is_writing, { who: names[0] || this.texts.a_colleague });
  }
}
