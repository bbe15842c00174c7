// The report-back on a phone: the vote, and whether the room may see our lines.
// Its law: what somebody decides is kept on the device until the server has it; a count is shown when the server shows
// it.

import { node } from "../shared/dom.js";
import { Outbox } from "../shared/outbox.js";
import { patchChildren } from "../shared/patch.js";
import { Sender } from "../shared/sender.js";
import { releasePart } from "./release_view.js";
import { BALLOT, RELEASE } from "./report_back_keys.js";
import { REPORT_TEXTS, capitalize } from "./report_back_texts.js";
import { votePart } from "./vote_view.js";

const REPORT_PREFIX = "policy-workshop-room";
const REPORT_AFTER = 300; // what is new at the same time is asked for once
const REPORT_SPREAD = 900; // and not by all phones of the room in one moment
const REPORT_EVERY = 3000;

export class ReportBack {
  // `asks` is the page's way to the server; `onResult` hears whether it could be reached, and says whether it refused
  // for good; `onVoteChange` hears that the vote was opened, closed or shown while somebody looked;
  // `steady` draws so that a field that somebody is in stays where it is.
  constructor({ vote, release, me, asks, onResult, onVoteChange, steady }) {
    this.vote = vote;
    this.release = release;
    this.me = me;
    this.asks = asks;
    this.onResult = onResult;
    this.onVoteChange = onVoteChange;
    this.steady = steady;
    this.shows = "";
    this.acts = 0;
    this.shown = null;
    this.hasShown = false;
    /** @type {number | undefined} */
    this.due = undefined;
    this.at = 0;
    this.drawn = { vote: "", release: "" };
    this.fault = {};
    this.wants = { vote: false, release: false };
    this.outbox = new Outbox(me.identity, REPORT_PREFIX);
    this.sender = new Sender(
      this.outbox,
      (message) => void this.send(message),
      () => this.draw(),
    );
    this.outbox.entries().forEach(([key, entry]) => this.sender.resume(key, entry));
    this.flush = () => this.sender.flush();
    for (const name of ["pagehide", "visibilitychange"]) window.addEventListener(name, this.flush);
  }

  close() {
    clearTimeout(this.due);
    this.sender.flush();
    this.sender.stop();
    for (const name of ["pagehide", "visibilitychange"]) window.removeEventListener(name, this.flush);
    this.wants = { vote: false, release: false };
    this.draw();
  }

  // Which of the two belongs on the page now.
  want(wants) {
    if (!wants.vote) this.hasShown = true; // nothing to vote on yet: what comes is news
    const more = (wants.vote && !this.wants.vote) || (wants.release && !this.wants.release);
    this.wants = wants;
    if (more) this.soon(0);
    this.draw();
  }

  // Something is new: ask for it soon, once for all that came, and not too often.
  soon(spread = REPORT_SPREAD) {
    if (this.due || !(this.wants.vote || this.wants.release)) return;
    const wait = Math.max(REPORT_AFTER, this.at + (spread ? REPORT_EVERY : 0) - Date.now());
    this.due = setTimeout(() => this.now(), wait + Math.random() * spread);
  }

  async now() {
    clearTimeout(this.due);
    this.due = undefined;
    const requestedAt = (this.at = Date.now());
    const { acts: kept } = this;
    try {
      const report = await this.asks("GET", "api/report");
      if (requestedAt !== this.at) return;
      if (kept !== this.acts) return this.soon(0); // it was read before our newest act arrived there
      this.shown = report;
      this.draw();
    } catch {
      this.soon();
    }
  }

  /** @param {any} message */
  async send({ type, id, dots, yes, mark }) {
    const [path, said] = type === "vote" ? ["ballots", { dots }] : ["releases", { yes, mark }];
    try {
      await this.asks("PUT", `api/${path}/${id}`, said);
      this.keepAct(type, { dots, yes });
      this.sender.receive({ type: "saved", id });
      this.onResult(null);
      if (type === "release") this.now();
    } catch (fault) {
      this.sender.receive({ type: this.onResult(fault) ? "refused" : "failed", id });
      this.dropRefused(type, fault.message);
    }
  }

  // What the server has for good is what stands, until it tells us more.
  keepAct(type, { dots, yes }) {
    delete this.fault[type];
    this.acts += 1;
    if (!this.shown) return;
    if (type === "vote") for (const point of this.shown.vote.points) point.mine = dots[point.id] ?? 0;
    else Object.assign(this.shown.release, { yes, who: "You", changed: false });
  }

  // A refused act goes no further: what stands is asked for again, and the reason is said.
  dropRefused(type, says) {
    const key = type === "vote" ? BALLOT : RELEASE;
    const pending = this.sender.pending.get(key);
    if (!pending?.refused) return;
    this.fault[type] = capitalize(says);
    this.outbox.drop(key, pending.kept);
    this.sender.pending.delete(key);
    this.draw();
    this.now();
  }

  draw() {
    this.steady(() => {
      this.part("vote", () => votePart(this));
      this.part("release", () => releasePart(this));
    });
    const shows = this.vote.hidden ? "" : this.shown.vote.state;
    if (shows && this.hasShown && shows !== this.shows) this.onVoteChange(shows);
    this.hasShown ||= Boolean(this.shown);
    this.shows = shows;
  }

  // Drawn anew only when something is new.
  part(name, make) {
    const container = this[name];
    container.hidden = !this.wants[name] || !this.shown || (name === "vote" && !this.shown.vote.state);
    const pending = this.sender.pending.get(name === "vote" ? BALLOT : RELEASE);
    const news = container.hidden
      ? ""
      : JSON.stringify([this.shown[name], pending?.value, this.state(name), this.fault[name]]);
    if (news === this.drawn[name]) return;
    this.drawn[name] = news;
    if (container.hidden) return container.replaceChildren();
    const { parts, aloud, sent, after } = make();
    const status = node(
      "div",
      { class: "pw-told", "data-focus": "told", hidden: !aloud && !sent },
      node("p", { class: "pw-aloud", role: "status", hidden: !aloud }, aloud),
      ...[sent].filter(Boolean),
    );
    patchChildren(container, [...parts, status, ...(after ?? [])].filter(Boolean));
  }

  state(name) {
    const key = name === "vote" ? BALLOT : RELEASE;
    const state = this.sender.pending.has(key) ? this.sender.stateOf(key) : "";
    return state === "unsaved" && !this.outbox.works ? "not_kept" : state;
  }

  stateLine(name, acts) {
    const state = this.state(name) || (acts ? "saved" : "");
    return state && REPORT_TEXTS[state]
      ? node("p", { class: "pw-sent", "data-state": state }, REPORT_TEXTS[state])
      : null;
  }

  faultLine(name) {
    return this.fault[name] ? node("p", { class: "pw-wrong", role: "alert" }, this.fault[name]) : null;
  }

  button(focus, words, act, attributes = {}) {
    const made = node("button", { type: "button", class: "pw-second", "data-focus": focus, ...attributes }, words);
    made.addEventListener("click", act);
    return made;
  }
}
