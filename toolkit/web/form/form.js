// The worksheet form: one module for two hosts (a notebook widget, the join page's phone).
// Its law: what a person types is shown, kept and sent; "Saved" is said when the host has said so, never before.
// It talks to its host by model.get/on/off/send alone, imports nothing, and builds the page from nodes, never from markup.

// ---------------------------------------------------------------- words (a host may change any by the trait `texts`)

const TEXTS = {
  ready: "Ready", ready_more: "Answers save by themselves",
  saved: "Saved", saving: "Saving…", unsaved: "Not saved yet", refused: "Not saved yet",
  kept: "kept on this device", not_kept: "please leave this page open", look_again: "an answer needs a change",
  needs_change: "Needs a change", closed: "Closed", closed_more: "answers can be read, not changed",
  progress: "{done} of {all} answered", minutes: "Planned: {minutes} minutes",
  example: "For example:", first_answer: "Your first answer:", wording: "Wording for the policy",
  more: "Why, risk and source", more_short: "More about this", reason: "Why", risk: "Risk", source: "Source", checked: "checked {day}",
  other: "In our own words", other_field: "Write your words here", unsure: "Unsure - ask counsel or funder",
  yes: "Yes", no: "No", not_sure: "Unsure", clear: "Clear this answer",
  name: "Name", role: "Role", reach: "How to reach them (phone or e-mail)",
  withheld: "Not saved", look_below: "look at the question below",
  together: "Our organization's answer", is_agreed: "Agreed", is_proposed: "Proposed, not agreed yet", is_split: "Split, no majority", is_open: "Open",
  alone_first: "Answer on your own first. For now, you and your colleagues can't see each other's answers.", have_answered: "{n} of {of} have answered.",
  reveal: "Show each other our answers", reveal_more: "Press this when everyone is ready. You can't hide the answers again.",
  you: "You", a_colleague: "A colleague", no_voices: "Nobody has answered yet. Write a text of your own.",
  use: "Use this", use_of: "Use this: the answer of {who}", tick: "Combine", combine: "Combine the ticked ({n})", tick_two: "Tick two or more to combine", write_own: "Write our own",
  counted: "How often each was chosen", points: "{n} points", tie: "It is a tie: nothing has a majority. Talk about it, then offer one text.",
  offered: "Texts offered as ours", stands: "This text stands", beside: "Another text beside it", offered_by: "Offered by: {who}.", made_from: "Made from the answers of: {who}.",
  supported: "{n} of {of} agree.", noted: "Note: {note}", dissent: "Who sees it differently", no_note: "sees it differently",
  agree: "I agree", differ: "I see it differently (keep a note)", say_why: "If you see it differently, say why", keep_note: "Keep my note", cancel: "Cancel",
  our_text: "Our answer", say_why_optional: "If you see it differently, say why (optional)", offer: "Offer this to everybody", nothing_yet: "Write or choose something first.",
  at_table: "Your colleagues answer on their own phones first.", write_down: "Write this down as ours", written_down: "Written down at your table.", say_agree: "{n} of {of} say that they agree.",
  one_differs: "One of us sees it differently (keep a note)", one_why: "Why does one of you see it differently?", one_why_optional: "If one of you sees it differently, say why (optional)", take_back: "Nobody here sees it differently any more",
  is_writing: "{who} is writing…", many_writing: "{n} colleagues are writing…",
  look_at: "Look again at “{found}”. {why}", narrower: "A narrower wording:", leave_it: "Leave it as it is",
  tripped: "{name}: “{found}”.", change_it: "Change it", keep_it: "Keep it: it is not a client's",
  item: "Item {number}", add: "Add another", remove: "Remove", remove_item: "Remove item {number}",
  ranked: "Your order, first on top", unranked: "Not placed yet", no_order: "Nothing is placed yet. Choose what comes first.",
  place: "Place", up: "Up", down: "Down", take_out: "Take out",
  place_option: "Place {label} as number {number}", up_option: "Move {label} up", down_option: "Move {label} down", out_option: "Take {label} out",
  is_place: "{label}: now number {number} of {all}", is_out: "{label}: taken out",
  unfinished_date: "This date is not complete. Give the day, the month and the year, or clear all three.",
};

export const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);

// ---------------------------------------------------------------- nodes

export function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null && value !== "") made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== "" && child !== false));
  return made;
}

export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

export const hex = (bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
export const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
const isText = (value) => typeof value === "string";
const isOther = (value) => value !== null && typeof value === "object" && "other" in value;
const words = (value) => (isText(value) ? value : "");
const orNull = (text) => (text.trim() ? text : null);
// An answer as the host keeps it: the space after the last word is no news.
const bare = (value) => (isText(value) ? value.trim() : Array.isArray(value) ? value.map(bare) : value);
const alike = (one, other) => same(bare(one), bare(other));

// ---------------------------------------------------------------- the tripwire: client details are asked about before they leave the field

// The same sentences as toolkit.drafts.checks.sentences, so that a rule finds here what it finds there.
const NEW_LINE = /\n\s{0,20}(?![a-z\s])/;
const LIST_MARK = /^\s*(?:[-*•–·?]|\d{1,2}[.)]|[a-z][.)])\s+/;
const STOP = /[.!?…]+["'”’)\]]{0,3}\s+/g;
const SHORT_FORMS = new Set(["e.g", "i.e", "etc", "cf", "vs", "dr", "mr", "mrs", "ms", "jr", "inc", "dept", "u.s"]);
const INITIALS = /^(?!I$)[A-Z](?:\.[A-Z]){0,3}$/;
const LONGEST_SENTENCE = 800;
const OVERLAP = 200;

const oneLine = (text) => text.split(/\s+/).filter(Boolean).join(" ");

export function sentences(text) {
  const lines = text.replace(/\r\n?/g, "\n").split(NEW_LINE).map((line) => oneLine(line.replace(LIST_MARK, "")));
  return lines.flatMap(splitLine).flatMap(pieces);
}

function splitLine(line) {
  const found = [];
  let start = 0;
  for (const stop of line.matchAll(STOP)) {
    if (!endsHere(line, stop)) continue;
    found.push(line.slice(start, stop.index + stop[0].length).trim());
    start = stop.index + stop[0].length;
  }
  return line.slice(start).trim() ? [...found, line.slice(start).trim()] : found;
}

function endsHere(line, stop) {
  const last = line.slice(Math.max(0, stop.index - 12), stop.index).match(/[\p{L}\p{N}_.]{1,12}$/u)?.[0] ?? "";
  const after = line.slice(stop.index + stop[0].length).slice(0, 1);
  const small = /^\p{Ll}/u.test(after);
  if (small || stop[0].trim() !== ".") return !small;
  return !(SHORT_FORMS.has(last.toLowerCase()) || INITIALS.test(last) || (last.toLowerCase() === "no" && /\d/.test(after)));
}

function pieces(sentence) {
  const found = [];
  for (let at = 0; at < Math.max(1, sentence.length - OVERLAP); at += LONGEST_SENTENCE - OVERLAP) found.push(sentence.slice(at, at + LONGEST_SENTENCE));
  return found;
}

const EDGES = /^[ \t("“‘,;:/-]+|[ \t("“‘,;:/-]+$/g;
const own = (value) => (isOther(value) ? [String(value.other)] : []);
// The words of an answer, by kind; a contact may hold a phone number, the rest are no words.
const WORDS_OF = {
  text: (value) => [value], long_text: (value) => [value], list: (value) => value,
  choice: own, choices: (value) => value.flatMap(own),
};

export class Tripwire {
  constructor(rules) {
    this.rules = (rules ?? []).map(compiled).filter(Boolean);
    this.known = new Map();
  }

  // What the rules find in an answer: [{rule, name, why, found}].
  hits(kind, value) {
    const said = value == null ? [] : WORDS_OF[kind]?.(value) ?? [];
    return said.filter(isText).flatMap(sentences).flatMap((sentence) => this.inSentence(sentence));
  }

  inSentence(sentence) {
    if (this.known.size > 500) this.known.clear();
    if (!this.known.has(sentence)) this.known.set(sentence, this.rules.flatMap((rule) => foundBy(rule, sentence)));
    return this.known.get(sentence);
  }
}

function compiled({ id, name, pattern, flags, unless, why }) {
  try {
    return { id, name, why, pattern: new RegExp(pattern, `g${flags ?? ""}`), unless: unless ? new RegExp(unless, flags ?? "") : null };
  } catch {
    return null; // a rule that this browser cannot read must not keep anybody from writing
  }
}

function foundBy(rule, sentence) {
  if (rule.unless?.test(sentence)) return [];
  return [...sentence.matchAll(rule.pattern)].map((match) => ({ rule: rule.id, name: rule.name, why: rule.why, found: match[0].replace(EDGES, "") }));
}

// The question at the field; it is drawn once, and says the newest find.
function tripwireBox(texts, change, keep) {
  const says = node("p", { class: "pw-asked" });
  const buttons = [["change_it", change], ["keep_it", keep]].map(([name, act]) => {
    const button = node("button", { type: "button", class: "pw-button" }, texts[name]);
    button.addEventListener("click", act);
    return button;
  });
  const box = node("div", { class: "pw-tripwire", role: "group", hidden: true }, says, node("div", { class: "pw-buttons" }, ...buttons));
  says.setAttribute("role", "alert");
  return {
    node: box,
    show(hit) {
      box.hidden = !hit;
      setText(says, hit ? `${fill(texts.tripped, hit)} ${hit.why}` : "");
    },
  };
}

// ---------------------------------------------------------------- a wording to look at again: said below the field, once somebody has left it

// What people typed, not what they only chose.
function hasOwnWords(kind, value) {
  if (["text", "long_text", "list"].includes(kind)) return value != null;
  return isOther(value) || (Array.isArray(value) && value.some(isOther));
}

function cautionsBox(texts, leave) {
  const box = node("div", { class: "pw-cautions", "aria-live": "polite" });
  const one = (caution) => {
    const press = node("button", { type: "button", class: "pw-button" }, texts.leave_it);
    press.addEventListener("click", () => leave(caution));
    const narrower = caution.narrower && node("p", {}, node("strong", {}, texts.narrower), ` ${caution.narrower}`);
    return node("div", { class: "pw-caution" }, node("p", {}, fill(texts.look_at, caution)), narrower, press);
  };
  return { node: box, show: (cautions) => box.replaceChildren(...cautions.map(one)) };
}

// ---------------------------------------------------------------- the vault: what must outlive an empty battery

// A browser writes localStorage to the disk when it likes, minutes later; a strict transaction is there when it says so.
class Vault {
  constructor() {
    Object.assign(this, { waiting: new Map(), timer: null, opened: null });
  }

  put(key, entry) {
    this.waiting.set(key, entry);
    this.timer ??= setTimeout(() => this.write(), VAULT_AFTER);
  }

  open() {
    this.opened ??= asked(() => {
      const opening = indexedDB.open("policy-workshop", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
      return opening;
    });
    return this.opened;
  }

  async write() {
    const store = this.store(await this.open(), "readwrite");
    const waiting = this.waiting;
    Object.assign(this, { waiting: new Map(), timer: null });
    const gone = () => waiting.forEach((entry, key) => { if (!entry) localNotes.drop(DONE + key); });
    if (!store) return gone();
    store.transaction.oncomplete = gone;
    waiting.forEach((entry, key) => (entry ? store.put(entry, key) : store.delete(key)));
  }

  async clear() {
    clearTimeout(this.timer);
    Object.assign(this, { waiting: new Map(), timer: null });
    const store = this.store(await this.open(), "readwrite");
    if (store) await asked(() => store.clear());
  }

  async entries(prefix) {
    const store = this.store(await this.open(), "readonly");
    if (!store) return [];
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, entries] = await Promise.all([asked(() => store.getAllKeys(range)), asked(() => store.getAll(range))]);
    return (keys ?? []).map((key, place) => [key.slice(prefix.length), entries[place]]);
  }

  store(database, mode) {
    try {
      return database?.transaction("kept", mode, { durability: "strict" }).objectStore("kept");
    } catch {
      return null; // a browser that keeps nothing here still has the outbox
    }
  }
}

// What a request to the vault brings, null when it brings nothing.
const asked = (ask) => new Promise((done) => {
  try {
    const asking = ask();
    asking.onsuccess = () => done(asking.result);
    asking.onerror = asking.onblocked = () => done(null);
  } catch {
    done(null);
  }
});

// What is done with is noted at once, until the vault has let go of it too: else a page that is loaded again in that
// moment would take an old word of the vault's for an unsaved one, and send it after the newest.
const DONE = "policy-workshop-done/";
const localNotes = {
  keep(key, at) { try { localStorage.setItem(key, String(at)); } catch { /* nothing is kept here, and nothing comes back */ } },
  read(key) { try { return Number(localStorage.getItem(key)); } catch { return 0; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* it was never there */ } },
  all(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};

const VAULT_AFTER = 250;
const vault = new Vault();

// Everything that any page of ours keeps on this device, in every place.
export async function forgetDevice() {
  for (const storage of ["localStorage", "sessionStorage"]) {
    try {
      const place = window[storage];
      Object.keys(place).filter((key) => key.startsWith("policy-workshop")).forEach((key) => place.removeItem(key));
    } catch {
      // this place is switched off: nothing is kept there
    }
  }
  await vault.clear();
}

// ---------------------------------------------------------------- the outbox: unsaved words, kept on this device

export class Outbox {
  constructor(identity, shelf = "policy-workshop") {
    this.prefix = `${shelf}/${identity}/`;
    this.works = true;
  }

  keep(question, entry) {
    vault.put(this.prefix + question, entry);
    try {
      localStorage.setItem(this.prefix + question, JSON.stringify(entry));
      this.works = true;
    } catch {
      this.works = false;
    }
    return this.works;
  }

  read(question) {
    try {
      const entry = JSON.parse(localStorage.getItem(this.prefix + question));
      return entry && isText(entry.id) ? entry : null;
    } catch {
      return null;
    }
  }

  drop(question, id) {
    const held = this.read(question);
    if ((held?.id ?? id) !== id) return; // another page's words for the same question stay
    localNotes.keep(DONE + this.prefix + question, held?.at ?? Date.now());
    vault.put(this.prefix + question, null);
    try {
      localStorage.removeItem(this.prefix + question);
    } catch {
      this.works = false;
    }
  }

  entries() {
    try {
      const mine = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      const questions = mine.map((key) => key.slice(this.prefix.length));
      return questions.map((question) => [question, this.read(question)]).filter(([, entry]) => entry);
    } catch {
      this.works = false;
      return [];
    }
  }

  // What the device lost when it went dark, and the vault still has; it comes a moment later.
  async late() {
    const found = await vault.entries(this.prefix);
    const lost = found.filter(([question, entry]) => isText(entry?.id) && entry.at > (this.read(question)?.at ?? 0) && entry.at > localNotes.read(DONE + this.prefix + question));
    this.sweep(new Set(lost.map(([question]) => question)));
    return lost;
  }

  // What an earlier page was done with, and its vault was not.
  sweep(lost) {
    for (const note of localNotes.all(DONE + this.prefix)) {
      const key = note.slice(DONE.length);
      const question = key.slice(this.prefix.length);
      if (lost.has(question) || this.read(question)) localNotes.drop(note);
      else if (!vault.waiting.has(key)) vault.put(key, null);
    }
  }
}

// ---------------------------------------------------------------- begun texts: a proposal or a note that is not offered yet, kept on this device

const BEGUN = "policy-workshop-begun"; // a shelf of its own: nothing on it is sent, or counted as unsent

class Begun {
  constructor(identity) {
    this.shelf = new Outbox(identity, BEGUN);
    this.drafts = new Map(this.shelf.entries());
    this.timers = new Map();
  }

  async late() {
    for (const [key, draft] of await this.shelf.late()) if (!this.timers.has(key)) this.drafts.set(key, draft);
  }

  has(key) { return this.drafts.has(key); }
  get(key) { return this.drafts.get(key); }

  // Kept after a pause, and only while `mayStay` says so: words that wait for a decision stay in the field alone.
  set(key, draft, mayStay) {
    this.drafts.set(key, draft);
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => { if (mayStay()) this.shelf.keep(key, { ...draft, id: key, at: Date.now() }); }, AFTER_LAST_KEY));
  }

  delete(key) {
    clearTimeout(this.timers.get(key));
    this.drafts.delete(key);
    this.shelf.drop(key, key);
  }

  clear() {
    [...this.drafts.keys()].forEach((key) => this.delete(key));
  }
}

// ---------------------------------------------------------------- the post: one answer of a question on its way at a time

const AFTER_LAST_KEY = 400;
const LONG_WITHOUT_PAUSE = 1500; // then what is typed goes out at the end of a word
const LATE_AFTER = 2400; // after the first key that is not saved: with a beat it is told within three seconds
const AGAIN_AFTER = 2000;
const BEAT = 500;
const WRITING_EVERY = 2000;

// What the outbox holds of a letter: its newest words, and what is on its way before them.
const entryOf = ({ id, value, at, sent }) => ({ id, value, at, ...(sent && sent.id !== id ? { before: { id: sent.id, value: sent.value } } : {}) });

// A word and its space, and no number near: half a telephone number never leaves before it is whole.
const WORD_ENDED = /(?:^|\D{20})\s$|^\D*\s$/;
const lastWords = (value) => String((Array.isArray(value) ? value[value.length - 1] : value) ?? "");

// A letter's key is a question, or an act and what it is about ("propose/…", "opinion/…", "reveal/…"): then its value is the message.
const messageOf = (key, { id, value }) => (key.includes("/") ? { ...value, id } : { type: "save", id, question: key, value });

export class Post {
  constructor(outbox, send, changed) {
    Object.assign(this, { outbox, send, changed, letters: new Map(), touched: false, beating: null });
  }

  // What is typed: kept at once, sent after the pause.
  note(question, value, pause = AFTER_LAST_KEY, now = Date.now()) {
    const letter = this.letter(question);
    Object.assign(letter, { id: hex(16), value, waiting: true, refused: "", unfinished: "", at: now, since: letter.since || now });
    if (this.outbox.keep(question, entryOf(letter))) letter.kept = letter.id;
    this.touched = true;
    clearTimeout(letter.timer);
    letter.timer = setTimeout(() => this.post(question), now - letter.since > LONG_WITHOUT_PAUSE && WORD_ENDED.test(lastWords(value)) ? 0 : pause);
    this.beat();
    this.changed(question);
  }

  // Words that wait for a decision of the person: they stay in the field alone. What was typed just before them goes
  // too, because it may be half of them; what had its pause stays as it was.
  withhold(question, value, hit) {
    const letter = this.letter(question);
    clearTimeout(letter.timer);
    if (letter.waiting) this.fallBack(question, letter);
    Object.assign(letter, { withheld: { value, hit }, unfinished: "", refused: "" });
    this.changed(question);
  }

  fallBack(question, letter) {
    const last = letter.rested ?? letter.sent;
    letter.waiting = Boolean(letter.rested);
    if (!letter.waiting) letter.since = 0;
    if (last) {
      Object.assign(letter, { id: last.id, value: last.value, kept: last.id });
      this.outbox.keep(question, entryOf(letter));
      return;
    }
    this.outbox.drop(question, letter.kept);
    delete letter.value;
  }

  grant(question) {
    const letter = this.letters.get(question);
    if (!letter?.withheld) return;
    letter.withheld = null;
    this.settle(question, letter);
  }

  // Words that are no answer yet (half a date): nothing to send, and not "Saved" either.
  hold(question, says) {
    const letter = this.letter(question);
    if (letter.unfinished === says) return;
    letter.unfinished = says;
    this.changed(question);
  }

  release(question) {
    const letter = this.letters.get(question);
    if (!letter?.unfinished) return;
    letter.unfinished = "";
    this.settle(question, letter);
  }

  // What an earlier visit left unsaved: sent again under its old id, so a repeat is the same answer; and first what
  // was on its way before it, because that may still arrive by itself, and must not come last.
  take(question, entry) {
    const letter = this.letter(question);
    Object.assign(letter, { id: entry.id, kept: entry.id, value: entry.value, at: entry.at ?? 0, waiting: true, since: Date.now() });
    this.touched = true;
    if (!letter.sent && isText(entry.before?.id)) this.sends(question, letter, entry.before);
    else this.post(question);
  }

  letter(question) {
    if (!this.letters.has(question)) this.letters.set(question, { sent: null, waiting: false, since: 0, refused: "", unfinished: "", withheld: null, failed: "", late: false });
    return this.letters.get(question);
  }

  // The one on its way is answered first; then the newest follows.
  post(question) {
    const letter = this.letters.get(question);
    if (!letter) return;
    clearTimeout(letter.timer);
    if (letter.waiting) letter.rested = { id: letter.id, value: letter.value };
    if (letter.sent || !letter.waiting) return;
    letter.waiting = false;
    letter.rested = null;
    this.sends(question, letter, letter);
  }

  sends(question, letter, { id, value }) {
    letter.sent = { id, value, first: letter.since || Date.now() };
    if (!letter.waiting) letter.since = 0;
    this.hand(question, letter);
    this.beat();
    this.changed(question);
  }

  hand(question, letter) {
    letter.sent.last = Date.now();
    try {
      this.send(messageOf(question, letter.sent));
    } catch {
      letter.late = true; // a host that is gone; the beat tries again
    }
  }

  flush() {
    for (const question of this.letters.keys()) this.post(question);
  }

  heard(message) {
    const [question, letter] = [...this.letters].find(([, each]) => each.sent && each.sent.id === message.id) ?? [];
    if (!letter) return;
    ANSWERS[message.type]?.(this, letter, { ...message, question });
    this.changed(question);
  }

  settle(question, letter) {
    if (!letter.sent && !letter.waiting && !letter.unfinished && !letter.withheld && !letter.refused) this.letters.delete(question);
    this.changed(question);
  }

  beat() {
    if (this.beating) return;
    this.beating = setInterval(() => this.look(), BEAT);
  }

  look(now = Date.now()) {
    const away = [...this.letters].filter(([, letter]) => letter.sent || letter.waiting);
    for (const [question, letter] of away) this.lookAt(question, letter, now);
    if (!away.length) this.rest();
  }

  lookAt(question, letter, now) {
    if (!letter.late && now - (letter.sent?.first ?? letter.since) < LATE_AFTER) return;
    if (!letter.late) {
      letter.late = true;
      this.changed(question);
    }
    if (letter.sent && now - letter.sent.last >= AGAIN_AFTER) this.hand(question, letter);
  }

  rest() {
    clearInterval(this.beating);
    this.beating = null;
  }

  stop() {
    this.rest();
    for (const letter of this.letters.values()) clearTimeout(letter.timer);
  }

  stateOf(question) {
    const letter = this.letters.get(question);
    if (!letter) return "saved";
    if (letter.withheld) return "withheld";
    if (letter.refused || letter.unfinished) return "refused";
    return letter.late ? "unsaved" : "saving";
  }

  state() {
    const states = [...this.letters.keys()].map((question) => this.stateOf(question));
    return ["withheld", "unsaved", "refused", "saving"].find((state) => states.includes(state)) ?? (this.touched ? "saved" : "ready");
  }
}

// What the host may say about an answer on its way.
const ANSWERS = {
  saved(post, letter, { question, id }) {
    Object.assign(letter, { late: false, failed: "", sent: null });
    post.outbox.drop(question, id);
    if (letter.waiting) return void post.post(question);
    post.outbox.drop(question, letter.kept); // an older one, when the newest found no room
    post.settle(question, letter);
  },
  refused(post, letter, { question, says }) {
    Object.assign(letter, { late: false, failed: "", sent: null });
    if (letter.waiting) return void post.post(question);
    letter.refused = says || TEXTS.needs_change;
  },
  // It stays the one that is answered first: a network may still bring it, and then it must not come after a newer one.
  failed(post, letter, { says }) {
    Object.assign(letter, { late: true, failed: says || "" });
  },
};

// ---------------------------------------------------------------- controls: each gives {node, read, write}; read() is undefined for half an answer

const describe = (seat) => ({ "aria-describedby": seat.describedBy });

function textControl(seat) {
  const field = node("input", { type: "text", id: seat.id, class: "pw-field", autocomplete: "off", ...describe(seat) });
  return { node: field, read: () => orNull(field.value), write: (value) => void (field.value = words(value)) };
}

function longTextControl(seat) {
  const field = node("textarea", { id: seat.id, class: "pw-field", rows: 3, autocomplete: "off", ...describe(seat) });
  field.addEventListener("input", () => grow(field));
  return { node: field, read: () => orNull(field.value), write: (value) => { field.value = words(value); grow(field); } };
}

function grow(field) {
  if (!field.matches("textarea")) return;
  if (CSS.supports("field-sizing", "content")) return; // the stylesheet does it
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 4}px`;
}

function dateControl(seat) {
  const field = node("input", { type: "date", id: seat.id, class: "pw-field pw-date", ...describe(seat) });
  const half = () => field.validity.badInput || (field.value && Number(field.value.split("-")[0]) < 1900);
  const read = () => (half() ? undefined : field.value || null);
  return { node: field, read, write: (value) => void (field.value = words(value)), unfinished: seat.texts.unfinished_date };
}

function choiceControl(seat) {
  const group = optionGroup(seat, "radio");
  const read = () => group.chosen()[0] ?? null;
  return { node: group.node, read, write: (value) => group.choose(value == null ? [] : [value]) };
}

function choicesControl(seat) {
  const group = optionGroup(seat, "checkbox");
  const read = () => (group.chosen().length ? group.chosen() : null);
  return { node: group.node, read, write: (value) => group.choose(Array.isArray(value) ? value : []) };
}

function yesNoUnsureControl(seat) {
  const { yes, no, not_sure } = seat.texts;
  const options = [{ id: "yes", label: yes }, { id: "no", label: no }, { id: "unsure", label: not_sure }];
  const control = choiceControl({ ...seat, question: { ...seat.question, options, other: false, unsure: false } });
  control.node.classList.add("pw-in-a-row");
  return control;
}

function optionGroup(seat, type) {
  const { question, texts } = seat;
  const rows = (question.options ?? []).map((option, place) => optionRow(seat, type, option, place));
  if (question.other) rows.push(otherRow(seat, type));
  if (question.unsure) rows.push(optionRow(seat, type, { id: "unsure", label: texts.unsure }, "unsure"));
  const clear = type === "radio" ? clearButton(seat, rows) : null;
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
    choose(values) { rows.forEach((row) => row.write(values)); after(); },
  };
}

function optionRow(seat, type, option, place) {
  const id = `${seat.id}-${place}`;
  const wording = option.clause ? node("p", { class: "pw-wording", id: `${id}-wording` }, node("span", { class: "pw-away" }, `${seat.texts.wording}: `), option.clause) : null;
  const input = node("input", { type, id, name: seat.id, value: option.id, "aria-describedby": wording?.id });
  const label = node("label", { for: id }, option.label);
  const card = wording || option.reason || option.risk || option.source;
  const row = node("div", { class: card ? "pw-option pw-card" : "pw-option" }, input, label, wording, card ? moreAbout(seat.texts, option) : null);
  return {
    node: row, input,
    read: () => (input.checked ? option.id : null),
    write: (values) => void (input.checked = values.includes(option.id)),
  };
}

function moreAbout(texts, option) {
  const source = option.source && option.checked ? `${option.source} (${fill(texts.checked, { day: longDay(option.checked) })})` : option.source;
  const lines = [[texts.reason, option.reason], [texts.risk, option.risk], [texts.source, source]].filter(([, said]) => said);
  if (!lines.length) return null;
  const summary = node("summary", {}, lines.length === 3 ? texts.more : texts.more_short, node("span", { class: "pw-away" }, `: ${option.label}`));
  return node("details", { class: "pw-more" }, summary, node("dl", {}, ...lines.flatMap(([name, said]) => [node("dt", {}, name), node("dd", {}, said)])));
}

function longDay(iso) {
  const day = new Date(`${iso}T12:00:00`);
  return Number.isNaN(day.getTime()) ? iso : day.toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });
}

function otherRow(seat, type) {
  const row = optionRow(seat, type, { id: "other", label: seat.texts.other }, "other");
  const id = `${seat.id}-other-words`;
  const field = ownField(seat.question.options, id);
  const place = node("div", { class: "pw-other" }, node("label", { for: id }, seat.texts.other_field), field);
  row.node.append(place);
  return {
    ...row,
    after: () => void (place.hidden = !row.input.checked),
    read: () => (row.input.checked && field.value.trim() ? { other: field.value } : null),
    write(values) {
      const own = values.filter(isOther).map((value) => value.other);
      row.input.checked = own.length > 0;
      field.value = own.join("; ");
      grow(field);
    },
  };
}

// A wording for the policy has room for sentences; anything else is one line.
function ownField(options, id) {
  if (!options.some((option) => option.clause)) return node("input", { type: "text", id, class: "pw-field", autocomplete: "off" });
  const field = node("textarea", { id, class: "pw-field pw-own", rows: 2, autocomplete: "off" });
  field.addEventListener("input", () => grow(field));
  return field;
}

function clearButton(seat, rows) {
  const button = node("button", { type: "button", class: "pw-quiet-button" }, seat.texts.clear);
  button.addEventListener("click", () => {
    rows.forEach((row) => row.write([]));
    rows[0].input.dispatchEvent(new Event("change", { bubbles: true }));
    rows[0].input.focus();
  });
  return button;
}

function contactControl(seat) {
  const parts = ["name", "role", "reach"].map((part) => [part, node("input", { type: "text", id: `${seat.id}-${part}`, class: "pw-field", autocomplete: "off" })]);
  const rows = parts.map(([part, field]) => node("div", { class: `pw-part pw-part-${part}` }, node("label", { for: field.id }, seat.texts[part]), field));
  const read = () => {
    const filled = parts.filter(([, field]) => field.value.trim()).map(([part, field]) => [part, field.value]);
    return filled.length ? Object.fromEntries(filled) : null;
  };
  const write = (value) => parts.forEach(([part, field]) => void (field.value = words(value?.[part])));
  return { node: node("div", { class: "pw-contact" }, ...rows), read, write };
}

function listControl(seat) {
  const list = node("ol", { class: "pw-items" });
  const add = node("button", { type: "button", class: "pw-quiet-button" }, seat.texts.add);
  const box = node("div", { class: "pw-list" }, list, add);
  const fields = () => [...list.querySelectorAll("input")];
  const tell = () => box.dispatchEvent(new Event("change", { bubbles: true }));
  const put = (said, after) => {
    const row = itemRow(seat, said, { put, remove, tell });
    after ? after.after(row) : list.append(row);
    number(list, seat.texts);
    return row;
  };
  const remove = (row) => {
    const next = row.nextElementSibling ?? row.previousElementSibling ?? put("", row);
    row.remove();
    number(list, seat.texts);
    next.querySelector("input").focus();
    tell();
  };
  add.addEventListener("click", () => put("").querySelector("input").focus());
  const read = () => { const said = fields().map((field) => field.value).filter((text) => text.trim()); return said.length ? said : null; };
  const write = (value) => { list.replaceChildren(); (Array.isArray(value) && value.length ? value : [""]).forEach((said) => put(words(said))); };
  write(null);
  return { node: box, read, write };
}

function itemRow(seat, said, { put, remove, tell }) {
  const field = node("input", { type: "text", class: "pw-field", autocomplete: "off" });
  const sign = node("span", { class: "pw-remove-sign", "aria-hidden": "true" }, "✕");
  const button = node("button", { type: "button", class: "pw-quiet-button pw-remove" }, node("span", { class: "pw-remove-word" }, seat.texts.remove), sign);
  const row = node("li", { class: "pw-item" }, field, button);
  field.value = said;
  field.addEventListener("keydown", (event) => itemKey(event, field, row, { put, remove }));
  field.addEventListener("paste", (event) => pasteLines(event, field, row, { put, tell }));
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

function pasteLines(event, field, row, { put, tell }) {
  const lines = (event.clipboardData?.getData("text") ?? "").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  field.value += lines[0];
  lines.slice(1).reduce((after, line) => put(line, after), row).querySelector("input").focus();
  tell();
}

function number(list, texts) {
  [...list.children].forEach((row, place) => {
    row.querySelector("input").setAttribute("aria-label", fill(texts.item, { number: place + 1 }));
    row.querySelector("button").setAttribute("aria-label", fill(texts.remove_item, { number: place + 1 }));
  });
}

// Options in order: buttons place, move and take out; what moved keeps the focus, and its place is said aloud.
function rankingControl(seat) {
  const options = seat.question.options ?? [];
  const state = { order: [] };
  const heads = ["ranked", "unranked"].map((name) => node("p", { class: "pw-rank-head", id: `${seat.id}-${name}` }, seat.texts[name]));
  const none = node("p", { class: "pw-rank-none" }, seat.texts.no_order);
  const ranked = node("ol", { class: "pw-ranked", "aria-labelledby": heads[0].id });
  const unranked = node("ul", { class: "pw-unranked", "aria-labelledby": heads[1].id });
  const voice = node("p", { class: "pw-away", "aria-live": "polite" });
  const box = node("div", { class: "pw-ranking" }, heads[0], none, ranked, heads[1], unranked, voice);
  const rows = new Map(options.map((option) => [option.id, rankRow(seat, option, (act) => move(option, act))]));
  const draw = () => {
    ranked.replaceChildren(...state.order.map((id) => rows.get(id)?.node).filter(Boolean));
    unranked.replaceChildren(...options.filter((option) => !state.order.includes(option.id)).map((option) => rows.get(option.id).node));
    none.hidden = state.order.length > 0;
    heads[1].hidden = unranked.childElementCount === 0;
    rows.forEach((row, id) => row.show(state.order.indexOf(id), state.order.length));
  };
  const move = (option, act) => {
    state.order = RANK_MOVES[act](state.order, option.id);
    draw();
    const number = state.order.indexOf(option.id) + 1;
    setText(voice, fill(number ? seat.texts.is_place : seat.texts.is_out, { label: option.label, number, all: state.order.length }));
    rows.get(option.id).focus(act);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  draw();
  const read = () => (state.order.length ? [...state.order] : null);
  return { node: box, read, write: (value) => { state.order = (Array.isArray(value) ? value : []).filter((id) => rows.has(id)); draw(); } };
}

const RANK_MOVES = {
  place: (order, id) => [...order, id],
  take_out: (order, id) => order.filter((each) => each !== id),
  up: (order, id) => swapped(order, order.indexOf(id), -1),
  down: (order, id) => swapped(order, order.indexOf(id), 1),
};

function swapped(order, at, by) {
  const moved = [...order];
  if (moved[at + by] !== undefined) [moved[at], moved[at + by]] = [moved[at + by], moved[at]];
  return moved;
}

function rankRow(seat, option, act) {
  const { texts } = seat;
  const buttons = Object.fromEntries(Object.keys(RANK_MOVES).map((name) => [name, node("button", { type: "button", class: "pw-quiet-button" }, texts[name])]));
  for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", () => act(name));
  const number = node("span", { class: "pw-rank-number", "aria-hidden": "true" });
  const { place, ...moves } = buttons;
  const row = node("li", { class: "pw-rank" }, number, node("span", { class: "pw-rank-label" }, option.label), node("span", { class: "pw-rank-buttons" }, place, moves.up, moves.down, moves.take_out));
  return {
    node: row,
    show(at, all) {
      const said = { label: option.label, number: at < 0 ? all + 1 : at + 1 };
      setText(number, at < 0 ? "" : String(at + 1));
      place.hidden = at >= 0;
      Object.values(moves).forEach((button) => void (button.hidden = at < 0));
      [["place", "place_option"], ["up", "up_option"], ["down", "down_option"], ["take_out", "out_option"]].forEach(([name, text]) => buttons[name].setAttribute("aria-label", fill(texts[text], said)));
      moves.up.setAttribute("aria-disabled", String(at === 0));
      moves.down.setAttribute("aria-disabled", String(at === all - 1));
    },
    focus: (name) => (name === "take_out" ? place : name === "place" ? moves.up : buttons[name]).focus(),
  };
}

// One row a kind, the same rows as toolkit.worksheets.kinds.KINDS; `group` is a fieldset with a legend, the rest has one label for one field.
const CONTROLS = {
  text: { build: textControl },
  long_text: { build: longTextControl },
  choice: { build: choiceControl, group: "radiogroup" },
  choices: { build: choicesControl, group: "group" },
  yes_no_unsure: { build: yesNoUnsureControl, group: "radiogroup" },
  contact: { build: contactControl, group: "group" },
  date: { build: dateControl },
  list: { build: listControl, group: "group" },
  ranking: { build: rankingControl, group: "group" },
};

// ---------------------------------------------------------------- one question

function questionView(question, id, texts, told) {
  const row = CONTROLS[question.kind] ?? CONTROLS.long_text;
  const says = sayings(question, id, texts);
  const control = row.build({ question, id, texts, describedBy: says.ids });
  const mark = node("span", { class: "pw-mark" });
  const asks = tripwireBox(texts, () => firstField(control).focus(), () => told.keep(view));
  const looks = cautionsBox(texts, (caution) => told.leave(view, caution));
  const body = [says.before, control.node, says.error, asks.node, looks.node, mark];
  const frame = row.group ? groupFrame(question, row.group, says.ids, body) : fieldFrame(question, id, body);
  const view = { question, key: question.key, node: frame, control, error: says.error, asks, looks, cautions: [], looked: null, mark, texts, held: null, said: null };
  listen(view, told.told);
  return view;
}

function sayings(question, id, texts) {
  const lines = [
    ["why", question.why], ["help", question.help],
    ["example", question.example && `${texts.example} ${question.example}`],
    ["first", question.first_answer && `${texts.first_answer} ${question.first_answer}`],
  ].filter(([, said]) => said);
  const nodes = lines.map(([name, said]) => node("p", { class: `pw-${name}`, id: `${id}-${name}` }, said));
  const error = node("p", { class: "pw-error", id: `${id}-error`, hidden: true });
  const before = node("div", { class: "pw-sayings" }, ...nodes);
  return { before: nodes.length ? before : null, error, ids: [...nodes, error].map((each) => each.id).join(" ") };
}

function groupFrame(question, role, ids, body) {
  const set = node("fieldset", { role: role === "group" ? null : role, "aria-describedby": ids }, node("legend", { class: "pw-ask" }, question.ask), ...body);
  return node("div", { class: "pw-question", "data-kind": question.kind, "data-question": question.key }, set);
}

function fieldFrame(question, id, body) {
  const label = node("label", { class: "pw-ask", for: id }, question.ask);
  return node("div", { class: "pw-question", "data-kind": question.kind, "data-question": question.key }, label, ...body);
}

const FIELDS = "textarea, input, button";
const firstField = (control) => (control.node.matches(FIELDS) ? control.node : control.node.querySelector("input[type=text], " + FIELDS));

function listen(view, told) {
  view.control.node.addEventListener("input", (event) => told(view, immediate(event.target) ? 0 : AFTER_LAST_KEY));
  view.control.node.addEventListener("change", () => told(view, 0));
  view.node.addEventListener("focusout", (event) => {
    if (!view.node.contains(event.relatedTarget)) told(view, 0, true);
  });
}

const immediate = (target) => target?.type === "radio" || target?.type === "checkbox";

function showState(view, state, says) {
  const { texts } = view;
  view.node.dataset.state = state;
  const mark = { saved: texts.saved, saving: texts.saving, unsaved: texts.unsaved, refused: texts.needs_change, withheld: texts.withheld }[state] ?? "";
  setText(view.mark, mark);
  setText(view.error, says);
  view.error.hidden = !says;
  markInvalid(view, Boolean(says));
}

function markInvalid(view, invalid) {
  const fieldset = view.node.querySelector("fieldset");
  const marked = fieldset ? [fieldset] : [view.control.node];
  marked.forEach((each) => (invalid ? each.setAttribute("aria-invalid", "true") : each.removeAttribute("aria-invalid")));
}

function setEditable(view, editable) {
  for (const field of view.control.node.matches(FIELDS) ? [view.control.node] : view.control.node.querySelectorAll(FIELDS)) {
    const isWords = field.matches("textarea, input[type=text]");
    isWords ? (field.readOnly = !editable) : (field.disabled = !editable);
  }
}

// ---------------------------------------------------------------- show_if: the same rule as toolkit.worksheets.model.holds

export function holds(conditions, values) {
  return !conditions?.length || conditions.some((condition) => oneHolds(condition, values[condition.question] ?? null));
}

function oneHolds(condition, value) {
  if (value === null) return false;
  const chosen = Array.isArray(value) ? value : [value];
  return !condition.is?.length || chosen.some((each) => isText(each) && condition.is.includes(each));
}

// ---------------------------------------------------------------- head and status

function headOf(stage, id, texts) {
  const minutes = stage.minutes ? node("p", { class: "pw-minutes" }, fill(texts.minutes, stage)) : null;
  const why = stage.why ? node("p", { class: "pw-lead" }, stage.why) : null;
  const instruction = stage.instruction ? node("p", { class: "pw-instruction" }, stage.instruction) : null;
  return [node("h2", { class: "pw-title", id }, stage.title ?? ""), why, instruction, minutes].filter(Boolean);
}

function statusBar() {
  const word = node("strong", { class: "pw-word" });
  const more = node("span", { class: "pw-word-more" });
  const status = node("p", { class: "pw-status", role: "status", "aria-live": "polite", "aria-atomic": "true" }, word, more);
  const progress = node("p", { class: "pw-progress" });
  return { node: node("div", { class: "pw-bar" }, status, progress), status, word, more, progress };
}

function showStatus(bar, state, word, more) {
  bar.status.dataset.state = state;
  setText(bar.word, word);
  setText(bar.more, more ? ` – ${more}` : "");
}

// ---------------------------------------------------------------- agree: alone first, then all voices, then one text of the organization

const STATUS_WORDS = { agreed: "is_agreed", proposed: "is_proposed", tied: "is_split", open: "is_open" };
const joined = (mark) => (values) => values.filter(isText).join(mark);
const union = (values) => values.flat().filter((each, at, all) => all.findIndex((other) => same(other, each)) === at);
// The kinds whose answers can be put together, and how; the others are picked or written anew.
const COMBINE = { text: joined("; "), long_text: joined("\n"), list: union, choices: union };

// Equal answers share one card, with everybody's name on it; one's own name comes first.
function folded(voices) {
  const cards = new Map();
  for (const voice of voices) {
    const card = cards.get(voice.reads) ?? { ...voice, ids: [], people: [] };
    card.ids.push(voice.id);
    card.people[voice.mine ? "unshift" : "push"](voice);
    cards.set(voice.reads, card);
  }
  return [...cards.values()];
}

class Agree {
  constructor(form, view) {
    Object.assign(this, { form, view, key: view.key, texts: form.texts, ticked: new Set(), entry: null, drawn: "", editor: null });
    this.top = node("div", { class: "pw-voices" });
    this.editorPlace = node("div", {});
    this.offers = node("div", { class: "pw-offers" });
    this.notePlace = node("div", {});
    this.writing = node("p", { class: "pw-writing", "aria-live": "polite" });
    this.error = node("p", { class: "pw-error", role: "alert", hidden: true });
    this.node = node("section", { class: "pw-agree", "data-agree": this.key, "aria-label": `${this.texts.together}: ${view.question.ask}` }, this.top, this.editorPlace, this.offers, this.notePlace, this.writing, this.error);
  }

  // Drawn anew only when something is new; what has the focus keeps it, and what is being written is never touched.
  show(entry, hidden) {
    this.entry = entry;
    this.node.hidden = hidden || !entry || !(entry.of || entry.proposals?.length);
    if (!entry) return;
    setText(this.writing, this.writers());
    this.showError();
    const news = JSON.stringify([{ ...entry, writing: 0 }, [...this.ticked], this.pending(), this.form.editable(), this.answered()]);
    if (news !== this.drawn) this.draw(entry);
    this.drawn = news;
    this.reopen();
  }

  draw(entry) {
    const focus = this.node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    this.top.replaceChildren(...(entry.revealed ? this.together(entry) : this.alone(entry)).filter(Boolean));
    this.offers.replaceChildren(...this.proposals(entry));
    if (focus) [...this.node.querySelectorAll("[data-focus]")].find((each) => each.dataset.focus === focus)?.focus();
  }

  letter(act, about) {
    return this.form.post.letters.get(`${act}/${about}`);
  }

  pending() {
    return [...this.form.post.letters].filter(([key, letter]) => key.includes("/") && letter.value?.question === this.key).map(([key, letter]) => [key, letter.value?.agrees]);
  }

  answered() {
    return (this.entry.voices ?? []).some((voice) => voice.mine);
  }

  button(name, text, act, attributes = {}) {
    const made = node("button", { type: "button", class: "pw-button", "data-focus": name, ...attributes }, text);
    made.addEventListener("click", act);
    return made;
  }

  head(entry) {
    const state = entry.revealed ? entry.status : "open";
    const chip = node("span", { class: "pw-chip", "data-status": state }, this.texts[STATUS_WORDS[state]] ?? "");
    return node("div", { class: "pw-agree-head" }, node("h3", {}, this.texts.together), entry.revealed ? chip : null);
  }

  // Before: nobody sees the others.
  alone(entry) {
    const { texts } = this;
    const count = fill(texts.have_answered, { n: entry.answered ?? 0, of: entry.of });
    const show = (entry.table || this.answered()) && this.button("reveal", texts.reveal, () => this.reveal(), this.letter("reveal", this.key) ? { "aria-disabled": "true" } : {});
    return [
      this.head(entry), node("p", {}, `${entry.table ? texts.at_table : texts.alone_first} ${count}`),
      show ? node("div", { class: "pw-buttons" }, show) : null, show ? node("p", { class: "pw-small" }, texts.reveal_more) : null,
    ];
  }

  reveal() {
    if (!this.letter("reveal", this.key)) this.send("reveal", this.key, {});
  }

  // After: every voice beside the others.
  together(entry) {
    const { texts } = this;
    const voices = folded(entry.voices ?? []);
    const cards = node("ul", { class: "pw-cards" }, ...voices.map((voice) => this.voice(voice, voices.length > 1)));
    const combine = COMBINE[this.view.question.kind] && voices.length > 1;
    const buttons = node("div", { class: "pw-buttons" },
      combine ? this.button("combine", this.ticked.size < 2 ? texts.tick_two : fill(texts.combine, { n: this.ticked.size }), () => this.combine(), { "aria-disabled": String(this.ticked.size < 2) }) : null,
      this.button("own", texts.write_own, () => this.writeOwn()));
    return [this.head(entry), voices.length ? cards : node("p", {}, texts.no_voices), this.counts(entry), entry.tied ? node("p", { class: "pw-tie" }, texts.tie) : null, buttons];
  }

  // A table's own field is right above: what is written there is the organization's.
  writeOwn() {
    if (this.entry.table) firstField(this.view.control).focus();
    else this.open({ value: null, from: [] });
  }

  who(said) {
    if (said.people?.length > 1) return said.people.map((each) => this.who({ ...each, people: null })).join(", ");
    return said.mine ? this.texts.you : said.who || this.texts.a_colleague;
  }

  voice(voice, several) {
    const { texts } = this;
    const id = `${this.form.id}-${voice.id}`;
    const many = COMBINE[this.view.question.kind] && several;
    const tick = node("input", { type: "checkbox", id, "data-focus": `tick ${voice.id}` });
    tick.checked = this.ticked.has(voice.id);
    tick.addEventListener("change", () => { this.ticked[tick.checked ? "add" : "delete"](voice.id); this.form.showAgree(); });
    const label = node("label", { for: id }, texts.tick, node("span", { class: "pw-away" }, ` ${this.who(voice)}`));
    const use = this.button(`use ${voice.id}`, texts.use, () => this.open({ value: voice.value, from: voice.ids }), { "aria-label": fill(texts.use_of, { who: this.who(voice) }) });
    return node("li", { class: "pw-voice" }, node("p", { class: "pw-who" }, this.who(voice)), node("p", { class: "pw-reads" }, voice.reads), node("div", { class: "pw-buttons" }, use, many ? node("span", { class: "pw-tick" }, tick, label) : null));
  }

  counts(entry) {
    const counts = entry.counts ?? [];
    if (!counts.length) return null;
    const most = Math.max(...counts.map((each) => each.n), 1);
    const text = this.view.question.kind === "ranking" ? this.texts.points : "{n}";
    const rows = counts.map(({ label, n }) => {
      const bar = node("span", { class: "pw-count-bar", "aria-hidden": "true" });
      bar.style.setProperty("--pw-share", `${(100 * n) / most}%`);
      return node("li", { class: "pw-count" }, node("span", { class: "pw-count-label" }, label), node("strong", {}, fill(text, { n })), bar);
    });
    return node("ul", { class: "pw-counts", "aria-label": this.texts.counted }, ...rows);
  }

  combine() {
    const picked = folded(this.entry.voices ?? []).filter((voice) => this.ticked.has(voice.id));
    if (picked.length > 1) this.open({ value: COMBINE[this.view.question.kind](picked.map((voice) => voice.value)), from: picked.flatMap((voice) => voice.ids) });
  }

  // What is offered as the organization's: the standing text first, every other one beside it.
  proposals(entry) {
    const offered = entry.proposals ?? [];
    if (!offered.length) return [];
    return [node("h4", {}, this.texts.offered), node("ul", { class: "pw-cards" }, ...offered.map((each) => this.proposal(each)))];
  }

  proposal(each) {
    const { texts } = this;
    const going = this.letter("opinion", each.id)?.value;
    const supports = going ? going.agrees : each.i_support;
    const opposes = going ? !going.agrees : each.i_oppose;
    const from = (this.entry.voices ?? []).filter((voice) => each.made_from?.includes(voice.id)).map((voice) => this.who(voice));
    const state = each.status === "agreed" ? texts.is_agreed : texts.is_proposed;
    const notes = (each.dissent ?? []).map(({ who, note }) => node("li", {}, node("strong", {}, `${who || texts.a_colleague}: `), note || texts.no_note));
    const buttons = this.entry.table ? this.tableButtons(each, opposes) : [
      this.button(`agree ${each.id}`, texts.agree, () => this.judge(each, true, ""), { "aria-pressed": String(Boolean(supports)) }),
      this.button(`differ ${each.id}`, texts.differ, () => this.openNote(each), { "aria-pressed": String(Boolean(opposes)) }),
    ];
    return node("li", { class: "pw-offer", "data-standing": String(Boolean(each.standing)) },
      node("p", { class: "pw-who" }, each.standing ? texts.stands : texts.beside, node("span", { class: "pw-chip", "data-status": each.status }, state)),
      node("p", { class: "pw-reads" }, each.reads),
      node("p", { class: "pw-small" }, this.origin(each, from)),
      each.note ? node("p", { class: "pw-small" }, fill(texts.noted, { note: each.note })) : null,
      notes.length ? node("ul", { class: "pw-dissent", "aria-label": texts.dissent }, ...notes) : null,
      node("div", { class: "pw-buttons" }, ...buttons.filter(Boolean)));
  }

  // Where a text comes from, and who is for it; a table's text was agreed aloud.
  origin(each, from) {
    const { texts } = this;
    const made = from.length ? fill(texts.made_from, { who: from.join(", ") }) : "";
    const counts = { n: each.supporters, of: each.of };
    if (each.by_table) return [texts.written_down, made, each.supporters ? fill(texts.say_agree, counts) : ""].filter(Boolean).join(" ");
    return [fill(texts.offered_by, { who: this.who(each) }), made, fill(texts.supported, counts)].filter(Boolean).join(" ");
  }

  // A table does not vote on a text: it writes it down, or notes that one of them sees it differently.
  tableButtons(each, opposes) {
    const { texts } = this;
    const same_ = each.by_table && each.standing;
    return [
      same_ ? null : this.button(`use ${each.id}`, texts.write_down, () => this.send("propose", this.key, { value: each.value, made_from: [each.id, ...(each.made_from ?? [])], note: "" })),
      this.button(`differ ${each.id}`, texts.one_differs, () => this.openNote(each), { "aria-pressed": String(Boolean(opposes)) }),
      opposes ? this.button(`agree ${each.id}`, texts.take_back, () => this.judge(each, true, "")) : null,
    ];
  }

  judge(each, agrees, note) {
    this.send("opinion", each.id, { answer: each.id, agrees, note });
  }

  openNote(each, quiet = false) {
    const id = `${this.form.id}-note-${this.key}`;
    const begun = `note/${each.id}`;
    const field = node("textarea", { id, class: "pw-field", rows: 2, autocomplete: "off" });
    const asks = this.asker(() => field.focus());
    field.value = this.form.begun.get(begun)?.note ?? (each.dissent ?? []).find((noted) => noted.mine)?.note ?? "";
    const close = () => { this.form.begun.delete(begun); this.notePlace.replaceChildren(); this.node.querySelector(`[data-focus="differ ${each.id}"]`)?.focus(); };
    const keep = () => { if (asks.clear([["long_text", field.value.trim() || null]], keep)) { this.judge(each, false, field.value.trim()); close(); } };
    field.addEventListener("input", () => { this.form.isWriting(this.key); this.form.begun.set(begun, { note: field.value }, () => !this.form.hitIn(this.key, "long_text", field.value)); });
    this.notePlace.replaceChildren(node("div", { class: "pw-editor" }, node("p", { class: "pw-reads" }, each.reads), node("label", { for: id }, this.entry.table ? this.texts.one_why : this.texts.say_why), field, asks.node,
      node("div", { class: "pw-buttons" }, this.button("keep note", this.texts.keep_note, keep, { class: "pw-button pw-strong" }), this.button("no note", this.texts.cancel, close))));
    if (!quiet) field.focus();
  }

  // The editor: the question's own control, filled or empty. What is begun survives a turn of the page, and a reload.
  open(draft, quiet = false) {
    this.editor = new Editor(this, draft);
    this.editorPlace.replaceChildren(this.editor.node);
    this.remember();
    if (!quiet) firstField(this.editor.control).focus();
  }

  remember() {
    const draft = this.editor.draft();
    this.form.begun.set(this.key, draft, () => !this.form.hitIn(this.key, this.view.question.kind, draft.value) && !this.form.hitIn(this.key, "long_text", draft.note));
  }

  close() {
    this.form.begun.delete(this.key);
    this.editor = null;
    this.editorPlace.replaceChildren();
    this.node.querySelector('[data-focus="own"]')?.focus();
  }

  reopen() {
    const refused = this.letter("propose", this.key);
    const noted = (this.entry.proposals ?? []).find((each) => this.form.begun.has(`note/${each.id}`));
    if (noted && !this.notePlace.firstChild) this.openNote(noted, true);
    if (this.editor) return;
    if (refused?.refused) this.open({ value: refused.value.value, from: refused.value.made_from, note: refused.value.note }, true);
    else if (this.form.begun.has(this.key)) this.open(this.form.begun.get(this.key), true);
  }

  showError() {
    const letters = [...this.form.post.letters].filter(([key, letter]) => key.includes("/") && letter.value?.question === this.key);
    const says = letters.map(([, letter]) => letter.refused).find(Boolean) ?? "";
    setText(this.error, says);
    this.error.hidden = !says;
  }

  // The same question as at a field, for words that go out with a button.
  asker(change) {
    let again = null;
    let hit = null;
    const tell = (kept) => this.form.tell({ type: "tripwire", rule: hit.rule, kept });
    const box = tripwireBox(this.texts, change, () => { this.form.allowed.add(`${this.key} ${hit.found}`); tell(true); hit = null; box.show(null); again(); });
    return {
      node: box.node,
      clear: (said, then) => {
        const before = hit;
        again = then;
        hit = said.map(([kind, value]) => this.form.hitIn(this.key, kind, value)).find(Boolean) ?? null;
        if (before && !hit) this.form.tell({ type: "tripwire", rule: before.rule, kept: false });
        box.show(hit);
        return !hit;
      },
    };
  }

  send(act, about, parts) {
    const key = `${act}/${about}`;
    this.form.post.note(key, { type: act, question: this.key, ...parts }, 0);
    this.form.post.post(key);
    this.form.showAgree();
  }

  writers() {
    const names = this.entry.writing ?? [];
    if (!names.length) return "";
    if (names.length > 1) return fill(this.texts.many_writing, { n: names.length });
    return fill(this.texts.is_writing, { who: names[0] || this.texts.a_colleague });
  }
}

class Editor {
  constructor(agree, { value, from, note }) {
    const { form, view, texts } = agree;
    const id = `${form.id}-ours-${agree.key}`;
    const row = CONTROLS[view.question.kind] ?? CONTROLS.long_text;
    Object.assign(this, { agree, from: from ?? [] });
    this.control = row.build({ question: view.question, id, texts, describedBy: "" });
    this.note = node("input", { type: "text", id: `${id}-note`, class: "pw-field", autocomplete: "off" });
    this.asks = agree.asker(() => firstField(this.control).focus());
    this.error = node("p", { class: "pw-error", role: "alert", hidden: true });
    const name = texts.our_text;
    const frame = row.group ? node("fieldset", {}, node("legend", {}, name), this.control.node) : node("div", {}, node("label", { for: id }, name), this.control.node);
    const buttons = node("div", { class: "pw-buttons" }, agree.button("offer", agree.entry.table ? texts.write_down : texts.offer, () => this.offer(), { class: "pw-button pw-strong" }), agree.button("cancel", texts.cancel, () => agree.close()));
    this.node = node("div", { class: "pw-editor" }, frame, node("label", { for: this.note.id }, agree.entry.table ? texts.one_why_optional : texts.say_why_optional), this.note, this.asks.node, this.error, buttons);
    this.control.write(value ?? null);
    this.note.value = note ?? "";
    for (const event of ["input", "change"]) this.node.addEventListener(event, () => { agree.remember(); form.isWriting(agree.key); });
  }

  draft() {
    return { value: this.control.read() ?? null, from: this.from, note: this.note.value };
  }

  offer() {
    const { value, from, note } = this.draft();
    setText(this.error, value === null ? this.agree.texts.nothing_yet : "");
    this.error.hidden = value !== null;
    if (value === null) return firstField(this.control).focus();
    if (!this.asks.clear([[this.agree.view.question.kind, value], ["long_text", note.trim() || null]], () => this.offer())) return;
    this.agree.ticked.clear();
    this.agree.close();
    this.agree.send("propose", this.agree.key, { value, made_from: from, note: note.trim() });
  }
}

// ---------------------------------------------------------------- the form: joins all of the above

class Form {
  constructor(model, el) {
    Object.assign(this, { model, el, id: `pw-${hex(4)}`, views: [], stored: {}, undo: [], allowed: new Set(), wrote: new Map() });
    this.texts = { ...TEXTS, ...(model.get("texts") ?? {}) };
    this.outbox = new Outbox(model.get("identity") ?? "");
    this.begun = new Begun(model.get("identity") ?? "");
    this.post = new Post(this.outbox, (message) => model.send(message), (question) => this.show(question));
    this.build();
    this.draw();
    this.hearModel();
    this.hearPage();
    this.outbox.entries().forEach(([question, entry]) => this.post.take(question, entry));
    this.refill();
    void this.takeLate();
  }

  async takeLate() {
    const found = await this.outbox.late();
    await this.begun.late();
    if (!this.root.isConnected) return;
    found.filter(([question, entry]) => !((this.post.letters.get(question)?.at ?? -1) >= entry.at)).forEach(([question, entry]) => this.post.take(question, entry));
    this.refill();
  }

  build() {
    this.bar = statusBar();
    this.head = node("div", { class: "pw-head" });
    this.body = node("div", { class: "pw-questions" });
    this.root = node("form", { class: "pw pw-form", "aria-labelledby": `${this.id}-title`, "data-lm-suppress-shortcuts": "true", novalidate: true, autocomplete: "off" }, this.bar.node, this.head, this.body);
    for (const name of ["keydown", "keypress", "keyup"]) this.root.addEventListener(name, (event) => event.stopPropagation());
    this.root.addEventListener("focusout", () => this.turnSoon());
    this.root.addEventListener("submit", (event) => { event.preventDefault(); this.post.flush(); });
    this.el.append(this.root);
  }

  draw() {
    const stage = (this.stage = this.model.get("stage") ?? {});
    this.stored = { ...(this.model.get("values") ?? {}) };
    this.views = (stage.questions ?? []).map((question) => questionView(question, `${this.id}-${question.id}`, this.texts, { told: (...said) => this.told(...said), keep: (view) => this.keepAsked(view), leave: (...said) => this.leaveAsItIs(...said) }));
    this.tripwire = new Tripwire(stage.tripwire);
    for (const view of this.views) view.agree = new Agree(this, view);
    this.head.replaceChildren(...headOf(stage, `${this.id}-title`, this.texts));
    this.body.replaceChildren(...this.views.map((view) => view.node));
    this.refill();
    this.open();
  }

  // What had the focus before the form is drawn anew has it afterwards, when it is still there.
  stayAt(draw) {
    const before = document.activeElement;
    const place = this.root.contains(before) ? before.closest("[data-question], [data-agree]") : null;
    const seat = place && Object.entries(place.dataset).find(([name]) => ["question", "agree"].includes(name));
    draw();
    if (!seat) return;
    const again = [...this.body.children].find((each) => each.dataset[seat[0]] === seat[1]);
    const name = (each) => [each.dataset.focus, each.type, each.value, each.getAttribute("aria-label"), each.textContent].join();
    const at = (each) => name(each) === name(before);
    [...(again?.querySelectorAll(FIELDS) ?? [])].find(at)?.focus({ preventScroll: true });
  }

  // Another stage is drawn at once; other questions of this one wait until nobody is in it and all is sent.
  // A host that waits by itself (a phone's page) does not ask the form to.
  turn() {
    const isSameStage = this.stage.id === this.model.get("stage")?.id;
    if (!this.isBehind() || (this.model.get("waits") && isSameStage && this.isInUse())) return;
    this.post.flush();
    this.stayAt(() => this.draw());
  }

  turnSoon() {
    if (this.isBehind()) setTimeout(() => { if (this.root.isConnected) this.turn(); });
  }

  // Whether other questions are to be drawn than those on the page.
  isBehind() {
    const stage = this.model.get("stage") ?? {};
    if (stage !== this.stage && same(stage, this.stage)) this.stage = stage;
    return stage !== this.stage;
  }

  isInUse() {
    return this.root.contains(document.activeElement) || [...this.post.letters.values()].some((letter) => letter.sent || letter.waiting || letter.withheld || letter.unfinished);
  }

  // A field whose question is asked otherwise by now takes no value of the new question.
  isAskedOtherwise(view) {
    return this.isBehind() && !same(view.question, this.model.get("stage")?.questions?.find((question) => question.key === view.key));
  }

  // Somebody typed in `view`, or left it.
  told(view, pause, left = false) {
    if (!this.editable() || !this.views.includes(view)) return; // a page that was turned away still says that it was left
    const value = view.control.read();
    if (value === undefined) return this.half(view, left);
    this.post.release(view.key);
    if (alike(value, view.said)) return this.saysNothingNew(view, pause, left);
    view.said = value;
    this.showCautions(view, []);
    if (!same(value, this.valueOf(view.key))) this.isWriting(view.key);
    const hit = this.hit(view, value);
    if (hit) return this.ask(view, value, hit);
    this.answered(view, false);
    if (!same(value, this.valueOf(view.key))) this.post.note(view.key, value, pause);
    if (!pause) this.post.post(view.key);
    if (left) this.fillOne(view, true);
  }

  // Nobody typed since: what waits goes, and what came from elsewhere is shown, never written over by what the field still held.
  saysNothingNew(view, pause, left) {
    if (!pause) this.post.post(view.key);
    if (left) this.fillOne(view, true);
    if (left) this.lookAgain(view);
  }

  // Which wordings may be too broad is asked when the words are saved and nobody is in the field any more.
  lookAgain(view) {
    const value = this.valueOf(view.key);
    if (this.post.letters.has(view.key) || view.node.contains(document.activeElement) || same(value, view.looked)) return;
    view.looked = value;
    hasOwnWords(view.question.kind, value) ? this.tell({ type: "cautions", question: view.key }) : this.showCautions(view, []);
  }

  showCautions(view, cautions) {
    view.cautions = cautions.filter(({ found }) => !this.allowed.has(`${view.key} ${found}`));
    view.looks.show(view.cautions);
  }

  leaveAsItIs(view, caution) {
    this.allowed.add(`${view.key} ${caution.found}`);
    this.showCautions(view, view.cautions);
    firstField(view.control).focus();
  }

  // The first find that nobody has allowed, and that is not in what was saved before.
  hit(view, value) {
    return this.hitIn(view.key, view.question.kind, value);
  }

  hitIn(key, kind, value) {
    const found = this.tripwire.hits(kind, value).filter((hit) => !this.allowed.has(`${key} ${hit.found}`));
    if (!found.length) return null;
    const before = this.tripwire.hits(kind, this.stored[key]).map((hit) => hit.found);
    return found.find((hit) => !before.includes(hit.found)) ?? null;
  }

  // Colleagues are told that somebody is writing here, not what; at most every two seconds.
  isWriting(key, now = Date.now()) {
    if (!this.model.get("voices")?.[key] || now - (this.wrote.get(key) ?? 0) < WRITING_EVERY) return;
    this.wrote.set(key, now);
    this.tell({ type: "writing", question: key });
  }

  ask(view, value, hit) {
    this.post.withhold(view.key, value, hit);
  }

  // The question is answered: kept, or the words are changed; how often is told, never what.
  answered(view, kept) {
    const withheld = this.post.letters.get(view.key)?.withheld;
    if (!withheld) return;
    this.post.grant(view.key);
    this.tell({ type: "tripwire", rule: withheld.hit.rule, kept });
  }

  keepAsked(view) {
    const withheld = this.post.letters.get(view.key)?.withheld;
    if (!withheld) return;
    this.allowed.add(`${view.key} ${withheld.hit.found}`);
    const next = this.hit(view, withheld.value);
    this.answered(view, true);
    if (next) return this.ask(view, withheld.value, next);
    this.post.note(view.key, withheld.value, 0);
    this.post.post(view.key);
    if (view.node.contains(document.activeElement) || document.activeElement === document.body) firstField(view.control).focus();
  }

  // What the host has not said to be saved, with the words that wait for a decision: [[key, value]].
  unsent() {
    const letters = [...this.post.letters].map(([key, letter]) => [key, letter.withheld ? letter.withheld.value : letter.value]);
    return letters.filter(([, value]) => value != null);
  }

  // What was refused, and is changed only when somebody changes it: [[key, value]].
  refused() {
    return [...this.post.letters].filter(([, letter]) => letter.refused && letter.value != null).map(([key, letter]) => [key, letter.value]);
  }

  // Whether something waits here for the host, or for the person: then the page stays as it is.
  isOnItsWay() {
    return [...this.post.letters.values()].some((letter) => !letter.refused);
  }

  tell(message) {
    try {
      this.model.send(message);
    } catch {
      // a count that is lost is no answer lost
    }
  }

  half(view, left) {
    view.held = left ? view.control.unfinished : view.held;
    this.post.hold(view.key, view.control.unfinished);
    this.show(view.key);
  }

  valueOf(key) {
    const letter = this.post.letters.get(key);
    return (letter && "value" in letter ? letter.value : this.stored[key]) ?? null;
  }

  valuesNow() {
    const typed = [...this.post.letters].filter(([, letter]) => "value" in letter).map(([key, letter]) => [key, letter.value]);
    return { ...this.stored, ...Object.fromEntries(typed) };
  }

  refill() {
    this.views.forEach((view) => this.fillOne(view));
    this.show();
  }

  // Unsaved words win over what is stored; a field that somebody is in is left alone.
  fillOne(view, left = false) {
    const pending = this.post.letters.get(view.key);
    const inside = !left && view.node.contains(document.activeElement);
    if (pending?.unfinished || inside || this.isAskedOtherwise(view)) return;
    const value = pending?.withheld ? pending.withheld.value : this.valueOf(view.key);
    if (!alike(view.control.read(), value)) view.control.write(value);
    view.said = view.control.read() ?? null;
  }

  show(question) {
    this.views.filter((view) => question === undefined || view.key === question).forEach((view) => this.showOne(view));
    this.showVisible();
    this.showAgree();
    this.showForm();
    this.turnSoon();
  }

  showAgree() {
    const voices = this.model.get("voices") ?? {};
    for (const { agree, node: question } of this.views) {
      const entry = voices[agree.key];
      if (entry && !agree.node.isConnected && question.isConnected) question.after(agree.node);
      agree.show(entry, question.hidden);
    }
  }

  showOne(view) {
    const letter = this.post.letters.get(view.key);
    if (!letter?.unfinished) view.held = null;
    const state = letter || this.valueOf(view.key) !== null ? this.post.stateOf(view.key) : "empty";
    showState(view, state, letter?.refused || view.held || "");
    view.asks.show(letter?.withheld?.hit ?? null);
  }

  showVisible() {
    const values = this.valuesNow();
    for (const view of this.views) view.node.hidden = !holds(view.question.show_if, values);
    const asked = this.views.filter((view) => !view.node.hidden);
    const done = asked.filter((view) => this.isAnswered(view.key)).length;
    setText(this.bar.progress, fill(this.texts.progress, { done, all: asked.length }));
  }

  // A person's form counts what they said; a table's what anyone of the organization said (toolkit.answers.progress).
  isAnswered(key) {
    const voices = this.model.get("voices")?.[key];
    return this.valueOf(key) !== null || Boolean(voices?.table && voices.answered);
  }

  showForm() {
    const state = this.post.state();
    if (state === "ready" && !this.editable()) return showStatus(this.bar, "ready", this.texts.closed, this.texts.closed_more);
    const calm = state === "ready" && Object.values(this.stored).some((value) => value != null) ? "saved" : state;
    showStatus(this.bar, calm, this.texts[calm], this.moreOf(calm));
  }

  moreOf(state) {
    if (state === "ready") return this.texts.ready_more;
    if (state === "withheld") return this.texts.look_below;
    if (state === "refused") return this.texts.look_again;
    if (state !== "unsaved") return "";
    const failed = [...this.post.letters.values()].map((letter) => letter.failed).find(Boolean);
    return [this.outbox.works ? this.texts.kept : this.texts.not_kept, failed].filter(Boolean).join(". ");
  }

  editable() {
    return this.model.get("editable") !== false;
  }

  open() {
    if (!this.editable()) this.post.flush();
    this.root.dataset.editable = String(this.editable());
    this.views.forEach((view) => setEditable(view, this.editable()));
    this.showAgree();
    this.showForm();
  }

  hear(target, name, act) {
    const on = target.addEventListener ? "addEventListener" : "on";
    const off = target.addEventListener ? "removeEventListener" : "off";
    target[on](name, act);
    this.undo.push(() => target[off](name, act));
  }

  hearModel() {
    this.hear(this.model, "change:values", () => this.stores(this.model.get("values") ?? {}));
    this.hear(this.model, "change:voices", () => { this.showVisible(); this.showAgree(); });
    this.hear(this.model, "change:stage", () => this.turn());
    this.hear(this.model, "change:editable", () => this.open());
    this.hear(this.model, "msg:custom", (message) => this.heard(message));
  }

  stores(values) {
    this.stored = { ...values };
    this.refill();
  }

  heard(message) {
    if (message?.type === "ended") return this.begun.clear();
    if (message?.type === "changed") return this.stores({ ...this.stored, [message.question]: message.value });
    const letter = this.post.letters.get(message?.question);
    if (message?.type === "lost") return letter || this.post.note(message.question, message.value, 0);
    if (message?.type === "saved" && letter?.sent?.id === message.id) this.stored[message.question] = "value" in message ? message.value : letter.sent.value;
    const seen = this.views.filter((view) => view.key === message?.question);
    if (message?.type === "cautions") return seen.forEach((view) => this.showCautions(view, message.cautions));
    this.post.heard(message ?? {});
    if (message?.type === "saved") seen.forEach((view) => { this.fillOne(view); this.lookAgain(view); });
  }

  hearPage() {
    const flush = () => this.post.flush();
    this.hear(window, "pagehide", flush);
    this.hear(document, "visibilitychange", () => { flush(); this.post.look(); });
    this.hear(window, "online", () => this.post.look());
    this.hear(window, "beforeunload", (event) => {
      flush();
      const asked = [...this.post.letters.values()].some((letter) => letter.withheld);
      if (asked || (!this.outbox.works && this.post.letters.size)) event.preventDefault(); // nothing else holds these words
    });
  }

  close() {
    this.post.flush();
    this.post.stop();
    this.undo.forEach((each) => each());
    this.root.remove();
  }
}

const forms = new WeakMap();

// What the form in this element has not sent yet; the page asks, also where nothing can be kept on the device.
export const unsentIn = (el) => forms.get(el)?.unsent() ?? [];
export const refusedIn = (el) => forms.get(el)?.refused() ?? [];
export const keepsOnDevice = (el) => forms.get(el)?.outbox.works ?? false;
export const isOnItsWay = (el) => forms.get(el)?.isOnItsWay() ?? false;

function render({ model, el }) {
  const form = new Form(model, el);
  forms.set(el, form);
  return () => { forms.delete(el); form.close(); };
}

export default { render };
