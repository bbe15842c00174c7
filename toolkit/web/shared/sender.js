// Sends answers: one of a question is on its way at a time, and the newest follows it.

import { randomHex } from "./random_hex.js";
import { isText } from "./text.js";

export const AFTER_LAST_KEY = 400;
const LONG_WITHOUT_PAUSE = 1500; // then what is typed goes out at the end of a word
const LATE_AFTER = 2400; // after the first key that is not saved: with a beat it is told within three seconds
const RESEND_AFTER = 2000;
const CHECK_EVERY = 500;

/** @returns {Pending} */
const emptyPending = () => ({
  id: "",
  sent: null,
  waiting: false,
  since: 0,
  refused: "",
  unfinished: "",
  withheld: null,
  failed: "",
  late: false,
});

// What the outbox keeps of an answer: its newest words, and what is on its way before them.
/**
 * @param {Pending} pending
 * @returns {Entry}
 */
const entryOf = ({ id, value, at, sent }) => ({
  id,
  value,
  at,
  ...(sent && sent.id !== id ? { before: { id: sent.id, value: sent.value } } : {}),
});

// A word and its space, and no number near: half a telephone number never leaves before it is whole.
const WORD_ENDED = /(?:^|\D{20})\s$|^\D*\s$/;

const lastWords = (value) => String((Array.isArray(value) ? value[value.length - 1] : value) ?? "");

// The key of what is pending is a question, or an act and what it is about ("propose/…", "opinion/…", "reveal/…"):
// then its value is the message.
/**
 * @param {string} key
 * @param {{ id: string, value?: any }} pending
 * @returns {Message}
 */
const messageOf = (key, { id, value }) =>
  key.includes("/") ? { ...value, id } : { type: "save", id, question: key, value };

export class Sender {
  /**
   * @param {Outbox} outbox
   * @param {(message: Message) => void} send
   * @param {(question: string) => void} changed
   */
  constructor(outbox, send, changed) {
    this.outbox = outbox;
    this.send = send;
    this.changed = changed;
    /** @type {Map<string, Pending>} */
    this.pending = new Map();
    this.touched = false;
    /** @type {number | undefined} */
    this.timer = undefined;
  }

  // What is typed: kept at once, sent after the pause.
  note(question, value, pause = AFTER_LAST_KEY, now = Date.now()) {
    const pending = this.pendingFor(question);
    Object.assign(pending, {
      id: randomHex(16),
      value,
      waiting: true,
      refused: "",
      unfinished: "",
      at: now,
      since: pending.since || now,
    });
    if (this.outbox.keep(question, entryOf(pending))) pending.kept = pending.id;
    this.touched = true;
    clearTimeout(pending.timer);
    pending.timer = setTimeout(
      () => this.sendNow(question),
      now - pending.since > LONG_WITHOUT_PAUSE && WORD_ENDED.test(lastWords(value)) ? 0 : pause,
    );
    this.startTimer();
    this.changed(question);
  }

  // Words that wait for a decision of the person: they stay in the field alone. What was typed just before them goes
  // too, because it may be half of them; what had its pause stays as it was.
  withhold(question, value, hit) {
    const pending = this.pendingFor(question);
    clearTimeout(pending.timer);
    if (pending.waiting) this.fallBack(question, pending);
    Object.assign(pending, { withheld: { value, hit }, unfinished: "", refused: "" });
    this.changed(question);
  }

  fallBack(question, pending) {
    const last = pending.rested ?? pending.sent;
    pending.waiting = Boolean(pending.rested);
    if (!pending.waiting) pending.since = 0;
    if (last) {
      Object.assign(pending, { id: last.id, value: last.value, kept: last.id });
      this.outbox.keep(question, entryOf(pending));
      return;
    }
    this.outbox.drop(question, pending.kept);
    delete pending.value;
  }

  allow(question) {
    const pending = this.pending.get(question);
    if (!pending?.withheld) return;
    pending.withheld = null;
    this.settle(question, pending);
  }

  // Words that are no answer yet (half a date): nothing to send, and not "Saved" either.
  markIncomplete(question, says) {
    const pending = this.pendingFor(question);
    if (pending.unfinished === says) return;
    pending.unfinished = says;
    this.changed(question);
  }

  clearIncomplete(question) {
    const pending = this.pending.get(question);
    if (!pending?.unfinished) return;
    pending.unfinished = "";
    this.settle(question, pending);
  }

  // What an earlier visit left unsaved: sent again under its old id, so a repeat is the same answer; and first what
  // was on its way before it, because that may still arrive by itself, and must not come last.
  resume(question, entry) {
    const pending = this.pendingFor(question);
    Object.assign(pending, {
      id: entry.id,
      kept: entry.id,
      value: entry.value,
      at: entry.at ?? 0,
      waiting: true,
      since: Date.now(),
    });
    this.touched = true;
    if (!pending.sent && isText(entry.before?.id)) this.start(question, pending, entry.before);
    else this.sendNow(question);
  }

  /**
   * @param {string} question
   * @returns {Pending}
   */
  pendingFor(question) {
    const pending = this.pending.get(question) ?? emptyPending();
    this.pending.set(question, pending);
    return pending;
  }

  // The one on its way is answered first; then the newest follows.
  sendNow(question) {
    const pending = this.pending.get(question);
    if (!pending) return;
    clearTimeout(pending.timer);
    if (pending.waiting) pending.rested = { id: pending.id, value: pending.value };
    if (pending.sent || !pending.waiting) return;
    pending.waiting = false;
    pending.rested = null;
    this.start(question, pending, pending);
  }

  /**
   * @param {string} question
   * @param {Pending} pending
   * @param {{ id: string, value?: any }} next
   */
  start(question, pending, { id, value }) {
    pending.sent = { id, value, first: pending.since || Date.now() };
    if (!pending.waiting) pending.since = 0;
    this.transmit(question, pending);
    this.startTimer();
    this.changed(question);
  }

  transmit(question, pending) {
    pending.sent.last = Date.now();
    try {
      this.send(messageOf(question, pending.sent));
    } catch {
      pending.late = true; // a host that is gone; the beat tries again
    }
  }

  flush() {
    for (const question of this.pending.keys()) this.sendNow(question);
  }

  receive(message) {
    const entry = [...this.pending].find(([, each]) => each.sent && each.sent.id === message.id);
    if (!entry) return;
    const [question, pending] = entry;
    HOST_ANSWERS[message.type]?.(this, pending, { ...message, question });
    this.changed(question);
  }

  settle(question, pending) {
    if (!pending.sent && !pending.waiting && !pending.unfinished && !pending.withheld && !pending.refused)
      this.pending.delete(question);
    this.changed(question);
  }

  startTimer() {
    if (this.timer) return;
    this.timer = setInterval(() => this.check(), CHECK_EVERY);
  }

  check(now = Date.now()) {
    const away = [...this.pending].filter(([, pending]) => pending.sent || pending.waiting);
    for (const [question, pending] of away) this.checkOne(question, pending, now);
    if (!away.length) this.stopTimer();
  }

  checkOne(question, pending, now) {
    if (!pending.late && now - (pending.sent?.first ?? pending.since) < LATE_AFTER) return;
    if (!pending.late) {
      pending.late = true;
      this.changed(question);
    }
    if (pending.sent && now - pending.sent.last >= RESEND_AFTER) this.transmit(question, pending);
  }

  stopTimer() {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  stop() {
    this.stopTimer();
    for (const pending of this.pending.values()) clearTimeout(pending.timer);
  }

  stateOf(question) {
    const pending = this.pending.get(question);
    if (!pending) return "saved";
    if (pending.withheld) return "withheld";
    if (pending.refused || pending.unfinished) return "refused";
    return pending.late ? "unsaved" : "saving";
  }

  state() {
    /** @type {string[]} */
    const states = [...this.pending.keys()].map((question) => this.stateOf(question));
    return (
      ["withheld", "unsaved", "refused", "saving"].find((state) => states.includes(state)) ??
      (this.touched ? "saved" : "ready")
    );
  }
}

// What the host may say about an answer on its way.
const HOST_ANSWERS = {
  saved(sender, pending, { question, id }) {
    Object.assign(pending, { late: false, failed: "", sent: null });
    sender.outbox.drop(question, id);
    if (pending.waiting) return void sender.sendNow(question);
    sender.outbox.drop(question, pending.kept); // an older one, when the newest found no room
    sender.settle(question, pending);
  },
  refused(sender, pending, { question, says }) {
    Object.assign(pending, { late: false, failed: "", sent: null });
    if (pending.waiting) return void sender.sendNow(question);
    pending.refused = says || "Needs a change";
  },
  // It stays the one that is answered first: a network may still bring it, and then it must not come after a newer one.
  failed(sender, pending, { says }) {
    Object.assign(pending, { late: true, failed: says || "" });
  },
};
