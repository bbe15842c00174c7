// The join page: brings a phone into the room, and is the host of form.js there (its model speaks HTTP).
// Its law: what the page says about saving is what the server has said; it is built from nodes, never from markup.

import form, { forgetDevice, hex, isOnItsWay, keepsOnDevice, node, refusedIn, same as alike, setText, unsentIn } from "/form.js";
import { copied, inWords as unsentInWords, linkKey, returnWords, unsentOnDevice } from "/device.js";
import { Report } from "/report.js";
import { Stream } from "/stream.js";

const $ = (id) => document.getElementById(id);
const HOLD_ON = 6000; // a request that takes longer is taken for lost, and tried again
const HOLD_ON_DRAFT = 60000; // a draft is written when it is asked for, and others may have asked before
const AGAIN = 1500;
const LONG_AWAY = 45000; // without a connection for so long, the address may have changed
const NAMES_EVERY = 5000; // how often a page on its way in looks which organizations there are
const WHO_EVERY = 5000;
const ANOTHER_ADDRESS = 421; // the workshop's computer does not go by the address that this page came from
const VOICES_AFTER = 300; // what comes in close together is asked for once
const OUTLINE_EVERY = 10000;
const VOICES_EVERY = 3000; // and what goes on coming, only so often

const button = (words, click, kind = "pw-button") => node("button", { type: "button", class: kind, click }, words);
const said = (words, kind) => node("p", { class: kind }, words);

// ---------------------------------------------------------------- asking the server

class Refusal extends Error {
  constructor(status, says) {
    super(says);
    this.status = status;
  }
}

// The answer, a Refusal in the server's words, or a TypeError when it cannot be reached.
async function ask(method, path, body) {
  if (state.isStale) throw new TypeError(); // this browser belongs to someone else now: nothing of this page is sent as theirs
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), HOLD_ON);
  try {
    const headers = body ? { "content-type": "application/json" } : {};
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal: stop.signal, credentials: "same-origin", keepalive: method === "PUT" && JSON.stringify(body).length < 60000 });
    const told = await answer.json().catch(() => ({}));
    if (answer.status === ANOTHER_ADDRESS) state.isAddressGone = true;
    if (!answer.ok) throw new Refusal(answer.status, told.says || "This did not work. Try again.");
    return told;
  } catch (fault) {
    throw fault instanceof Refusal ? fault : new TypeError("unreachable");
  } finally {
    clearTimeout(late);
  }
}

const inWords = (fault) => (fault instanceof Refusal ? fault.message : "The workshop cannot be reached just now. Check the wifi, then try again.");

// ---------------------------------------------------------------- the model that form.js is given

class Model {
  constructor(traits, sendsTo) {
    Object.assign(this, { traits, sendsTo, hearing: new Map() });
  }

  get(name) { return this.traits[name]; }
  set(name, value) { this.traits[name] = value; }
  save_changes() {}
  on(name, act) { this.hearing.set(name, [...(this.hearing.get(name) ?? []), act]); }
  off(name, act) { this.hearing.set(name, (this.hearing.get(name) ?? []).filter((each) => each !== act)); }
  tell(name, ...told) { (this.hearing.get(name) ?? []).forEach((act) => act(...told)); }
  send(message) { this.sendsTo(message); }

  change(name, value) {
    this.traits[name] = value;
    this.tell(`change:${name}`);
  }
}

// Which word of the form's an HTTP answer is; what is none of these may come right by itself, and is tried again.
const NEVER_MORE = new Set([403, 409, 413, 422]);

async function put({ id, question, value }) {
  if (state.held?.question === question) state.held = null;
  state.going[question] = value;
  try {
    const { sequence, repeated, ...told } = await ask("PUT", `/api/answers/${id}`, { question, value });
    const stored = "value" in told ? told.value : value;
    delete state.going[question];
    state.newest[question] = Math.max(sequence, state.newest[question] ?? 0);
    reached(true);
    state.model.tell("msg:custom", { type: "saved", id, question, value: stored });
    keepValue(question, stored);
    if (repeated) answersSoon(); // it came before: something newer may stand by now
    if (showsMyVoice(question, value)) voicesSoon();
    if (isReportBack()) state.report.soon();
  } catch (fault) {
    notKept(fault, { id, question });
  }
}

// What a person does with colleagues' voices; "saved" is said when the server has it for good, as for an answer.
async function act(method, path, { id, question }, said) {
  if (state.me.table && "value" in said) state.going[question] = said.value;
  try {
    const { sequence, ...told } = await ask(method, path, { question, ...said });
    reached(true);
    state.model.tell("msg:custom", { type: "saved", id, question });
    if (sequence && state.me.table) wroteDown(question, "value" in told ? told.value : said.value, sequence);
    voicesNow();
  } catch (fault) {
    notKept(fault, { id, question });
  }
}

// What a table's device offers is written down as the organization's: it stands in the field from now on.
function wroteDown(question, value, sequence) {
  delete state.going[question];
  state.newest[question] = Math.max(sequence, state.newest[question] ?? 0);
  fillIn(question, value);
}

// What nobody waits for: a count, a sign that somebody writes. Lost is lost.
const whisper = (path, said) => ask("POST", path, said).catch(() => {});

// A hint that cannot be had is no fault: the draft will say it in its margin.
async function lookAgain(question) {
  const told = await ask("GET", `/api/cautions?question=${encodeURIComponent(question)}`).catch(() => null);
  if (told) state.model.tell("msg:custom", { type: "cautions", question, cautions: told.cautions });
}

const SENT = {
  save: put,
  propose: (message) => act("PUT", `/api/proposals/${message.id}`, message, { value: message.value, made_from: message.made_from, note: message.note }),
  opinion: (message) => act("PUT", `/api/opinions/${message.id}`, message, { answer: message.answer, agrees: message.agrees, note: message.note }),
  reveal: (message) => act("POST", "/api/reveal", message, {}),
  writing: ({ question }) => { if (voiceOf(question)?.revealed) whisper("/api/writing", { question }); },
  cautions: ({ question }) => void lookAgain(question),
  tripwire: ({ rule, kept }) => void whisper("/api/tripwire", { rule, kept }),
};

const send = (message) => void SENT[message.type]?.(message);

function notKept(fault, message) {
  const refused = fault instanceof Refusal && fault.status !== ANOTHER_ADDRESS;
  reached(refused);
  const type = refused && NEVER_MORE.has(fault.status) ? "refused" : "failed";
  state.model.tell("msg:custom", { ...message, type, says: refused ? fault.message : "" });
  leaveIf(fault);
}

function leaveIf({ status }) {
  if (status === 401) show("again");
  if (status === 410) hear.room({ ...state.room, ended: true });
}

function answersSoon() {
  state.answersDue ??= setTimeout(async () => {
    state.answersDue = null;
    await ask("GET", "/api/answers").then(hear.answers).catch(() => {});
  }, AGAIN);
}

function keepValue(question, value) {
  state.values = { ...state.values, [question]: value };
  state.model.traits.values = state.values;
}

// ---------------------------------------------------------------- the colleagues' voices: asked for when something is new, and not too often

const voiceOf = (question) => state.model.get("voices")?.[question];

// While colleagues are hidden, only whether one has answered is shown, not what.
function showsMyVoice(question, value) {
  const seen = voiceOf(question);
  if (state.me.table) return Boolean(seen?.revealed); // nobody else is on a phone: nothing to see
  return !seen || seen.revealed || (value != null) !== seen.voices.some((voice) => voice.mine);
}

function voicesSoon() {
  if (state.voicesDue) return;
  const wait = Math.max(VOICES_AFTER, state.voicesAt + VOICES_EVERY - Date.now());
  state.voicesDue = setTimeout(voicesNow, wait + Math.random() * VOICES_AFTER);
}

async function voicesNow() {
  clearTimeout(state.voicesDue);
  const stage = state.model?.get("stage").id; // no model: whoever was here has left
  const asked = Date.now();
  Object.assign(state, { voicesDue: null, voicesAt: asked });
  if (!stage) return;
  try {
    const voices = await ask("GET", `/api/voices?stage=${encodeURIComponent(stage)}`);
    if (stage === state.model?.get("stage").id && asked === state.voicesAt) state.model.change("voices", voices);
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.status === 429) voicesSoon();
  }
}

// ---------------------------------------------------------------- what the page knows

const nothingTyped = () => ({ code: "", words: "", organization: "", name: "", table: false });

const state = {
  view: "", key: "", title: "Workshop", organizations: [], organization: "", typed: nothingTyped(), joining: { said: "", id: "" }, namesAt: 0, me: null, rejoin: "",
  newest: {}, going: {}, held: null, report: null, sheet: null, sheetDue: false, room: null, looking: "", values: {}, model: null, skew: 0, stream: null, away: false, awaySince: 0, isAddressKnown: false, isAddressGone: false,
  isTurnDue: false, spoken: new Set(), voicesDue: null, voicesAt: 0, answersDue: null, isStale: false, helpSaid: "", askedWhoAt: 0, isGuarded: false, shownUnsent: "",
};

// ---------------------------------------------------------------- views: each builds the main part; focus goes to its heading

const VIEWS = { code, organization, name, rejoin, again, over, forgotten, waiting, stage, ended, unreachable };
const STEPS = ["code", "organization", "name", "rejoin"]; // the way in: Back goes one step back
const INSIDE = ["waiting", "stage", "ended"];

function show(view, told = "", isBack = false) {
  const moved = state.view !== view;
  if (moved && STEPS.includes(view) && !isBack) history[STEPS.includes(state.view) ? "pushState" : "replaceState"]({ view }, "");
  state.view = view;
  document.body.dataset.view = view;
  $("main").replaceChildren(...VIEWS[view](told).filter(Boolean));
  $("form").hidden = view !== "stage";
  $("foot").hidden = !INSIDE.includes(view);
  if (moved) $("leaving").replaceChildren(...(view === "ended" ? [forgetting()] : []));
  reportBack();
  head();
  showUnsent();
  showWords();
  if (moved) focusHeading();
  const wrong = $("main").querySelector(".pw-wrong");
  if (wrong) ($("main").querySelector("[aria-invalid]") ?? wrong).focus();
}

function focusHeading() {
  const heading = document.querySelector(state.view === "stage" ? "#form .pw-title" : "#main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

const h1 = (words) => node("h1", { tabindex: "-1" }, words);
const wrong = (words) => words && node("p", { class: "pw-wrong", id: "wrong", role: "alert", tabindex: "-1" }, words);

function field(label, attributes, words) {
  const input = node("input", { class: "pw-input", autocomplete: "off", ...attributes, ...(words ? { "aria-invalid": "true", "aria-describedby": "wrong" } : {}) });
  return [input, node("label", {}, label, input)];
}

// What is typed here outlives an error, a lost connection and a step back.
function typedField(part, label, attributes, words) {
  const [input, made] = field(label, { ...attributes, value: state.typed[part] }, words);
  input.addEventListener("input", () => { state.typed[part] = input.value; });
  return [input, made];
}

const MOMENT = "One moment…";

// What is pressed answers at once, also when the server does not.
function asking(submit, ...children) {
  const made = node("form", { class: "pw-ask-form", novalidate: true }, ...children);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = made.querySelector("[type=submit]");
    const words = press.textContent;
    press.disabled = true;
    setText(press, MOMENT);
    speak(MOMENT);
    await submit().catch((fault) => (fault.status === 410 ? show("over") : show(state.view, inWords(fault))));
    press.disabled = false;
    setText(press, words);
    speak("");
  });
  return made;
}

const submitButton = (words) => node("button", { type: "submit", class: "pw-button" }, words);

function code(told) {
  const [input, label] = typedField("code", "The code on the screen", { class: "pw-input pw-code", autocapitalize: "characters", spellcheck: "false", maxlength: "40", inputmode: "text" }, told);
  const go = () => knock(input.value);
  return [h1("Come in"), said("Type the nine letters and numbers that you see on the big screen. Or point your camera at the square there."), asking(go, label, wrong(told), submitButton("Go on"))];
}

async function knock(given) {
  const told = await ask("POST", "/api/door", { code: given });
  if (told.me) return goIn(told.me);
  Object.assign(state, { key: told.key, title: told.title, organizations: told.organizations });
  linkKey.keep(told.key);
  show(told.organizations.length ? "organization" : "name");
}

function organization(told) {
  const list = node("ul", { class: "pw-choices" }, ...state.organizations.map(organizationRow));
  const [search, label] = field("Find yours", { type: "search" });
  search.addEventListener("input", () => narrow(list, search.value));
  const many = state.organizations.length > 8;
  return [h1("Which organization are you from?"), wrong(told), many && node("div", { class: "pw-ask-form" }, label), list, button("Ours is not on the list", () => choose(""), "pw-second"), back()];
}

const organizationRow = (name) => node("li", {}, button(name, () => choose(name), "pw-choice"));

function choose(name) {
  state.organization = name;
  show("name");
}

// Organizations that were added meanwhile are in the list without a reload; nothing moves under a finger that is down.
async function lookForNames() {
  if (!["organization", "name"].includes(state.view) || document.hidden || Date.now() - state.namesAt < NAMES_EVERY) return;
  state.namesAt = Date.now();
  const told = await ask("POST", "/api/door", { code: state.key }).catch((fault) => (fault.status === 410 ? show("over") : null));
  if (!told || told.me || alike(told.organizations, state.organizations)) return;
  const wasEmpty = !state.organizations.length;
  Object.assign(state, { title: told.title, organizations: told.organizations });
  if (state.view === "organization") addNames();
  else if (wasEmpty && !state.typed.organization && !document.activeElement?.matches("input")) show("organization");
}

function addNames() {
  const list = $("main").querySelector(".pw-choices");
  const known = new Map([...list.children].map((row) => [row.textContent, row]));
  list.replaceChildren(...state.organizations.map((name) => known.get(name) ?? organizationRow(name)));
}

function narrow(list, words) {
  const wanted = words.trim().toLowerCase();
  let left = 0;
  for (const row of list.children) {
    row.hidden = !row.textContent.toLowerCase().includes(wanted);
    left += !row.hidden;
  }
  speak(`${left} organizations`);
}

const back = () => node("p", {}, button("I was here before, on another phone", () => show("rejoin"), "pw-second"));

function name(told) {
  const isNew = !state.organization;
  const [, orgLabel] = typedField("organization", "Name of your organization", { maxlength: "200", autocomplete: "organization" }, told && isNew && told);
  const [, ownLabel] = typedField("name", "What may we call you? (optional)", { maxlength: "80", autocomplete: "nickname" });
  const person = node("div", { hidden: state.typed.table }, ownLabel, said("A first name or a nickname is enough. People from your organization and the facilitator can see it with your answers. Your draft shows it only if one of you chooses that.", "pw-quiet"));
  const ways = [[false, "I answer for myself"], [true, "I write for everybody at our table"]].map(([table, words]) => way(table, words, person));
  const go = () => {
    const { organization, name, table } = state.typed;
    return comeIn({ organization: isNew ? organization : state.organization, name: table ? "" : name, table });
  };
  const group = node("fieldset", {}, node("legend", {}, "How do you use this device?"), node("div", { class: "pw-ways" }, ...ways));
  const other = state.organizations.length > 0 && button("Another organization", () => show("organization"), "pw-second");
  return [...(isNew ? [h1("Which organization are you from?")] : clamped(state.organization)), asking(go, isNew && orgLabel, group, person, wrong(told), plainly(), submitButton("Come in")), node("div", { class: "pw-row" }, other, isNew && button("I was here before, on another phone", () => show("rejoin"), "pw-second"))];
}

const LONG_NAME = 60; // letters that leave room for all that is asked below them, on a phone

// A heading of any length leaves room for what is asked below it; the whole of it is read aloud, and is a press away.
function clamped(words) {
  const heading = h1(words);
  if (words.length <= LONG_NAME) return [heading];
  heading.classList.add("pw-clamped");
  const more = button("Show the full name", () => {
    const isClamped = heading.classList.toggle("pw-clamped");
    setText(more, isClamped ? "Show the full name" : "Show less of the name");
    more.setAttribute("aria-expanded", String(!isClamped));
  }, "pw-plain");
  more.setAttribute("aria-expanded", "false");
  return [heading, more];
}

// Said once, on the way in: without https, whoever is on the same wifi may listen.
const plainly = () => location.protocol !== "https:" && said("Others on this wifi may be able to read along. So write no client's name, and nothing that points to one client.", "pw-quiet");

function way(table, words, person) {
  const input = node("input", { type: "radio", name: "way", value: table ? "ours" : "mine", checked: state.typed.table === table });
  input.addEventListener("change", () => { person.hidden = state.typed.table = table; });
  return node("label", { class: "pw-pick" }, input, words);
}

async function comeIn(who) {
  if (!who.organization.trim()) throw new Refusal(422, "Write the name of your organization.");
  const told = await ask("POST", "/api/join", { code: state.key, id: joinId(who), ...who });
  keepWords(told.me, told.rejoin);
  await goIn(told.me);
}

// The same person asks with the same id again, so that a lost answer makes nobody twice.
function joinId(who) {
  const said = JSON.stringify(who);
  if (state.joining.said !== said) state.joining = { said, id: hex(16) };
  return state.joining.id;
}

function keepWords(me, words) {
  state.rejoin = words;
  returnWords.keep(me.identity, words);
}

// Let in is let in: when the way is cut just now, the page tries again, and nobody comes in twice.
async function goIn(known) {
  try {
    await enter(known);
  } catch (fault) {
    if (fault.status === 401) throw new Refusal(401, "This browser does not accept cookies, so it cannot stay in the workshop. Allow cookies for this page, or open it in another browser.");
    if (!passes(fault)) throw fault;
    tryAgain(fault);
  }
}

function rejoin(told) {
  const [input, label] = typedField("words", "Your three words", { autocapitalize: "none", spellcheck: "false", maxlength: "80" }, told);
  const go = async () => {
    const told = await ask("POST", "/api/rejoin", { code: state.key, words: input.value });
    state.typed = nothingTyped();
    keepWords(told.me, input.value.trim().toLowerCase().split(/[\s-]+/).join("-"));
    await goIn(told.me);
  };
  const away = button("I am here for the first time", () => show(state.organizations.length ? "organization" : "name"), "pw-second");
  return [h1("Welcome back"), node("p", {}, "Type the three words that you were given when you came in, for example ", unbroken("river-lamp-otter"), ". Your answers come with you."), asking(go, label, wrong(told), submitButton("Go on")), node("div", { class: "pw-row" }, away)];
}

function again() {
  state.stream?.close();
  return [h1("This device is not in the workshop any more"), said("Come in again with the code on the screen and your three words. What was not sent yet is kept on this device, and is sent when you are back."), node("div", { class: "pw-row" }, button("Come in again", () => show("code"))), forgetting()];
}

// Who comes after the end, and is not known on this device.
function over() {
  return [h1("The workshop has ended"), said("It is not possible to join any more. If you took part, ask the facilitator for your organization's draft.")];
}

function unreachable(told) {
  if (told) return [h1("One moment, please"), said(told), said("This page tries again by itself.", "pw-quiet")];
  return [h1("The workshop cannot be reached"), said("Check that this device is on the wifi of the room. This page tries again by itself."), said("If the facilitator has moved to another network, scan the code again.", "pw-quiet"), said("If it stays like this, tell the facilitator: some wifi keeps devices apart.", "pw-quiet")];
}

function waiting() {
  const rules = state.sheet?.rules ?? [];
  const seen = (state.room?.opened ?? []).map((id) => stageOf(id)).filter(Boolean);
  const first = state.room?.opened.length ? "That stage is closed" : ["You're in", state.me.name].filter(Boolean).join(", ");
  const then = state.room?.opened.length ? "The next one opens here by itself. Until then you can still read and change what you wrote." : "The first questions open here by themselves. You need not do anything.";
  return [h1(first), said(whose()), said(then), ...seen.map((each) => node("div", { class: "pw-row" }, button(`Look at “${each.title}”`, () => look(each.id), "pw-second"))), ownWords(), rules.length && node("h2", {}, "What we keep to"), rules.length && node("ul", {}, ...rules.map((rule) => node("li", {}, rule)))];
}

const whose = () => (state.me.table ? `Shared device for ${state.me.organization}` : `Organization: ${state.me.organization}`);

// Return words are copied by hand: a line's end at one of their hyphens would read as a hyphen that is not there.
const unbroken = (words, kind = "span") => node(kind, { class: "pw-unbroken" }, words);
const ownWords = () => state.rejoin && node("p", { class: "pw-words" }, "If you change to another phone, these three words bring your answers there. Write them down.", unbroken(state.rejoin, "strong"));

function stage() {
  const current = state.room.stage;
  const elsewhere = state.looking && state.looking !== current;
  const words = isOpen() && stageOf(current) ? `Go to “${stageOf(current).title}”, which is open now` : "Back to the waiting page";
  return [node("h1", { class: "pw-away" }, state.title), (elsewhere || (state.looking && !isOpen())) && button(words, () => look(""))];
}

function ended() {
  return [h1("The workshop has ended"), said(`Thank you. What ${state.me.organization} wrote is in your draft. Take it home with the button “Our draft (Word)” below.`)];
}

// ---------------------------------------------------------------- what was not sent: it can be read and copied; what this device keeps: it can be forgotten

function unsent(refused) {
  const here = state.model ? unsentIn($("form")) : [];
  const found = new Map(refused.length ? refused : [...unsentOnDevice(state.me?.identity), ...here]);
  const questions = new Map((state.sheet?.stages ?? []).flatMap((each) => each.questions.map((question) => [question.key, question])));
  return [...found].map((each) => unsentInWords(each, questions)).filter(Boolean);
}

const isLongAway = () => state.away && (state.isAddressGone || Date.now() - state.awaySince > LONG_AWAY);
const showsUnsent = () => ["ended", "again", "unreachable"].includes(state.view) || (INSIDE.includes(state.view) && (isLongAway() || unasked().length > 0));

// What was refused, and has no field any more: the worksheet does not ask it now.
function unasked() {
  const asked = new Set((state.sheet?.stages ?? []).flatMap((each) => each.questions.map((question) => question.key)));
  return state.model ? refusedIn($("form")).filter(([key, value]) => !asked.has(value?.question ?? key)) : [];
}

const ONLY_HERE = "Only this device has these words. Copy them, or show them to the facilitator.";
const TAKE_ALONG = "The new page cannot see these words. Copy them, scan the code, then paste them into your answers there."; // a browser keeps what it stores by address
const SENT_LATER = "These words are on this device. They are sent by themselves when the workshop can be reached here.";

// Drawn anew only when it is another text: somebody may be reading, or selecting words.
function showUnsent() {
  const isUnasked = INSIDE.includes(state.view) && state.view !== "ended" && !isLongAway();
  const words = showsUnsent() ? unsent(isUnasked ? unasked() : []) : [];
  const text = words.join("\n\n");
  $("unsent").hidden = !words.length;
  const news = [state.view, isUnasked, state.isAddressGone, text].join();
  if (news === state.shownUnsent) return;
  state.shownUnsent = news;
  const many = words.length === 1 ? "One answer" : `${words.length} answers`;
  const head = state.view === "ended" ? `${many} did not arrive before the end` : isUnasked ? `${many} to a question that is not asked any more` : `${many} not sent yet`;
  const field = node("textarea", { class: "pw-input", rows: "6", readonly: true, "aria-labelledby": "unsent-head" });
  const told = node("p", { class: "pw-quiet", role: "status" });
  field.value = text;
  const copy = () => setText(told, copied(field) ? "Copied." : "The words are selected. Copy them with your device's own menu.");
  const what = state.view === "ended" || isUnasked ? ONLY_HERE : state.isAddressGone ? TAKE_ALONG : SENT_LATER;
  if (isUnasked && words.length) inform(`${many} could not be saved. Copy the words at the end of this page.`);
  $("unsent").replaceChildren(...(words.length ? [node("h2", { id: "unsent-head" }, head), said(what), field, node("div", { class: "pw-row" }, button("Copy these words", copy, "pw-second")), told] : []));
}

function forgetting() {
  const place = node("div", { class: "pw-forget" });
  const first = button("Forget everything on this phone", () => place.replaceChildren(...sure()), "pw-second");
  const sure = () => [said("This removes unsent answers and your return words from this phone, and takes it out of the workshop. Answers that were saved stay with the facilitator."), node("div", { class: "pw-row" }, button("Yes, forget everything", forgetEverything), button("Cancel", () => place.replaceChildren(first), "pw-second"))];
  place.append(first);
  return place;
}

// From here on nothing of this page is sent or kept any more.
async function forgetEverything() {
  state.stream?.close();
  await ask("POST", "/api/leave").catch(() => {});
  state.isStale = true;
  state.leave?.();
  state.report?.close();
  await forgetDevice();
  Object.assign(state, { me: null, room: null, model: null, report: null, leave: null, rejoin: "", values: {}, typed: nothingTyped(), isStale: false });
  show("forgotten");
}

function forgotten() {
  return [h1("This phone has forgotten the workshop"), said("Unsent answers and return words were removed. You can close this page.")];
}

// ---------------------------------------------------------------- the report-back: the vote wherever somebody is, our lines at their stage

const isReportBack = () => state.view === "stage" && Boolean(state.sheet?.report_back.includes(state.looking || state.room.stage));

function reportBack() {
  const inside = INSIDE.includes(state.view);
  const isResult = state.room?.vote === "shown";
  const belongs = state.view === "ended" ? isResult : state.view === "stage" && isResult ? isReportBack() : true;
  const vote = inside && Boolean(state.room?.vote) && belongs;
  state.report?.want({ vote, release: isReportBack() });
}

// What comes or goes above a field that somebody is in moves the page, not the field; where the browser has not done so
// by itself, once it has drawn.
function steady(draw) {
  const field = document.activeElement?.closest?.("#form") ? document.activeElement : null;
  const before = field?.getBoundingClientRect().top;
  draw();
  const settleField = () => { if (field === document.activeElement) scrollBy(0, field.getBoundingClientRect().top - before); };
  if (field && field.getBoundingClientRect().top !== before) requestAnimationFrame(() => requestAnimationFrame(settleField));
}

// Who is writing is not interrupted; everybody else is brought there.
function voteTurned(shows) {
  if (document.activeElement?.closest?.("#form")) return inform(shows === "open" ? "The vote is open: it is at the top of this page." : shows === "shown" ? "The result of the vote is at the top of this page." : "The vote is closed.");
  $("vote").querySelector("h2")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function reportTold(fault) {
  const refused = fault instanceof Refusal && fault.status !== ANOTHER_ADDRESS;
  reached(!fault || refused);
  if (refused) leaveIf(fault);
  return refused && NEVER_MORE.has(fault.status);
}

// ---------------------------------------------------------------- the head: where we are, how much time, what is wrong

const stageOf = (id) => state.sheet?.stages.find((each) => each.id === id);
const isOpen = () => ["open", "closing"].includes(state.room?.state);

function head() {
  const inside = Boolean(state.me) && INSIDE.includes(state.view);
  const shown = state.view === "stage" ? stageOf(state.looking || state.room.stage)?.title : "";
  $("top").hidden = false;
  setText($("where"), shown || state.title);
  document.title = [shown, state.title].filter(Boolean).join(" – ");
  notice(inside);
  clock();
}

const TURN_DUE = "The facilitator changed the questions. Finish this answer to see the new ones.";

function notice(inside) {
  const away = inside && state.away && state.view !== "ended";
  const closing = inside && state.view === "stage" && state.room?.state === "closing" && (!state.looking || state.looking === state.room.stage);
  const words = away ? awayWords() : state.isTurnDue ? TURN_DUE : closing ? closingWords() : state.news ?? "";
  $("notice").dataset.tone = away ? "" : "calm";
  $("notice").hidden = !words;
  setText($("notice"), words);
}

function awayWords() {
  const waits = $("unsent").hidden ? "" : " Unsent words are at the end of this page.";
  if (state.isAddressGone) return `The address has changed. Scan the code again.${waits}`;
  if (isLongAway()) return `No connection. If the network has changed, scan the code again.${waits}`;
  return keepsOnDevice($("form")) ? "No connection. Keep writing: your words stay here." : "No connection. Keep writing, and leave this page open.";
}

// Closing softly closes nothing by itself: whoever writes has as long as the clock beside these words says.
const closingWords = () => (timeLeft() > 0 ? "Please finish up. This part closes when the time is up." : "Please finish up now.");

// The time of the stage that is open; over any other page it would be nobody's.
const timeLeft = () => (state.room?.deadline && isOpen() && !state.room.ended ? Date.parse(state.room.deadline) - (Date.now() + state.skew) : null);

function clock() {
  const left = timeLeft();
  $("time").hidden = left === null || !state.me;
  if (left === null) return;
  const seconds = Math.max(0, Math.ceil(left / 1000));
  setText($("time"), seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left` : "Time is up");
  for (const minutes of [5, 1]) if (seconds && seconds <= minutes * 60 && seconds > minutes * 60 - 20) speakOnce(`${minutes} ${minutes === 1 ? "minute" : "minutes"} left`);
}

const speak = (words) => setText($("spoken"), words);

function speakOnce(words) {
  const key = `${state.room.deadline} ${words}`;
  if (state.spoken.has(key)) return;
  state.spoken.add(key);
  speak(words);
}

// ---------------------------------------------------------------- the foot: a hand, the draft, the way back

function foot() {
  const hand = button("", raise, "pw-second");
  const take = button("Our draft (Word)", takeHome, "pw-second");
  const named = button("", changeNaming, "pw-second");
  named.hidden = true;
  const told = node("p", { class: "pw-quiet", role: "status" });
  const help = node("p", { class: "pw-quiet", role: "status" });
  const words = node("p", { class: "pw-quiet pw-return" });
  $("foot").replaceChildren(outline(), node("div", { class: "pw-row" }, hand, take, named), help, told, words);
  Object.assign(state, { handButton: hand, takeButton: take, namingButton: named, helpTold: help, footTold: told, wordsTold: words });
  showHand();
}

// The waiting page shows them large.
function showWords() {
  if (!state.wordsTold) return;
  state.wordsTold.replaceChildren(...(state.rejoin ? ["If you change to another phone, these three words bring your answers there: ", unbroken(state.rejoin)] : []));
  state.wordsTold.hidden = !state.rejoin || state.view !== "stage";
}

// How far each section of the draft is: asked for while it is unfolded.
function outline() {
  const list = node("ul", { class: "pw-outline-list" });
  const unfolded = node("details", { class: "pw-outline" }, node("summary", {}, "Our draft so far"), list);
  const look = async () => {
    if (!unfolded.open || document.hidden) return;
    const isNew = !list.children.length;
    if (isNew) list.replaceChildren(node("li", {}, MOMENT));
    const told = await ask("GET", "/api/outline").catch(() => null);
    if (told) list.replaceChildren(...told.sections.map(sectionRow));
    else if (isNew) list.replaceChildren(node("li", {}, "No connection. This list fills in by itself when the workshop can be reached."));
  };
  unfolded.addEventListener("toggle", look);
  clearInterval(state.outlining);
  state.outlining = setInterval(look, OUTLINE_EVERY);
  return unfolded;
}

const SIGNS = { ready: "✓", begun: "◐", empty: "○" };
const sectionRow = ({ title, state: how, words }) => node("li", {}, node("span", {}, title), node("span", { class: "pw-how", "data-state": how }, node("span", { "aria-hidden": "true" }, `${SIGNS[how] ?? ""} `), words));

function showHand() {
  if (!state.handButton) return;
  const { help } = state.me;
  const ended = Boolean(state.room?.ended);
  setText(state.helpTold, ended ? "" : state.helpSaid || (help ? "The facilitator sees that you need help." : ""));
  setText(state.handButton, help ? "Hand is up – take it down" : "Raise a hand for help");
  state.handButton.setAttribute("aria-pressed", String(help));
  state.handButton.hidden = ended;
}

const STILL_UP = "No connection, so your hand is still up. This page tries again by itself.";
const NOT_ASKED = "No connection, so the facilitator does not know yet that you need help. This page tries again by itself. Or call out.";

function helpSays(words) {
  state.helpSaid = words;
  showHand();
}

async function raise() {
  helpSays(state.me.help ? "Taking your hand down…" : "Asking for help…");
  try {
    const told = await ask("POST", "/api/help", { asks: !state.me.help });
    state.me.help = told.asks;
    helpSays("");
  } catch (fault) {
    helpSays(fault instanceof Refusal ? fault.message : state.me.help ? STILL_UP : NOT_ASKED);
    if (!(fault instanceof Refusal)) reached(false);
    leaveIf(fault);
  }
}

async function takeHome() {
  state.takeButton.disabled = true;
  setText(state.footTold, "Writing your draft …");
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), HOLD_ON_DRAFT);
  try {
    const answer = await fetch("/api/draft.docx", { signal: stop.signal });
    if (!answer.ok) throw new Refusal(answer.status, (await answer.json().catch(() => ({}))).says);
    save(await answer.blob(), answer.headers.get("content-disposition"));
    const { named } = await ask("GET", "/api/naming");
    setText(state.footTold, `Your draft is in this device's downloads. ${naming(named)}`);
  } catch (fault) {
    setText(state.footTold, inWords(fault));
  }
  clearTimeout(late);
  state.takeButton.disabled = false;
}

// How the draft calls people: any of the organization may change it, and is asked once a draft was taken home.
function naming(named) {
  state.named = named;
  setText(state.namingButton, named ? "Leave our names out of the draft" : "Put our names into the draft");
  state.namingButton.hidden = false;
  return named ? "It calls you by the names you gave here." : "It calls nobody by name: it says voice 1, voice 2.";
}

async function changeNaming() {
  setText(state.footTold, MOMENT);
  try {
    const { named } = await ask("PUT", "/api/naming", { named: !state.named });
    setText(state.footTold, `${naming(named)} Take the draft again to have it so.`);
  } catch (fault) {
    setText(state.footTold, inWords(fault));
  }
}

function save(blob, named) {
  const file = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(named ?? "")?.[1] ?? "draft.docx");
  const link = node("a", { href: URL.createObjectURL(blob), download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// ---------------------------------------------------------------- the line: what the server tells by itself

const hear = {
  room(told) {
    const before = state.room;
    state.room = told;
    if (before?.stage !== told.stage || before?.state !== told.state) state.looking = keepsLooking(before, told) ? state.looking : "";
    if (before && (before.vote !== told.vote || before.ballot !== told.ballot)) state.report.soon();
    knowAddresses(told.addresses ?? []);
    settle();
    void renewSheet();
  },
  me(told) {
    if (told.identity !== state.me.identity) return startOver();
    const before = state.me;
    Object.assign(state, { me: told, title: told.title, helpSaid: told.help === before.help ? state.helpSaid : "" });
    if (told.organization !== before.organization) inform(`The facilitator has put you under the name “${told.organization}”. Your answers are kept.`);
    if (told.organization !== before.organization || told.title !== before.title) settle();
    else showHand();
  },
  answers(told) {
    const now = state.me.table ? told.ours : told.mine;
    const lost = lostIn(told, now);
    const values = { ...notOlder(now, told.upto), ...lost };
    const inside = questionInHand();
    if (inside && !alike(values[inside], state.values[inside]) && !isOwn(inside, values[inside])) hold(inside, values[inside]);
    state.values = inside ? { ...values, [inside]: state.values[inside] } : values;
    state.model?.change("values", state.values);
    for (const [question, value] of Object.entries(lost)) state.model?.tell("msg:custom", { type: "lost", question, value });
    voicesSoon();
    state.report.soon();
  },
  changed({ voice, question, value, sequence }) {
    if (voice !== (state.me.table ? "ours" : "mine") || sequence < (state.newest[question] ?? 0) || isOwn(question, value)) return;
    if (alike(value, state.values[question])) state.held = state.held?.question === question ? null : state.held;
    else if (question === questionInHand()) hold(question, value);
    else fillIn(question, value);
    if (isReportBack()) state.report.soon();
  },
  voices() {
    voicesSoon();
    if (isReportBack()) state.report.soon();
    if (!state.namingButton.hidden) void ask("GET", "/api/naming").then(({ named }) => naming(named)).catch(() => {});
  },
  ballot() { state.report.soon(); },
  moved() { state.stream.refresh(); },
  beat() {},
};

// What this very page has just sent comes back to it, as to every other page of the same person.
const isOwn = (question, value) => question in state.going && alike(value, state.going[question]);

// A page that was reached at one of the workshop's addresses is told when that one is not among them any more.
function knowAddresses(places) {
  const isHere = places.includes(location.host);
  state.isAddressGone = state.isAddressKnown && !isHere;
  state.isAddressKnown ||= isHere;
}

// The worksheet, or the length of the workshop, was changed while this page was open.
async function renewSheet() {
  if (state.sheetDue || !state.room.sheet || state.room.sheet === state.sheet.mark) return;
  state.sheetDue = true;
  try {
    const [sheet, answers] = await Promise.all([ask("GET", "/api/worksheet"), ask("GET", "/api/answers")]);
    state.sheet = sheet;
    hear.answers(answers); // another version may ask again what was answered before
    settle();
  } catch {
    // it is tried again
  }
  state.sheetDue = false;
  if (state.room && state.room.sheet !== state.sheet.mark) setTimeout(renewSheet, AGAIN);
}

// What was read at the server before our newest words arrived there does not stand against them.
function notOlder(values, upto) {
  const newer = Object.entries(state.newest).filter(([, sequence]) => sequence > upto).map(([question]) => [question, state.values[question]]);
  return { ...values, ...Object.fromEntries(newer) };
}

// An older answers file was put back: numbers begin anew, and what stands here alone is sent again.
function lostIn({ restored, newer }, values) {
  if (restored === state.restored) return {};
  Object.assign(state, { restored, newest: {} });
  return Object.fromEntries(Object.entries(state.values).filter(([question, value]) => !newer.includes(question) && !alike(value, values[question])));
}

// A question that somebody is in: what came from elsewhere waits until they leave it, and is let go when they wrote there.
const questionInHand = () => document.activeElement?.closest?.("#form [data-question]")?.dataset.question ?? "";
const WRITTEN_IN = "#form textarea, #form input:not([type=radio]):not([type=checkbox])";

function hold(question, value) {
  state.held = { question, value };
  inform("Somebody else changed this answer just now. Both versions are kept.");
}

function fillIn(question, value) {
  keepValue(question, value);
  state.model?.tell("msg:custom", { type: "changed", question, value });
}

// The newest questions are shown when nobody writes here, and everything that was written has arrived.
const mayTurn = () => !document.activeElement?.matches?.(WRITTEN_IN) && !isOnItsWay($("form"));

function release() {
  if (state.isTurnDue && mayTurn()) settle();
  const { question, value } = state.held ?? {};
  if (!question || question === questionInHand()) return;
  state.held = null;
  fillIn(question, value);
}

// Closing softly, or more time, never turns the page away from what somebody is reading.
const keepsLooking = (before, told) => Boolean(before) && before.stage === told.stage && told.state !== "open";

// Another person came in on this browser, in another tab: this page begins anew as theirs.
function startOver() {
  state.isStale = true;
  location.reload();
}

async function askWho() {
  if (!state.me || Date.now() - state.askedWhoAt < WHO_EVERY) return;
  state.askedWhoAt = Date.now();
  const me = await ask("GET", "/api/me").catch(() => null);
  if (me && state.me && me.identity !== state.me.identity) startOver();
}

function inform(words) {
  state.news = words;
  head();
  setTimeout(() => { if (state.news === words) { state.news = ""; head(); } }, 12000);
}

function settle() {
  state.isTurnDue = false;
  showHand();
  if (state.room.ended) return end();
  if (!stageOf(state.looking)) state.looking = "";
  const shown = state.looking || (isOpen() && stageOf(state.room.stage) ? state.room.stage : "");
  if (!shown && isOpen() && state.view === "stage" && !mayTurn()) return dueTurn(); // its stage is in no worksheet any more
  if (!shown) return show("waiting");
  turnTo(shown);
}

// What was begun and never offered leaves the device, and so do the return words; what was not sent stays, and is told.
function end() {
  returnWords.drop(state.me.identity);
  state.rejoin = "";
  state.model.tell("msg:custom", { type: "ended" });
  show("ended");
}

function look(id) {
  state.looking = id;
  settle();
}

function dueTurn() {
  state.isTurnDue = true;
  head();
}

function turnTo(id) {
  const before = state.model.get("stage");
  const turned = before.id !== id;
  const changed = !turned && !alike(before, stageOf(id));
  state.isTurnDue = changed && !mayTurn(); // who is writing finishes there first
  if (turned || (changed && !state.isTurnDue)) {
    state.model.change("stage", stageOf(id));
    voicesNow();
  }
  if (changed && !state.isTurnDue) inform("The facilitator changed the questions. Answers that were saved are safe.");
  if (turned) state.view = "";
  show("stage");
}

function openStream() {
  state.stream?.close();
  state.stream = new Stream({
    url: "/api/changes", kinds: Object.keys(hear), identity: state.me.identity, reached,
    heard(kind, told, skew) {
      state.skew = skew;
      if (state.room || kind === "room") hear[kind](told);
    },
    follows: () => void ask("GET", "/api/answers").then((told) => { if (state.model) hear.answers(told); }).catch(() => {}),
    refused: () => void leaveOrStay(),
    others: () => void askWho(),
  });
  state.stream.start();
}

async function leaveOrStay() {
  const fault = await ask("GET", "/api/me").then(() => null, (each) => each);
  if (fault?.status === 401) show("again");
}

function reached(yes) {
  if (state.away === !yes) return;
  Object.assign(state, { away: !yes, awaySince: Date.now() });
  if (yes && [STILL_UP, NOT_ASKED].includes(state.helpSaid)) void raise();
  head();
  showUnsent();
}

function beat() {
  void lookForNames();
  if (!state.me || !state.room) return;
  clock();
  if (state.isTurnDue && mayTurn()) settle();
  if (showsUnsent() || state.away) showUnsent();
  notice(INSIDE.includes(state.view));
}

// Back inside the workshop: from a stage that one looks at to where the room is; from there it says first that one leaves.
function stepBack(event) {
  const view = event.state?.view;
  if (STEPS.includes(state.view)) return STEPS.includes(view) ? show(view, "", true) : undefined;
  if (!INSIDE.includes(state.view) || event.state?.inside) return;
  state.isGuarded = false;
  if (state.looking) return look("");
  inform("You are still in the workshop. Press Back again to leave this page.");
}

function guardBack() {
  if (state.isGuarded || !INSIDE.includes(state.view)) return;
  state.isGuarded = true;
  if (!history.state?.inside) history.pushState({ inside: true }, "");
}

// ---------------------------------------------------------------- coming in

async function enter(known) {
  const before = state.me?.identity;
  [state.me, state.sheet] = await Promise.all([known ?? ask("GET", "/api/me"), ask("GET", "/api/worksheet")]);
  if (before !== state.me.identity) state.values = {}; // nobody's words are sent as another's
  state.title = state.me.title;
  state.rejoin = state.rejoin || returnWords.read(state.me.identity);
  linkKey.drop();
  foot();
  host();
  openStream();
}

const OWN_TEXTS = { progress: "You answered {done} of {all}" }; // a table's form counts what all of its organization said

// The form is there from now on, even while nothing is open: what an earlier visit left unsent goes at once.
function host() {
  state.leave?.();
  state.report?.close();
  state.report = new Report({ vote: $("vote"), release: $("release"), me: state.me, asks: ask, told: reportTold, turned: voteTurned, steady });
  state.model = new Model({ stage: {}, values: state.values, identity: state.me.identity, editable: true, texts: state.me.table ? {} : OWN_TEXTS, voices: {} }, send);
  state.leave = form.render({ model: state.model, el: $("form") });
}

function keyOfLink() {
  const given = location.hash.slice(1);
  if (given) history.replaceState(null, "", "/");
  return given || linkKey.read();
}

async function begin() {
  state.key = keyOfLink() || state.key;
  try {
    await (state.key ? knock(state.key) : enter());
  } catch (fault) {
    await notByKey(fault);
  }
}

// The key may be an old one, or the workshop over: whoever is known on this device is in all the same.
async function notByKey(fault) {
  if (passes(fault)) return tryAgain(fault);
  if (!state.key) return show("code", fault.status === 401 ? "" : fault.message);
  linkKey.drop();
  state.key = "";
  try {
    await enter();
  } catch (other) {
    passes(other) ? tryAgain(other) : fault.status === 410 ? show("over") : show("code", fault.message);
  }
}

// What may come right by itself: no way to the server, its computer cannot save just now, or we were too fast.
const passes = (fault) => !(fault instanceof Refusal) || [ANOTHER_ADDRESS, 429, 503].includes(fault.status);

function tryAgain(fault) {
  show("unreachable", fault instanceof Refusal && fault.status !== ANOTHER_ADDRESS ? fault.message : "");
  setTimeout(begin, AGAIN + Math.random() * AGAIN);
}

$("form").addEventListener("focusout", () => setTimeout(release));
window.addEventListener("hashchange", begin);
window.addEventListener("popstate", stepBack);
window.addEventListener("pointerdown", guardBack);
window.addEventListener("keydown", guardBack);
new ResizeObserver(() => document.body.style.setProperty("--pw-top", `${$("top").offsetHeight}px`)).observe($("top"));
setInterval(beat, 500);
begin();
document.documentElement.dataset.started = ""; // old.js waits for it
