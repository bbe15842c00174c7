// The report-back on a phone: our lines and whether the room may see them; three dots while the vote is open; the result.
// Its law: what somebody decides is kept on the device until the server has it; a count is shown when the server shows it.

import { fill, node, Outbox, Post, setText } from "/form.js";

const SHELF = "policy-workshop-room";
const AFTER_LAST_PRESS = 400;
const SOON = 300; // what is new at the same time is asked for once
const SPREAD = 900; // and not by all phones of the room in one moment
const EVERY = 3000;
const BALLOT = "vote/ballot";
const LINES = "release/lines";

const TEXTS = {
  vote: "Vote: what should the room work on first?",
  yours: "You have {of} dots. Put them where you like, also several on one.", tables: "Your table has {of} dots together. Put them where you like, also several on one.",
  blind: "Only the totals are shown, never who voted for what. You can change your vote until the vote closes.",
  left: "{n} of {of} dots left", none_left: "All {of} dots are given", take_first: "All {of} dots are given. Take one back first.",
  more: "Give a dot to: {title}", less: "Take a dot back from: {title}", dots: "{n} dots", dot: "1 dot", no_dots: "no dots",
  nothing: "Nothing is on the board just now.",
  closed: "The vote is closed", closed_more: "The facilitator shows the result when the room is ready.", your_dots: "Your dots",
  result: "What the room finds hardest", no_result: "Nobody gave a dot.",
  may: "May the room see these words?", who_decides: "Everyone in the room can see them only when one of you says yes. Any of you can change it.",
  lacks: { "": "Nothing yet", shown: "You have not shown each other your answers to this yet", agreed: "Your answers are split: offer one text above" },
  first: { "": "Answer the questions above first.", shown: "Show each other your answers above first.", agreed: "Agree on one text above first." },
  yes: "Yes, the room may see them", no: "Not yet", again: "Show the new words instead",
  nobody: "Only your organization and the facilitator can see these words.", said_yes: "{who} said yes. The room may see these words.", on_board: "{who} said yes. The room can see these words now.",
  changed: "Your words have changed since {who} said yes. The room still gets the words from before.",
  saved: "Saved", saving: "Saving…", unsaved: "Not sent yet – kept on this device", not_kept: "Not sent yet – please leave this page open", refused: "",
};

const sentence = (says) => says.slice(0, 1).toUpperCase() + says.slice(1);

export class Report {
  // `asks` is the page's way to the server; `told` hears whether it could be reached, and says whether it refused for good;
  // `turned` hears that the vote was opened, closed or shown while somebody looked; `steady` draws so that a field
  // that somebody is in stays where it is.
  constructor({ vote, release, me, asks, told, turned, steady }) {
    Object.assign(this, { vote, release, me, asks, told, turned, steady, shows: "", kept: 0, seen: null, knew: false, due: null, at: 0, drawn: { vote: "", release: "" }, fault: {}, wants: { vote: false, release: false } });
    this.outbox = new Outbox(me.identity, SHELF);
    this.post = new Post(this.outbox, (message) => void this.send(message), () => this.draw());
    this.outbox.entries().forEach(([key, entry]) => this.post.take(key, entry));
    this.flush = () => this.post.flush();
    for (const name of ["pagehide", "visibilitychange"]) window.addEventListener(name, this.flush);
  }

  close() {
    clearTimeout(this.due);
    this.post.flush();
    this.post.stop();
    for (const name of ["pagehide", "visibilitychange"]) window.removeEventListener(name, this.flush);
    this.wants = { vote: false, release: false };
    this.draw();
  }

  // Which of the two belongs on the page now.
  want(wants) {
    if (!wants.vote) this.knew = true; // nothing to vote on yet: what comes is news
    const more = (wants.vote && !this.wants.vote) || (wants.release && !this.wants.release);
    this.wants = wants;
    if (more) this.soon(0);
    this.draw();
  }

  // Something is new: ask for it soon, once for all that came, and not too often.
  soon(spread = SPREAD) {
    if (this.due || !(this.wants.vote || this.wants.release)) return;
    const wait = Math.max(SOON, this.at + (spread ? EVERY : 0) - Date.now());
    this.due = setTimeout(() => this.now(), wait + Math.random() * spread);
  }

  async now() {
    clearTimeout(this.due);
    this.due = null;
    const asked = (this.at = Date.now());
    const { kept } = this;
    try {
      const seen = await this.asks("GET", "/api/report");
      if (asked !== this.at) return;
      if (kept !== this.kept) return this.soon(0); // it was read before our newest act arrived there
      this.seen = seen;
      this.draw();
    } catch {
      this.soon();
    }
  }

  async send({ type, id, dots, yes, mark }) {
    const [path, said] = type === "vote" ? ["ballots", { dots }] : ["releases", { yes, mark }];
    try {
      await this.asks("PUT", `/api/${path}/${id}`, said);
      this.keep(type, { dots, yes });
      this.post.heard({ type: "saved", id });
      this.told(null);
      if (type === "release") this.now();
    } catch (fault) {
      this.post.heard({ type: this.told(fault) ? "refused" : "failed", id });
      this.giveUp(type, fault.message);
    }
  }

  // What the server has for good is what stands, until it tells us more.
  keep(type, { dots, yes }) {
    delete this.fault[type];
    this.kept += 1;
    if (!this.seen) return;
    if (type === "vote") for (const point of this.seen.vote.points) point.mine = dots[point.id] ?? 0;
    else Object.assign(this.seen.release, { yes, who: "You", changed: false });
  }

  // A refused act goes no further: what stands is asked for again, and the reason is said.
  giveUp(type, says) {
    const key = type === "vote" ? BALLOT : LINES;
    const letter = this.post.letters.get(key);
    if (!letter?.refused) return;
    this.fault[type] = sentence(says);
    this.outbox.drop(key, letter.kept);
    this.post.letters.delete(key);
    this.draw();
    this.now();
  }

  draw() {
    this.steady(() => {
      this.part("vote", () => this.ballot());
      this.part("release", () => this.lines());
    });
    const shows = this.vote.hidden ? "" : this.seen.vote.state;
    if (shows && this.knew && shows !== this.shows) this.turned(shows);
    this.knew ||= Boolean(this.seen);
    this.shows = shows;
  }

  // Drawn anew only when something is new.
  part(name, make) {
    const place = this[name];
    place.hidden = !this.wants[name] || !this.seen || (name === "vote" && !this.seen.vote.state);
    const pending = this.post.letters.get(name === "vote" ? BALLOT : LINES);
    const news = place.hidden ? "" : JSON.stringify([this.seen[name], pending?.value, this.state(name), this.fault[name]]);
    if (news === this.drawn[name]) return;
    this.drawn[name] = news;
    if (place.hidden) return place.replaceChildren();
    const { parts, aloud, sent, after } = make();
    const told = node("div", { class: "pw-told", "data-focus": "told", hidden: !aloud && !sent }, node("p", { class: "pw-aloud", role: "status", hidden: !aloud }, aloud), ...[sent].filter(Boolean));
    patch(place, [...parts, told, ...(after ?? [])].filter(Boolean));
  }

  state(name) {
    const key = name === "vote" ? BALLOT : LINES;
    const state = this.post.letters.has(key) ? this.post.stateOf(key) : "";
    return state === "unsaved" && !this.outbox.works ? "not_kept" : state;
  }

  mark(name, kept) {
    const state = this.state(name) || (kept ? "saved" : "");
    return state && TEXTS[state] ? node("p", { class: "pw-sent", "data-state": state }, TEXTS[state]) : null;
  }

  wrong(name) {
    return this.fault[name] ? node("p", { class: "pw-wrong", role: "alert" }, this.fault[name]) : null;
  }

  button(focus, words, act, attributes = {}) {
    const made = node("button", { type: "button", class: "pw-second", "data-focus": focus, ...attributes }, words);
    made.addEventListener("click", act);
    return made;
  }

  // ---------------------------------------------------------------- the vote

  ballot() {
    return { open: () => this.open(), closed: () => this.closed(), shown: () => this.result() }[this.seen.vote.state]();
  }

  dots() {
    const { points } = this.seen.vote;
    const going = this.post.letters.get(BALLOT)?.value?.dots;
    return Object.fromEntries(points.map(({ id, mine }) => [id, (going ? going[id] : mine) ?? 0]));
  }

  open() {
    const { points, of } = this.seen.vote;
    const dots = this.dots();
    const left = of - Object.values(dots).reduce((sum, each) => sum + each, 0);
    const parts = [
      node("h2", { tabindex: "-1" }, TEXTS.vote), node("p", {}, fill(this.me.table ? TEXTS.tables : TEXTS.yours, { of })), node("p", { class: "pw-quiet" }, TEXTS.blind),
      points.length ? node("ul", { class: "pw-points" }, ...points.map((each) => this.point(each, dots, left))) : node("p", {}, TEXTS.nothing),
    ];
    const aloud = !points.length ? "" : fill(left ? TEXTS.left : TEXTS.none_left, { n: left, of });
    return { parts: [...parts, this.wrong("vote")], aloud, sent: this.mark("vote", left < of) };
  }

  point({ id, title, lines, group }, dots, left) {
    const n = dots[id];
    const count = n ? fill(n === 1 ? TEXTS.dot : TEXTS.dots, { n }) : TEXTS.no_dots;
    const given = node("span", { class: "pw-given" }, node("span", { "aria-hidden": "true" }, "●".repeat(n) + "○".repeat(Math.max(0, this.seen.vote.of - n))), node("span", { class: "pw-away" }, count));
    const less = this.button(`less ${id}`, "−", () => this.give(id, -1), { "aria-label": fill(TEXTS.less, { title }), "aria-disabled": String(!n) });
    const more = this.button(`more ${id}`, "+", () => this.give(id, 1), { "aria-label": fill(TEXTS.more, { title }), "aria-disabled": String(!left) });
    return node("li", { class: "pw-point", "data-given": String(Boolean(n)) }, said(title, lines, group), node("div", { class: "pw-give" }, less, given, more));
  }

  // Counted when it is pressed: a button outlives what was drawn around it.
  give(id, by) {
    const dots = this.dots();
    const all = Object.values(dots).reduce((sum, each) => sum + each, by);
    if (dots[id] + by < 0) return;
    if (all > this.seen.vote.of) return this.tooMany();
    delete this.fault.vote;
    const given = Object.fromEntries(Object.entries({ ...dots, [id]: dots[id] + by }).filter(([, n]) => n > 0));
    this.post.note(BALLOT, { type: "vote", dots: given }, AFTER_LAST_PRESS);
  }

  tooMany() {
    setText(this.vote.querySelector(".pw-aloud"), fill(TEXTS.take_first, this.seen.vote));
    this.drawn.vote = "";
  }

  closed() {
    const dots = this.dots();
    const mine = this.seen.vote.points.filter(({ id }) => dots[id]);
    const own = mine.length ? [node("h3", {}, TEXTS.your_dots), node("ul", { class: "pw-points" }, ...mine.map(({ id, title, lines, group }) => node("li", { class: "pw-point" }, said(title, lines, group), given(dots[id]))))] : [];
    return { parts: [node("h2", { tabindex: "-1" }, TEXTS.closed), this.wrong("vote"), node("p", {}, TEXTS.closed_more), ...own], aloud: "", sent: this.mark("vote", false) };
  }

  result() {
    const { result } = this.seen.vote;
    const rows = result.map(({ place, title, who, words, share }) => {
      const bar = node("span", { class: "pw-count-bar", "aria-hidden": "true", hidden: share === null });
      bar.style.setProperty("--pw-share", `${100 * (share ?? 0)}%`);
      return node("li", { class: "pw-point" }, node("p", { class: "pw-point-title" }, node("span", { class: "pw-place" }, `${place}. `), title), who ? node("p", { class: "pw-quiet" }, who) : null, node("p", { class: "pw-tally" }, words), bar);
    });
    return { parts: [node("h2", { tabindex: "-1" }, TEXTS.result), this.wrong("vote"), rows.length ? node("ul", { class: "pw-points" }, ...rows) : node("p", {}, TEXTS.no_result)], aloud: "" };
  }

  // ---------------------------------------------------------------- our lines for the room

  lines() {
    const { lines, any, yes, changed } = this.seen.release;
    const going = this.post.letters.get(LINES)?.value;
    const stands = going ? going.yes : yes;
    const rows = lines.map(({ title, words, lacks }) => node("div", {}, node("dt", {}, title), node("dd", { class: words ? "" : "pw-quiet" }, words || TEXTS.lacks[lacks])));
    const say = (name, words, value) => this.button(name, words, () => this.say(value), { "aria-pressed": String(stands === value) });
    const buttons = any || yes ? [node("div", { class: "pw-row" }, say("yes", TEXTS.yes, true), say("no", TEXTS.no, false))] : [];
    const anew = stands && changed && any && !going ? node("div", { class: "pw-row" }, this.button("again", TEXTS.again, () => this.say(true))) : null;
    const parts = [node("h2", { tabindex: "-1" }, TEXTS.may), node("dl", {}, ...rows), node("p", { class: "pw-quiet" }, any ? TEXTS.who_decides : TEXTS.first[lines.find((each) => each.lacks)?.lacks ?? ""]), ...buttons];
    return { parts, aloud: any || yes ? this.stand(going) : "", sent: this.mark("release", false), after: [anew, this.wrong("release")] };
  }

  stand(going) {
    const { yes, who, changed, on_board } = this.seen.release;
    if (going || !yes) return going?.yes ? "" : TEXTS.nobody;
    return fill(changed ? TEXTS.changed : on_board ? TEXTS.on_board : TEXTS.said_yes, { who: changed && who === "You" ? "you" : who || "A colleague" });
  }

  say(yes) {
    delete this.fault.release;
    const { mark } = this.seen.release;
    this.post.note(LINES, { type: "release", yes, mark: yes ? mark : "" }, 0);
    this.post.post(LINES);
  }
}

// What is drawn becomes what is there: nodes stay where they can, so that no press, no focus and no word said aloud is lost.
function patch(place, wanted) {
  const keyed = new Map([...place.children].filter((each) => each.dataset.focus).map((each) => [each.dataset.focus, each]));
  wanted.forEach((made, at) => {
    const there = place.childNodes[at];
    const old = made.dataset?.focus ? keyed.get(made.dataset.focus) : there;
    if (!old || old.nodeName !== made.nodeName || (old.dataset?.focus ?? "") !== (made.dataset?.focus ?? "")) return there ? there.before(made) : place.append(made);
    if (old !== there) there.before(old);
    become(old, made);
  });
  while (place.childNodes.length > wanted.length) place.lastChild.remove();
}

function become(old, made) {
  if (old.nodeType === Node.TEXT_NODE) return setText(old, made.data);
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes) if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (made.style.cssText !== old.style.cssText) old.style.cssText = made.style.cssText; // the page's policy takes no style as an attribute
  patch(old, [...made.childNodes]);
}

const given = (n) => node("span", { class: "pw-given" }, node("span", { "aria-hidden": "true" }, "●".repeat(n)), node("span", { class: "pw-away" }, fill(n === 1 ? TEXTS.dot : TEXTS.dots, { n })));

// A group has the room's own title, and whose lines are in it; a line alone says whose it is.
function said(title, lines, group) {
  const own = group ? lines.map(({ who, words }) => node("p", { class: "pw-line" }, node("strong", {}, who), ` ${words}`)) : lines.map(({ who }) => node("p", { class: "pw-quiet" }, who));
  return node("div", { class: "pw-said" }, node("p", { class: "pw-point-title" }, title), ...own);
}
