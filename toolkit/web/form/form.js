// The form of one stage. Its law: what a person types is shown, kept and sent; "Saved" is said when the host has
// said so, never before. It talks to its host by model.get/on/off/send alone, and builds the page from nodes.

import { Outbox } from "../shared/outbox.js";
import { randomHex } from "../shared/random_hex.js";
import { Sender } from "../shared/sender.js";
import { same, sameAnswer } from "../shared/values.js";
import { AgreementPanel } from "./agreement_panel.js";
import { Answers } from "./answers.js";
import { askCautions, dismissCaution, showCautions } from "./caution_check.js";
import { endClientDetailQuestion, findNewDetail, keepClientDetail, withholdAnswer } from "./client_detail_gate.js";
import { ClientDetailFinder } from "./client_details.js";
import { showAnswerState, showFormState, showVisibleQuestions } from "./form_display.js";
import { formFrame, headOf } from "./form_head.js";
import { keepFocus } from "./keep_focus.js";
import { questionView, setEditable } from "./question.js";
import { TEXTS } from "./texts.js";
import { UnsentDrafts } from "./unsent_drafts.js";

const WRITING_EVERY = 2000;

export class Form {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.id = `pw-${randomHex(4)}`;
    this.views = [];
    this.undo = [];
    this.allowed = new Set();
    this.writingAt = new Map();
    this.texts = { ...TEXTS, ...(model.get("texts") ?? {}) };
    this.outbox = new Outbox(model.get("identity") ?? "");
    this.drafts = new UnsentDrafts(model.get("identity") ?? "");
    this.sender = new Sender(
      this.outbox,
      (message) => model.send(message),
      (question) => this.show(question),
    );
    this.answers = new Answers(this.sender);
    this.build();
    this.draw();
    this.listenToModel();
    this.listenToPage();
    this.outbox.entries().forEach(([question, entry]) => this.sender.resume(question, entry));
    this.refill();
    void this.resumeLost();
  }

  async resumeLost() {
    const lostAnswers = await this.outbox.readLost();
    await this.drafts.readLost();
    if (!this.root.isConnected) return;
    lostAnswers
      .filter(([question, entry]) => !((this.sender.pending.get(question)?.at ?? -1) >= entry.at))
      .forEach(([question, entry]) => this.sender.resume(question, entry));
    this.refill();
  }

  build() {
    const { bar, head, body, root } = formFrame(this.id);
    this.bar = bar;
    this.head = head;
    this.body = body;
    this.root = root;
    this.root.addEventListener("focusout", () => this.redrawSoon());
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sender.flush();
    });
    this.el.append(this.root);
  }

  draw() {
    const stage = (this.stage = this.model.get("stage") ?? {});
    this.answers.stored = { ...(this.model.get("values") ?? {}) };
    this.views = (stage.questions ?? []).map((question) =>
      questionView(question, `${this.id}-${question.id}`, this.texts, {
        onInput: (...args) => this.onInput(...args),
        keep: (view) => keepClientDetail(this, view),
        leave: (...args) => dismissCaution(this, ...args),
      }),
    );
    this.clientDetails = new ClientDetailFinder(stage.tripwire);
    for (const view of this.views) view.agree = new AgreementPanel(this, view);
    this.head.replaceChildren(...headOf(stage, `${this.id}-title`, this.texts));
    this.body.replaceChildren(...this.views.map((view) => view.node));
    this.refill();
    this.open();
  }

  // Another stage is drawn at once; other questions of this one wait until nobody is in it and all is sent.
  // A host that waits by itself (a phone's page) does not ask the form to.
  redrawIfChanged() {
    const isSameStage = this.stage.id === this.model.get("stage")?.id;
    if (!this.isOutdated() || (this.model.get("waits") && isSameStage && this.isInUse())) return;
    this.sender.flush();
    keepFocus(this, () => this.draw());
  }

  redrawSoon() {
    if (this.isOutdated())
      setTimeout(() => {
        if (this.root.isConnected) this.redrawIfChanged();
      });
  }

  // Whether other questions are to be drawn than those on the page.
  isOutdated() {
    const stage = this.model.get("stage") ?? {};
    if (stage !== this.stage && same(stage, this.stage)) this.stage = stage;
    return stage !== this.stage;
  }

  isInUse() {
    return (
      this.root.contains(document.activeElement) ||
      [...this.sender.pending.values()].some(
        (pending) => pending.sent || pending.waiting || pending.withheld || pending.unfinished,
      )
    );
  }

  // A field whose question is asked otherwise by now takes no value of the new question.
  isAskedOtherwise(view) {
    return (
      this.isOutdated() &&
      !same(
        view.question,
        this.model.get("stage")?.questions?.find((question) => question.key === view.key),
      )
    );
  }

  // Somebody typed in `view`, or left it.
  onInput(view, pause, hasLeft = false) {
    // A question that is not on the page any more still says that it was left.
    if (!this.editable() || !this.views.includes(view)) return;
    const value = view.control.read();
    if (value === undefined) return this.showIncomplete(view, hasLeft);
    this.sender.clearIncomplete(view.key);
    if (sameAnswer(value, view.said)) return this.onUnchanged(view, pause, hasLeft);
    view.said = value;
    showCautions(this, view, []);
    if (!same(value, this.answers.valueOf(view.key))) this.isWriting(view.key);
    const hit = findNewDetail(this, view, value);
    if (hit) return withholdAnswer(this, view, value, hit);
    endClientDetailQuestion(this, view, false);
    if (!same(value, this.answers.valueOf(view.key))) this.sender.note(view.key, value, pause);
    if (!pause) this.sender.sendNow(view.key);
    if (hasLeft) this.fillOne(view, true);
  }

  // Nobody typed since: what waits goes, and what came from elsewhere is shown, never written over by what the field
  // still held.
  onUnchanged(view, pause, hasLeft) {
    if (!pause) this.sender.sendNow(view.key);
    if (hasLeft) this.fillOne(view, true);
    if (hasLeft) askCautions(this, view);
  }

  // Colleagues are told that somebody is writing here, not what; at most every two seconds.
  isWriting(key, now = Date.now()) {
    if (!this.model.get("voices")?.[key] || now - (this.writingAt.get(key) ?? 0) < WRITING_EVERY) return;
    this.writingAt.set(key, now);
    this.notifyHost({ type: "writing", question: key });
  }

  notifyHost(message) {
    try {
      this.model.send(message);
    } catch {
      // a count that is lost is no answer lost
    }
  }

  showIncomplete(view, hasLeft) {
    view.held = hasLeft ? view.control.unfinished : view.held;
    this.sender.markIncomplete(view.key, view.control.unfinished);
    this.show(view.key);
  }

  refill() {
    this.views.forEach((view) => this.fillOne(view));
    this.show();
  }

  // Unsaved words win over what is stored; a field that somebody is in is left alone.
  fillOne(view, hasLeft = false) {
    const pending = this.sender.pending.get(view.key);
    const inside = !hasLeft && view.node.contains(document.activeElement);
    if (pending?.unfinished || inside || this.isAskedOtherwise(view)) return;
    const value = pending?.withheld ? pending.withheld.value : this.answers.valueOf(view.key);
    if (!sameAnswer(view.control.read(), value)) view.control.write(value);
    view.said = view.control.read() ?? null;
  }

  show(question) {
    this.views
      .filter((view) => question === undefined || view.key === question)
      .forEach((view) => showAnswerState(this, view));
    showVisibleQuestions(this);
    this.showAgree();
    showFormState(this);
    this.redrawSoon();
  }

  showAgree() {
    const voices = this.model.get("voices") ?? {};
    for (const { agree, node: question } of this.views) {
      const entry = voices[agree.key];
      if (entry && !agree.node.isConnected && question.isConnected) question.after(agree.node);
      agree.show(entry, question.hidden);
    }
  }

  editable() {
    return this.model.get("editable") !== false;
  }

  open() {
    if (!this.editable()) this.sender.flush();
    this.root.dataset.editable = String(this.editable());
    this.views.forEach((view) => setEditable(view, this.editable()));
    this.showAgree();
    showFormState(this);
  }

  listen(target, name, act) {
    const on = target.addEventListener ? "addEventListener" : "on";
    const off = target.addEventListener ? "removeEventListener" : "off";
    target[on](name, act);
    this.undo.push(() => target[off](name, act));
  }

  listenToModel() {
    this.listen(this.model, "change:values", () => this.setStored(this.model.get("values") ?? {}));
    this.listen(this.model, "change:voices", () => {
      showVisibleQuestions(this);
      this.showAgree();
    });
    this.listen(this.model, "change:stage", () => this.redrawIfChanged());
    this.listen(this.model, "change:editable", () => this.open());
    this.listen(this.model, "msg:custom", (message) => this.receive(message));
  }

  setStored(values) {
    this.answers.stored = { ...values };
    this.refill();
  }

  receive(message) {
    const { type, question, value, cautions } = message ?? {};
    if (type === "ended") return this.drafts.clear();
    if (type === "changed") return this.setStored({ ...this.answers.stored, [question]: value });
    if (type === "lost") return this.sender.pending.has(question) || this.sender.note(question, value, 0);
    const views = this.views.filter((view) => view.key === question);
    if (type === "cautions") return views.forEach((view) => showCautions(this, view, cautions));
    if (type === "saved") this.answers.takeSaved(message);
    this.sender.receive(message ?? {});
    if (type === "saved") views.forEach((view) => this.showSaved(view));
  }

  showSaved(view) {
    this.fillOne(view);
    askCautions(this, view);
  }

  listenToPage() {
    const flush = () => this.sender.flush();
    this.listen(window, "pagehide", flush);
    this.listen(document, "visibilitychange", () => {
      flush();
      this.sender.check();
    });
    this.listen(window, "online", () => this.sender.check());
    this.listen(window, "beforeunload", (event) => {
      flush();
      const isAsked = [...this.sender.pending.values()].some((pending) => pending.withheld);
      // Nothing else holds these words.
      if (isAsked || (!this.outbox.works && this.sender.pending.size)) event.preventDefault();
    });
  }

  close() {
    this.sender.flush();
    this.sender.stop();
    this.undo.forEach((undo) => undo());
    this.root.remove();
  }
}
