// The worksheet form: one module for two hosts (a notebook widget, the join page's phone).
// Its law: what a person types is shown, kept and sent; "Saved" is said when the host has said so, never before.
// It talks to its host by model.get/on/off/send alone, imports nothing, and builds the page from nodes, never from markup.

// ---------------------------------------------------------------- words (a host may change any by the trait `texts`)

const TEXTS = {
  ready: "Ready", ready_more: "Answers save by themselves",
  saved: "Saved", saving: "Saving…", unsaved: "Not saved yet", refused: "Not saved yet",
  kept: "kept on this device", not_kept: "please leave this page open", look_again: "an answer needs a change",
  needs_change: "Needs a change", closed: "Closed", closed_more: "answers can be read, not changed",
  progress: "{done} of {all} answered", minutes: "About {minutes} minutes",
  example: "For example:", first_answer: "Your first answer:", wording: "Wording for the policy",
  more: "Why, risk and source", more_short: "More about this", reason: "Why", risk: "Risk", source: "Source", checked: "checked {day}",
  other: "In our own words", other_field: "Write your words here", unsure: "Unsure - ask counsel or funder",
  yes: "Yes", no: "No", not_sure: "Unsure", clear: "Clear this answer",
  name: "Name", role: "Role", reach: "How to reach them (phone or e-mail)",
  item: "Item {number}", add: "Add another", remove: "Remove", remove_item: "Remove item {number}",
  ranked: "Your order, first on top", unranked: "Not placed yet", no_order: "Nothing is placed yet. Choose what comes first.",
  place: "Place", up: "Up", down: "Down", take_out: "Take out",
  place_option: "Place {label} as number {number}", up_option: "Move {label} up", down_option: "Move {label} down", out_option: "Take {label} out",
  is_place: "{label}: now number {number} of {all}", is_out: "{label}: taken out",
  unfinished_date: "This date is not complete. Give the day, the month and the year, or clear all three.",
};

const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);

// ---------------------------------------------------------------- nodes

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null && value !== "") made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

const hex = (bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
const isText = (value) => typeof value === "string";
const isOther = (value) => value !== null && typeof value === "object" && "other" in value;
const words = (value) => (isText(value) ? value : "");
const orNull = (text) => (text.trim() ? text : null);

// ---------------------------------------------------------------- the outbox: unsaved words, kept on this device

class Outbox {
  constructor(identity) {
    this.prefix = `policy-workshop/${identity}/`;
    this.works = true;
  }

  keep(question, entry) {
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
    if (this.read(question)?.id !== id) return; // another page's words for the same question stay
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
}

// ---------------------------------------------------------------- the post: one answer of a question on its way at a time

const AFTER_LAST_KEY = 400;
const LATE_AFTER = 3000;
const AGAIN_AFTER = 2000;
const BEAT = 500;

class Post {
  constructor(outbox, send, changed) {
    Object.assign(this, { outbox, send, changed, letters: new Map(), touched: false, beating: null });
  }

  // What is typed: kept at once, sent after the pause.
  note(question, value, pause = AFTER_LAST_KEY) {
    const letter = this.letter(question);
    Object.assign(letter, { id: hex(16), value, waiting: true, refused: "", unfinished: "" });
    if (this.outbox.keep(question, { id: letter.id, value })) letter.kept = letter.id;
    this.touched = true;
    clearTimeout(letter.timer);
    letter.timer = setTimeout(() => this.post(question), pause);
    this.changed(question);
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

  // What an earlier visit left unsaved: sent again under its old id, so a repeat is the same answer.
  take(question, entry) {
    Object.assign(this.letter(question), { id: entry.id, kept: entry.id, value: entry.value, waiting: true });
    this.touched = true;
    this.post(question);
  }

  letter(question) {
    if (!this.letters.has(question)) this.letters.set(question, { sent: null, waiting: false, refused: "", unfinished: "", failed: "", late: false });
    return this.letters.get(question);
  }

  // The one on its way is answered first; then the newest follows.
  post(question) {
    const letter = this.letters.get(question);
    if (!letter) return;
    clearTimeout(letter.timer);
    if (letter.sent || !letter.waiting) return;
    letter.waiting = false;
    letter.sent = { id: letter.id, value: letter.value, first: Date.now() };
    this.hand(question, letter);
    this.beat();
    this.changed(question);
  }

  hand(question, letter) {
    letter.sent.last = Date.now();
    try {
      this.send({ type: "save", id: letter.sent.id, question, value: letter.sent.value });
    } catch {
      letter.late = true; // a host that is gone; the beat tries again
    }
  }

  flush() {
    for (const question of this.letters.keys()) this.post(question);
  }

  heard(message) {
    const letter = this.letters.get(message.question);
    if (!letter?.sent || letter.sent.id !== message.id) return;
    ANSWERS[message.type]?.(this, letter, message);
    this.changed(message.question);
  }

  settle(question, letter) {
    if (!letter.sent && !letter.waiting && !letter.unfinished && !letter.refused) this.letters.delete(question);
    this.changed(question);
  }

  beat() {
    if (this.beating) return;
    this.beating = setInterval(() => this.look(), BEAT);
  }

  look(now = Date.now()) {
    const away = [...this.letters].filter(([, letter]) => letter.sent);
    for (const [question, letter] of away) this.lookAt(question, letter, now);
    if (!away.length) this.rest();
  }

  lookAt(question, letter, now) {
    if (!letter.late && now - letter.sent.first < LATE_AFTER) return;
    if (!letter.late) {
      letter.late = true;
      this.changed(question);
    }
    if (now - letter.sent.last >= AGAIN_AFTER) this.hand(question, letter);
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
    if (letter.refused || letter.unfinished) return "refused";
    return letter.late ? "unsaved" : "saving";
  }

  state() {
    const states = [...this.letters.keys()].map((question) => this.stateOf(question));
    return ["unsaved", "refused", "saving"].find((state) => states.includes(state)) ?? (this.touched ? "saved" : "ready");
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
  failed(post, letter, { question, says }) {
    Object.assign(letter, { late: true, failed: says || "" });
    if (!letter.waiting) return;
    letter.sent = null; // the host has said that it holds nothing of it: the newest may go instead
    Object.assign(letter, { waiting: false, sent: { id: letter.id, value: letter.value, first: Date.now(), last: Date.now() } });
    clearTimeout(letter.timer);
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
  const field = node("input", { type: "text", id, class: "pw-field", autocomplete: "off" });
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
    },
  };
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
  const button = node("button", { type: "button", class: "pw-quiet-button pw-remove" }, seat.texts.remove);
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

// One row a kind, the same rows as toolkit.kinds.KINDS; `group` is a fieldset with a legend, the rest has one label for one field.
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
  const body = [says.before, control.node, says.error, mark];
  const frame = row.group ? groupFrame(question, row.group, says.ids, body) : fieldFrame(question, id, body);
  const view = { question, key: question.key, node: frame, control, error: says.error, mark, texts, held: null };
  listen(view, told);
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
  const mark = { saved: texts.saved, saving: texts.saving, unsaved: texts.unsaved, refused: texts.needs_change }[state] ?? "";
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
  for (const field of view.node.querySelectorAll("input, textarea, button")) {
    const isWords = field.matches("textarea, input[type=text]");
    isWords ? (field.readOnly = !editable) : (field.disabled = !editable);
  }
}

// ---------------------------------------------------------------- show_if: the same rule as toolkit.worksheet.holds

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

// ---------------------------------------------------------------- the form: joins all of the above

class Form {
  constructor(model, el) {
    Object.assign(this, { model, el, id: `pw-${hex(4)}`, views: [], stored: {}, undo: [] });
    this.texts = { ...TEXTS, ...(model.get("texts") ?? {}) };
    this.outbox = new Outbox(model.get("identity") ?? "");
    this.post = new Post(this.outbox, (message) => model.send(message), (question) => this.show(question));
    this.build();
    this.draw();
    this.hearModel();
    this.hearPage();
    this.outbox.entries().forEach(([question, entry]) => this.post.take(question, entry));
    this.refill();
  }

  build() {
    this.bar = statusBar();
    this.head = node("header", { class: "pw-head" });
    this.body = node("div", { class: "pw-questions" });
    this.root = node("form", { class: "pw pw-form", "aria-labelledby": `${this.id}-title`, "data-lm-suppress-shortcuts": "true", novalidate: true, autocomplete: "off" }, this.bar.node, this.head, this.body);
    for (const name of ["keydown", "keypress", "keyup"]) this.root.addEventListener(name, (event) => event.stopPropagation());
    this.root.addEventListener("submit", (event) => { event.preventDefault(); this.post.flush(); });
    this.el.append(this.root);
  }

  draw() {
    const stage = this.model.get("stage") ?? {};
    this.stored = { ...(this.model.get("values") ?? {}) };
    this.views = (stage.questions ?? []).map((question) => questionView(question, `${this.id}-${question.id}`, this.texts, (...said) => this.told(...said)));
    this.head.replaceChildren(...headOf(stage, `${this.id}-title`, this.texts));
    this.body.replaceChildren(...this.views.map((view) => view.node));
    this.refill();
    this.open();
  }

  // Somebody typed in `view`, or left it.
  told(view, pause, left = false) {
    if (!this.editable()) return;
    const value = view.control.read();
    if (value === undefined) return this.half(view, left);
    this.post.release(view.key);
    if (!same(value, this.valueOf(view.key))) this.post.note(view.key, value, pause);
    if (!pause) this.post.post(view.key);
    if (left) this.fillOne(view, true);
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
    if (pending?.unfinished || inside) return;
    const value = this.valueOf(view.key);
    if (!same(view.control.read(), value)) view.control.write(value);
  }

  show(question) {
    this.views.filter((view) => question === undefined || view.key === question).forEach((view) => this.showOne(view));
    this.showVisible();
    this.showForm();
  }

  showOne(view) {
    const letter = this.post.letters.get(view.key);
    if (!letter?.unfinished) view.held = null;
    const state = letter || this.valueOf(view.key) !== null ? this.post.stateOf(view.key) : "empty";
    showState(view, state, letter?.refused || view.held || "");
  }

  showVisible() {
    const values = this.valuesNow();
    for (const view of this.views) view.node.hidden = !holds(view.question.show_if, values);
    const asked = this.views.filter((view) => !view.node.hidden);
    const done = asked.filter((view) => this.valueOf(view.key) !== null).length;
    setText(this.bar.progress, fill(this.texts.progress, { done, all: asked.length }));
  }

  showForm() {
    const state = this.post.state();
    if (state === "ready" && !this.editable()) return showStatus(this.bar, "ready", this.texts.closed, this.texts.closed_more);
    const calm = state === "ready" && Object.values(this.stored).some((value) => value != null) ? "saved" : state;
    showStatus(this.bar, calm, this.texts[calm], this.moreOf(calm));
  }

  moreOf(state) {
    if (state === "ready") return this.texts.ready_more;
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
    this.hear(this.model, "change:stage", () => { this.post.flush(); this.draw(); });
    this.hear(this.model, "change:editable", () => this.open());
    this.hear(this.model, "msg:custom", (message) => this.heard(message));
  }

  stores(values) {
    this.stored = { ...values };
    this.refill();
  }

  heard(message) {
    if (message?.type === "changed") return this.stores({ ...this.stored, [message.question]: message.value });
    const letter = this.post.letters.get(message?.question);
    if (message?.type === "saved" && letter?.sent?.id === message.id) this.stored[message.question] = letter.sent.value;
    this.post.heard(message ?? {});
  }

  hearPage() {
    const flush = () => this.post.flush();
    this.hear(window, "pagehide", flush);
    this.hear(document, "visibilitychange", () => { flush(); this.post.look(); });
    this.hear(window, "online", () => this.post.look());
    this.hear(window, "beforeunload", (event) => {
      flush();
      if (!this.outbox.works && this.post.letters.size) event.preventDefault(); // nothing else holds these words
    });
  }

  close() {
    this.post.flush();
    this.post.stop();
    this.undo.forEach((each) => each());
    this.root.remove();
  }
}

function render({ model, el }) {
  const form = new Form(model, el);
  return () => form.close();
}

export default { render };
