// The join page: brings a phone into the room, and is the host of form.js there (its model speaks HTTP).
// Its law: what the page says about saving is what the server has said; it is built from nodes, never from markup.

import form from "/form.js";
import { Report } from "/report.js";

const $ = (id) => document.getElementById(id);
const KEY = "policy-workshop/key";
const HOLD_ON = 6000; // a request that takes longer is taken for lost, and tried again
const SILENCE = 25000; // a line that is silent for longer is taken for dead
const AGAIN = 1500;
const VOICES_AFTER = 300; // what comes in close together is asked for once
const OUTLINE_EVERY = 10000;
const VOICES_EVERY = 3000; // and what goes on coming, only so often

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== false));
  return made;
}

const setText = (element, words) => { if (element.textContent !== words) element.textContent = words; };
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
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), HOLD_ON);
  try {
    const headers = body ? { "content-type": "application/json" } : {};
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal: stop.signal, credentials: "same-origin", keepalive: method === "PUT" && JSON.stringify(body).length < 60000 });
    const told = await answer.json().catch(() => ({}));
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
  try {
    const { sequence, repeated } = await ask("PUT", `/api/answers/${id}`, { question, value });
    state.newest[question] = Math.max(sequence, state.newest[question] ?? 0);
    reached(true);
    state.model.tell("msg:custom", { type: "saved", id, question });
    keepValue(question, value);
    if (repeated) answersSoon(); // it came before: something newer may stand by now
    if (showsMyVoice(question, value)) voicesSoon();
    if (isReportBack()) state.report.soon();
  } catch (fault) {
    notKept(fault, { id, question });
  }
}

// What a person does with colleagues' voices; "saved" is said when the server has it for good, as for an answer.
async function act(method, path, { id, question }, said) {
  try {
    const { sequence } = await ask(method, path, { question, ...said });
    reached(true);
    state.model.tell("msg:custom", { type: "saved", id, question });
    if (sequence && state.me.table) wroteDown(question, said.value, sequence);
    voicesNow();
  } catch (fault) {
    notKept(fault, { id, question });
  }
}

// What a table's device offers is written down as the organization's: it stands in the field from now on.
function wroteDown(question, value, sequence) {
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
  const refused = fault instanceof Refusal;
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
  const stage = state.model.get("stage").id;
  const asked = Date.now();
  Object.assign(state, { voicesDue: null, voicesAt: asked });
  if (!stage) return;
  try {
    const voices = await ask("GET", `/api/voices?stage=${encodeURIComponent(stage)}`);
    if (stage === state.model.get("stage").id && asked === state.voicesAt) state.model.change("voices", voices);
  } catch (fault) {
    if (!(fault instanceof Refusal) || fault.status === 429) voicesSoon();
  }
}

// ---------------------------------------------------------------- what the page knows

const state = {
  view: "", key: "", title: "Workshop", organizations: [], organization: "", me: null, rejoin: "", draft: "", hand: false,
  newest: {}, report: null, sheet: null, room: null, looking: "", values: {}, model: null, skew: 0, line: null, heardAt: 0, away: false, spoken: new Set(), voicesDue: null, voicesAt: 0, answersDue: null,
};

// ---------------------------------------------------------------- views: each builds the main part; focus goes to its heading

const VIEWS = { code, organization, name, rejoin, again, waiting, stage, ended, unreachable };

function show(view, told = "") {
  const moved = state.view !== view;
  state.view = view;
  document.body.dataset.view = view;
  $("main").replaceChildren(...VIEWS[view](told).filter(Boolean));
  $("form").hidden = view !== "stage";
  $("foot").hidden = !["waiting", "stage", "ended"].includes(view);
  reportBack();
  head();
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

function asking(submit, ...children) {
  const made = node("form", { class: "pw-ask-form", novalidate: true }, ...children);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = made.querySelector("[type=submit]");
    press.disabled = true;
    await submit().catch((fault) => show(state.view, inWords(fault)));
    press.disabled = false;
  });
  return made;
}

const submitButton = (words) => node("button", { type: "submit", class: "pw-button" }, words);

function code(told) {
  const [input, label] = field("The code on the screen", { class: "pw-input pw-code", autocapitalize: "characters", spellcheck: "false", maxlength: "40", inputmode: "text" }, told);
  const go = () => knock(input.value);
  return [h1("Come in"), said("Type the nine letters and numbers that you see on the big screen. Or point your camera at the square there."), asking(go, label, wrong(told), submitButton("Go on"))];
}

async function knock(given) {
  const told = await ask("POST", "/api/door", { code: given });
  if (told.me) return goIn(told.me);
  Object.assign(state, { key: told.key, title: told.title, organizations: told.organizations });
  remember(KEY, told.key);
  show(told.organizations.length ? "organization" : "name");
}

function organization(told) {
  const choose = (name) => () => { state.organization = name; show("name"); };
  const list = node("ul", { class: "pw-choices" }, ...state.organizations.map((name) => node("li", {}, button(name, choose(name), "pw-choice"))));
  const [search, label] = field("Find yours", { type: "search" });
  search.addEventListener("input", () => narrow(list, search.value));
  const many = state.organizations.length > 8;
  return [h1("Which organization are you from?"), wrong(told), many && node("div", { class: "pw-ask-form" }, label), list, button("Ours is not on the list", choose(""), "pw-second"), back()];
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
  const [org, orgLabel] = field("Name of your organization", { maxlength: "200", autocomplete: "organization" }, told && isNew && told);
  const [own, ownLabel] = field("What may we call you? (optional)", { maxlength: "80", autocomplete: "nickname" });
  const person = node("div", {}, ownLabel, said("A first name or a nickname is enough. Colleagues of your organization may see it.", "pw-quiet"));
  const ways = [["mine", "I answer for myself"], ["ours", "I write for everybody at our table"]].map(([value, words]) => way(value, words, person));
  const go = () => {
    const chosen = isNew ? org.value : state.organization;
    const table = document.querySelector("input[name=way]:checked").value === "ours";
    return comeIn({ organization: chosen, name: table ? "" : own.value, table });
  };
  const group = node("fieldset", {}, node("legend", {}, "How do you use this device?"), node("div", { class: "pw-ways" }, ...ways));
  const other = state.organizations.length > 0 && button("Another organization", () => show("organization"), "pw-second");
  return [h1(isNew ? "Which organization are you from?" : state.organization), asking(go, isNew && orgLabel, group, person, wrong(told), plainly(), submitButton("Come in")), node("div", { class: "pw-row" }, other, isNew && button("I was here before, on another phone", () => show("rejoin"), "pw-second"))];
}

// Said once, on the way in: without https, whoever is on the same wifi may listen.
const plainly = () => location.protocol !== "https:" && said("Others on this wifi may be able to read along. So write no client's name, and nothing that points to one client.", "pw-quiet");

function way(value, words, person) {
  const input = node("input", { type: "radio", name: "way", value, checked: value === "mine" });
  input.addEventListener("change", () => { person.hidden = value === "ours"; });
  return node("label", { class: "pw-pick" }, input, words);
}

async function comeIn(who) {
  if (!who.organization.trim()) throw new Refusal(422, "Write the name of your organization.");
  const told = await ask("POST", "/api/join", { code: state.key, ...who });
  state.rejoin = told.rejoin;
  await goIn(told.me);
}

// Let in is let in: when the way is cut just now, the page tries again, and nobody comes in twice.
async function goIn(known) {
  try {
    await enter(known);
  } catch (fault) {
    if (!passes(fault)) throw fault;
    tryAgain(fault);
  }
}

function rejoin(told) {
  const [input, label] = field("Your three words", { autocapitalize: "none", spellcheck: "false", maxlength: "80" }, told);
  const go = async () => {
    const told = await ask("POST", "/api/rejoin", { code: state.key, words: input.value });
    await goIn(told.me);
  };
  const away = button("I am here for the first time", () => show(state.organizations.length ? "organization" : "name"), "pw-second");
  return [h1("Welcome back"), said("Type the three words that you were given when you came in, for example river-lamp-otter. Your answers come with you."), asking(go, label, wrong(told), submitButton("Go on")), node("div", { class: "pw-row" }, away)];
}

function again() {
  closeLine();
  return [h1("This device is not in the workshop any more"), said("Come in again with the code on the screen and your three words. What was not sent yet is kept on this device, and is sent when you are back."), node("div", { class: "pw-row" }, button("Come in again", () => show("code")))];
}

function unreachable(told) {
  if (told) return [h1("One moment, please"), said(told), said("This page tries again by itself.", "pw-quiet")];
  return [h1("The workshop cannot be reached"), said("Check that this device is on the wifi of the room. This page tries again by itself."), said("If it stays like this, tell the facilitator: some wifi keeps devices apart.", "pw-quiet")];
}

function waiting() {
  const rules = state.sheet?.rules ?? [];
  const seen = (state.room?.opened ?? []).map((id) => stageOf(id)).filter(Boolean);
  const first = state.room?.opened.length ? "That stage is closed" : `You are in, ${state.me.name || state.me.organization}`;
  const then = state.room?.opened.length ? "The next one opens here by itself. Until then you can still read and change what you wrote." : "The first questions open here by themselves. You need not do anything.";
  return [h1(first), said(then), ...seen.map((each) => node("div", { class: "pw-row" }, button(`Look at “${each.title}”`, () => look(each.id), "pw-second"))), ownWords(), rules.length && node("h2", {}, "What we keep to"), rules.length && node("ul", {}, ...rules.map((rule) => node("li", {}, rule)))];
}

const ownWords = () => state.rejoin && node("p", { class: "pw-words" }, "If you change to another phone, these three words bring your answers there. Write them down.", node("strong", {}, state.rejoin));

function stage() {
  const current = state.room.stage;
  const elsewhere = state.looking && state.looking !== current;
  const words = isOpen() ? `Go to “${stageOf(current)?.title ?? ""}”, which is open now` : "Back to the waiting page";
  return [node("h1", { class: "pw-away" }, state.title), (elsewhere || (state.looking && !isOpen())) && button(words, () => look(""))];
}

function ended() {
  return [h1("The workshop has ended"), said(`Thank you. What ${state.me.organization} wrote is in your draft. Take it home with the button below.`), unsent()];
}

function unsent() {
  const count = Object.keys(localStorage).filter((key) => key.startsWith(`policy-workshop/${state.me.identity}/`)).length;
  return count > 0 && node("p", { class: "pw-wrong" }, `${count === 1 ? "One answer" : `${count} answers`} did not arrive before the end. They are kept on this device; tell the facilitator.`);
}

// ---------------------------------------------------------------- the report-back: the vote wherever somebody is, our lines at their stage

const isReportBack = () => state.view === "stage" && Boolean(state.sheet?.report_back.includes(state.looking || state.room.stage));

function reportBack() {
  const inside = ["waiting", "stage", "ended"].includes(state.view);
  const vote = inside && Boolean(state.room?.vote) && (state.view !== "ended" || state.room.vote === "shown");
  state.report?.want({ vote, release: isReportBack() });
}

// Who is writing is not interrupted; everybody else is brought there.
function voteTurned(shows) {
  if (document.activeElement?.closest?.("#form")) return inform(shows === "open" ? "The vote is open: it is at the top of this page." : shows === "shown" ? "The result of the vote is at the top of this page." : "The vote is closed.");
  $("vote").querySelector("h2")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function reportTold(fault) {
  const refused = fault instanceof Refusal;
  reached(!fault || refused);
  if (refused) leaveIf(fault);
  return refused && NEVER_MORE.has(fault.status);
}

// ---------------------------------------------------------------- the head: where we are, how much time, what is wrong

const stageOf = (id) => state.sheet?.stages.find((each) => each.id === id);
const isOpen = () => ["open", "closing"].includes(state.room?.state);

function head() {
  const inside = Boolean(state.me) && ["waiting", "stage", "ended"].includes(state.view);
  const shown = state.view === "stage" ? stageOf(state.looking || state.room.stage)?.title : "";
  $("top").hidden = false;
  setText($("where"), shown || state.title);
  document.title = [shown, state.title].filter(Boolean).join(" – ");
  notice(inside);
  clock();
}

function notice(inside) {
  const closing = inside && state.view === "stage" && state.room?.state === "closing" && (!state.looking || state.looking === state.room.stage);
  const words = inside && state.away ? "No connection just now. Keep writing: it is kept here." : closing ? "Finish your sentence: this stage closes soon." : state.news ?? "";
  $("notice").dataset.tone = inside && state.away ? "" : "calm";
  $("notice").hidden = !words;
  setText($("notice"), words);
}

function clock() {
  const left = state.room?.deadline && !state.room.ended ? Date.parse(state.room.deadline) - (Date.now() + state.skew) : null;
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
  $("foot").replaceChildren(outline(), node("div", { class: "pw-row" }, hand, take, named), told);
  Object.assign(state, { handButton: hand, takeButton: take, namingButton: named, footTold: told });
  showHand();
}

// How far each section of the draft is: asked for while it is unfolded.
function outline() {
  const list = node("ul", { class: "pw-outline-list" });
  const unfolded = node("details", { class: "pw-outline" }, node("summary", {}, "Our draft so far"), list);
  const look = async () => {
    if (!unfolded.open || document.hidden) return;
    const told = await ask("GET", "/api/outline").catch(() => null);
    if (told) list.replaceChildren(...told.sections.map(sectionRow));
  };
  unfolded.addEventListener("toggle", look);
  clearInterval(state.outlining);
  state.outlining = setInterval(look, OUTLINE_EVERY);
  return unfolded;
}

const SIGNS = { ready: "✓", begun: "◐", empty: "○" };
const sectionRow = ({ title, state: how, words }) => node("li", {}, node("span", {}, title), node("span", { class: "pw-how", "data-state": how }, node("span", { "aria-hidden": "true" }, `${SIGNS[how] ?? ""} `), words));

function showHand() {
  if (state.room?.ended) setText(state.footTold, "");
  setText(state.handButton, state.hand ? "Hand is up – take it down" : "Raise a hand for help");
  state.handButton.setAttribute("aria-pressed", String(state.hand));
  state.handButton.hidden = Boolean(state.room?.ended);
}

async function raise() {
  try {
    const told = await ask("POST", "/api/help", { asks: !state.hand });
    state.hand = told.asks;
    setText(state.footTold, state.hand ? "The facilitator sees that you need help." : "");
  } catch (fault) {
    setText(state.footTold, inWords(fault));
  }
  showHand();
}

async function takeHome() {
  state.takeButton.disabled = true;
  setText(state.footTold, "Writing your draft …");
  try {
    const answer = await fetch("/api/draft.docx");
    if (!answer.ok) throw new Refusal(answer.status, (await answer.json().catch(() => ({}))).says);
    save(await answer.blob(), answer.headers.get("content-disposition"));
    const { named } = await ask("GET", "/api/naming");
    setText(state.footTold, `Your draft is in this device's downloads. ${naming(named)}`);
  } catch (fault) {
    setText(state.footTold, inWords(fault));
  }
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
    if (told.now) state.skew = Date.parse(told.now) - Date.now();
    if (before?.stage !== told.stage || before?.state !== told.state) state.looking = keepsLooking(before, told) ? state.looking : "";
    if (before && (before.vote !== told.vote || before.ballot !== told.ballot)) state.report.soon();
    settle();
  },
  answers(told) {
    const values = notOlder(state.me.table ? told.ours : told.mine, told.upto);
    const inside = questionInHand();
    if (inside && !alike(values[inside], state.values[inside])) hold(inside, values[inside]);
    state.values = inside ? { ...values, [inside]: state.values[inside] } : values;
    state.model?.change("values", state.values);
    voicesSoon();
    state.report.soon();
  },
  changed(told) {
    if (told.voice !== (state.me.table ? "ours" : "mine")) return;
    if (told.sequence < (state.newest[told.question] ?? 0)) return;
    if (told.question === questionInHand()) return hold(told.question, told.value);
    fillIn(told.question, told.value);
  },
  voices() {
    voicesSoon();
    if (isReportBack()) state.report.soon();
  },
  moved: askAnew,
  beat() {},
};

// What was read at the server before our newest words arrived there does not stand against them.
function notOlder(values, upto) {
  const newer = Object.entries(state.newest).filter(([, sequence]) => sequence > upto).map(([question]) => [question, state.values[question]]);
  return { ...values, ...Object.fromEntries(newer) };
}

// A question that somebody is in: what came from elsewhere waits until they leave it, and is let go when they wrote there.
const questionInHand = () => document.activeElement?.closest?.("#form [data-question]")?.dataset.question ?? "";
const alike = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

function hold(question, value) {
  state.held = { question, value };
  inform("Somebody else changed this answer just now. Both versions are kept.");
}

function fillIn(question, value) {
  keepValue(question, value);
  state.model?.tell("msg:custom", { type: "changed", question, value });
}

function release() {
  const { question, value } = state.held ?? {};
  if (!question || question === questionInHand()) return;
  state.held = null;
  fillIn(question, value);
}

// Closing softly, or more time, never turns the page away from what somebody is reading.
const keepsLooking = (before, told) => Boolean(before) && before.stage === told.stage && told.state !== "open";

// Two names of one organization were made one, or two again: who we are and what stands is asked for anew.
async function askAnew() {
  const before = state.me.organization;
  state.me = await ask("GET", "/api/me").catch(() => state.me);
  openLine();
  if (state.me.organization !== before) inform(`The facilitator has put you under the name “${state.me.organization}”. Your answers are kept.`);
}

function inform(words) {
  state.news = words;
  head();
  setTimeout(() => { state.news = ""; head(); }, 12000);
}

function settle() {
  showHand();
  if (state.room.ended) return end();
  const shown = state.looking || (isOpen() ? state.room.stage : "");
  if (!shown) return show("waiting");
  turnTo(shown);
}

// What was begun and never offered leaves the device; what was not sent stays, and is told.
function end() {
  state.model.tell("msg:custom", { type: "ended" });
  show("ended");
}

function look(id) {
  state.looking = id;
  settle();
}

function turnTo(id) {
  const turned = state.model.get("stage").id !== id;
  if (turned) state.model.change("stage", stageOf(id));
  if (turned) state.view = "";
  if (turned) voicesNow();
  show("stage");
}

function openLine() {
  closeLine();
  const line = new EventSource("/api/changes");
  state.line = line;
  state.heardAt = Date.now();
  for (const kind of Object.keys(hear)) line.addEventListener(kind, (event) => heard(kind, event));
  line.addEventListener("error", () => { reached(false); if (line.readyState === EventSource.CLOSED) openLater(line); });
}

function heard(kind, event) {
  state.heardAt = Date.now();
  reached(true);
  hear[kind](JSON.parse(event.data));
}

function openLater(line) {
  setTimeout(() => { if (state.line === line) lineOrLeave(); }, AGAIN + Math.random() * AGAIN);
}

async function lineOrLeave() {
  try {
    await ask("GET", "/api/me");
    openLine();
  } catch (fault) {
    if (fault instanceof Refusal && fault.status === 401) return show("again");
    openLater(state.line);
  }
}

function closeLine() {
  state.line?.close();
  state.line = null;
}

function reached(yes) {
  if (state.away === !yes) return;
  state.away = !yes;
  head();
}

function beat() {
  if (!state.me || !state.room) return;
  clock();
  if (state.line && Date.now() - state.heardAt > SILENCE) openLine();
}

// ---------------------------------------------------------------- coming in

async function enter(known) {
  [state.me, state.sheet] = await Promise.all([known ?? ask("GET", "/api/me"), ask("GET", "/api/worksheet")]);
  state.title = state.me.title;
  forget(KEY);
  foot();
  host();
  openLine();
}

// The form is there from now on, even while nothing is open: what an earlier visit left unsent goes at once.
function host() {
  state.leave?.();
  state.report?.close();
  state.report = new Report({ vote: $("vote"), release: $("release"), me: state.me, asks: ask, told: reportTold, turned: voteTurned });
  state.model = new Model({ stage: {}, values: state.values, identity: state.me.identity, editable: true, texts: {}, voices: {} }, send);
  state.leave = form.render({ model: state.model, el: $("form") });
}

function remember(key, words) {
  try { sessionStorage.setItem(key, words); } catch { /* a private window: the key lives as long as the page */ }
}

function forget(key) {
  try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ }
}

function keyOfLink() {
  const given = location.hash.slice(1);
  if (given) history.replaceState(null, "", "/");
  try { return given || sessionStorage.getItem(KEY) || ""; } catch { return given; }
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
  forget(KEY);
  state.key = "";
  try {
    await enter();
  } catch (other) {
    passes(other) ? tryAgain(other) : show("code", fault.message);
  }
}

// What may come right by itself: no way to the server, its computer cannot save just now, or we were too fast.
const passes = (fault) => !(fault instanceof Refusal) || [429, 503].includes(fault.status);

function tryAgain(fault) {
  show("unreachable", fault instanceof Refusal ? fault.message : "");
  setTimeout(begin, AGAIN + Math.random() * AGAIN);
}

$("form").addEventListener("focusout", () => setTimeout(release));
window.addEventListener("hashchange", begin);
window.addEventListener("online", () => { if (state.line) openLine(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && state.line) openLine(); });
new ResizeObserver(() => document.body.style.setProperty("--pw-top", `${$("top").offsetHeight}px`)).observe($("top"));
setInterval(beat, 500);
begin();
