// The views on the way in: the code, the organization, the name, the return words.

import { byId, node, setText } from "../shared/dom.js";
import { same } from "../shared/values.js";
import { askForm } from "./ask_form.js";
import { enterCode, enterOrRetry, joinWorkshop, keepReturnWords } from "./entry.js";
import { speak } from "./head.js";
import {
  actionButton,
  entryField,
  errorLine,
  inputField,
  pageHeading,
  paragraph,
  submitButton,
  unbroken,
} from "./page_parts.js";
import { emptyEntry, state } from "./page_state.js";
import { show } from "./page_view.js";
import { ask } from "./server.js";

const NAMES_EVERY = 5000; // how often a page on its way in looks which organizations there are

export function codeView(notice) {
  const [input, label] = entryField(
    "code",
    "The code on the screen",
    {
      class: "pw-input pw-code",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "40",
      inputmode: "text",
    },
    notice,
  );
  const go = () => enterCode(input.value);
  return [
    pageHeading("Come in"),
    paragraph(
      "Type the nine letters and numbers that you see on the big screen. Or point your camera at the square there.",
    ),
    askForm(go, label, errorLine(notice), submitButton("Go on")),
  ];
}

export function organizationView(notice) {
  const list = node("ul", { class: "pw-choices" }, ...state.organizations.map(organizationRow));
  const [search, label] = inputField("Find yours", { type: "search" });
  search.addEventListener("input", () => filterList(list, search.value));
  const many = state.organizations.length > 8;
  return [
    pageHeading("Which organization are you from?"),
    errorLine(notice),
    many && node("div", { class: "pw-ask-form" }, label),
    list,
    actionButton("Ours is not on the list", () => chooseOrganization(""), "pw-second"),
    returnButton(),
  ];
}

const organizationRow = (name) =>
  node(
    "li",
    {},
    actionButton(name, () => chooseOrganization(name), "pw-choice"),
  );

function chooseOrganization(name) {
  state.organization = name;
  show("name");
}

// Organizations that were added meanwhile are in the list without a reload; nothing moves under a finger that is down.
export async function refreshOrganizations() {
  if (!["organization", "name"].includes(state.view) || document.hidden || Date.now() - state.namesAt < NAMES_EVERY)
    return;
  state.namesAt = Date.now();
  const reply = await ask("POST", "api/door", { code: state.key }).catch((fault) =>
    fault.status === 410 ? show("over") : null,
  );
  if (!reply || reply.me || same(reply.organizations, state.organizations)) return;
  const wasEmpty = !state.organizations.length;
  Object.assign(state, { title: reply.title, organizations: reply.organizations });
  if (state.view === "organization") addOrganizations();
  else if (wasEmpty && !state.typed.organization && !document.activeElement?.matches("input")) show("organization");
}

function addOrganizations() {
  const list = byId("main").querySelector(".pw-choices");
  if (!list) return;
  const rows = new Map([...list.children].map((row) => [row.textContent, row]));
  list.replaceChildren(...state.organizations.map((name) => rows.get(name) ?? organizationRow(name)));
}

function filterList(list, words) {
  const needle = words.trim().toLowerCase();
  let matches = 0;
  for (const row of list.children) {
    row.hidden = !row.textContent.toLowerCase().includes(needle);
    if (!row.hidden) matches += 1;
  }
  speak(`${matches} organizations`);
}

const returnButton = () =>
  node(
    "p",
    {},
    actionButton("I was here before, on another phone", () => show("rejoin"), "pw-second"),
  );

export function nameView(notice) {
  const isNew = !state.organization;
  const [, orgLabel] = entryField(
    "organization",
    "Name of your organization",
    { maxlength: "200", autocomplete: "organization" },
    notice && isNew && notice,
  );
  const [, ownLabel] = entryField("name", "What may we call you? (optional)", {
    maxlength: "80",
    autocomplete: "nickname",
  });
  const person = node(
    "div",
    { hidden: state.typed.table },
    ownLabel,
    paragraph(
      "A first name or a nickname is enough. People from your organization and the facilitator can see it with your " +
        "answers. Your draft shows it only if one of you chooses that.",
      "pw-quiet",
    ),
  );
  const ways = [
    [false, "I answer for myself"],
    [true, "I write for everybody at our table"],
  ].map(([table, words]) => deviceUse(table, words, person));
  const go = () => {
    const { organization, name, table } = state.typed;
    return joinWorkshop({ organization: isNew ? organization : state.organization, name: table ? "" : name, table });
  };
  const group = node(
    "fieldset",
    {},
    node("legend", {}, "How do you use this device?"),
    node("div", { class: "pw-ways" }, ...ways),
  );
  const other =
    state.organizations.length > 0 && actionButton("Another organization", () => show("organization"), "pw-second");
  return [
    ...(isNew ? [pageHeading("Which organization are you from?")] : clampedHeading(state.organization)),
    askForm(go, isNew && orgLabel, group, person, errorLine(notice), plainHttpWarning(), submitButton("Come in")),
    node(
      "div",
      { class: "pw-row" },
      other,
      isNew && actionButton("I was here before, on another phone", () => show("rejoin"), "pw-second"),
    ),
  ];
}

const LONG_NAME = 60; // letters that leave room for all that is asked below them, on a phone

// A heading of any length leaves room for what is asked below it; the whole of it is read aloud, and is a press away.
function clampedHeading(words) {
  const heading = pageHeading(words);
  if (words.length <= LONG_NAME) return [heading];
  heading.classList.add("pw-clamped");
  const more = actionButton(
    "Show the full name",
    () => {
      const isClamped = heading.classList.toggle("pw-clamped");
      setText(more, isClamped ? "Show the full name" : "Show less of the name");
      more.setAttribute("aria-expanded", String(!isClamped));
    },
    "pw-plain",
  );
  more.setAttribute("aria-expanded", "false");
  return [heading, more];
}

// Said once, on the way in: without https, whoever is on the same wifi may listen.
const plainHttpWarning = () =>
  location.protocol !== "https:" &&
  paragraph(
    "Others on this wifi may be able to read along. So write no client's name, and nothing that points to one client.",
    "pw-quiet",
  );

function deviceUse(table, words, person) {
  const input = node("input", {
    type: "radio",
    name: "way",
    value: table ? "ours" : "mine",
    checked: state.typed.table === table,
  });
  input.addEventListener("change", () => {
    person.hidden = state.typed.table = table;
  });
  return node("label", { class: "pw-pick" }, input, words);
}

export function rejoinView(notice) {
  const [input, label] = entryField(
    "words",
    "Your three words",
    { autocapitalize: "none", spellcheck: "false", maxlength: "80" },
    notice,
  );
  const go = async () => {
    const reply = await ask("POST", "api/rejoin", { code: state.key, words: input.value });
    state.typed = emptyEntry();
    keepReturnWords(
      reply.me,
      input.value
        .trim()
        .toLowerCase()
        .split(/[\s-]+/)
        .join("-"),
    );
    await enterOrRetry(reply.me);
  };
  const away = actionButton(
    "I am here for the first time",
    () => show(state.organizations.length ? "organization" : "name"),
    "pw-second",
  );
  return [
    pageHeading("Welcome back"),
    node(
      "p",
      {},
      "Type the three words that you were given when you came in, for example ",
      unbroken("river-lamp-otter"),
      ". Your answers come with you.",
    ),
    askForm(go, label, errorLine(notice), submitButton("Go on")),
    node("div", { class: "pw-row" }, away),
  ];
}
