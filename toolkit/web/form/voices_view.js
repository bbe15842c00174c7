// The answers of colleagues: how many before they are shown to each other, and all of them after.

import { node } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { firstField } from "./fields.js";
import { COMBINE, groupEqual } from "./voices.js";

const STATUS_WORDS = { agreed: "is_agreed", proposed: "is_proposed", tied: "is_split", open: "is_open" };

function agreementHead(panel, entry) {
  const state = entry.revealed ? entry.status : "open";
  const chip = node("span", { class: "pw-chip", "data-status": state }, panel.texts[STATUS_WORDS[state]] ?? "");
  return node("div", { class: "pw-agree-head" }, node("h3", {}, panel.texts.together), entry.revealed ? chip : null);
}

// Before: nobody sees the others.
export function hiddenVoices(panel, entry) {
  const { texts } = panel;
  const count = fill(texts.have_answered, { n: entry.answered ?? 0, of: entry.of });
  const show =
    (entry.table || panel.answered()) &&
    panel.button(
      "reveal",
      texts.reveal,
      () => panel.reveal(),
      panel.pendingFor("reveal", panel.key) ? { "aria-disabled": "true" } : {},
    );
  return [
    agreementHead(panel, entry),
    node("p", {}, `${entry.table ? texts.at_table : texts.alone_first} ${count}`),
    show ? node("div", { class: "pw-buttons" }, show) : null,
    show ? node("p", { class: "pw-small" }, texts.reveal_more) : null,
  ];
}

// After: every voice beside the others.
export function shownVoices(panel, entry) {
  const { texts } = panel;
  const voices = groupEqual(entry.voices ?? []);
  const cards = node("ul", { class: "pw-cards" }, ...voices.map((voice) => voiceCard(panel, voice, voices.length > 1)));
  const combine = COMBINE[panel.view.question.kind] && voices.length > 1;
  const buttons = node(
    "div",
    { class: "pw-buttons" },
    combine
      ? panel.button(
          "combine",
          panel.ticked.size < 2 ? texts.tick_two : fill(texts.combine, { n: panel.ticked.size }),
          () => combineTicked(panel),
          { "aria-disabled": String(panel.ticked.size < 2) },
        )
      : null,
    panel.button("own", texts.write_own, () => writeOwn(panel)),
  );
  return [
    agreementHead(panel, entry),
    voices.length ? cards : node("p", {}, texts.no_voices),
    countList(panel, entry),
    entry.tied ? node("p", { class: "pw-tie" }, texts.tie) : null,
    buttons,
  ];
}

// A table's own field is right above: what is written there is the organization's.
function writeOwn(panel) {
  if (panel.entry.table) firstField(panel.view.control).focus();
  else panel.open({ value: null, from: [] });
}

function voiceCard(panel, voice, several) {
  const { texts } = panel;
  const id = `${panel.form.id}-${voice.id}`;
  const many = COMBINE[panel.view.question.kind] && several;
  const tick = node("input", { type: "checkbox", id, "data-focus": `tick ${voice.id}` });
  tick.checked = panel.ticked.has(voice.id);
  tick.addEventListener("change", () => {
    panel.ticked[tick.checked ? "add" : "delete"](voice.id);
    panel.form.showAgree();
  });
  const label = node("label", { for: id }, texts.tick, node("span", { class: "pw-away" }, ` ${panel.who(voice)}`));
  const use = panel.button(`use ${voice.id}`, texts.use, () => panel.open({ value: voice.value, from: voice.ids }), {
    "aria-label": fill(texts.use_of, { who: panel.who(voice) }),
  });
  return node(
    "li",
    { class: "pw-voice" },
    node("p", { class: "pw-who" }, panel.who(voice)),
    node("p", { class: "pw-reads" }, voice.reads),
    node("div", { class: "pw-buttons" }, use, many ? node("span", { class: "pw-tick" }, tick, label) : null),
  );
}

function countList(panel, entry) {
  const counts = entry.counts ?? [];
  if (!counts.length) return null;
  const most = Math.max(...counts.map((count) => count.n), 1);
  const text = panel.view.question.kind === "ranking" ? panel.texts.points : "{n}";
  const rows = counts.map(({ label, n }) => {
    const bar = node("span", { class: "pw-count-bar", "aria-hidden": "true" });
    bar.style.setProperty("--pw-share", `${(100 * n) / most}%`);
    return node(
      "li",
      { class: "pw-count" },
      node("span", { class: "pw-count-label" }, label),
      node("strong", {}, fill(text, { n })),
      bar,
    );
  });
  return node("ul", { class: "pw-counts", "aria-label": panel.texts.counted }, ...rows);
}

function combineTicked(panel) {
  const selected = groupEqual(panel.entry.voices ?? []).filter((voice) => panel.ticked.has(voice.id));
  if (selected.length > 1)
    panel.open({
      value: COMBINE[panel.view.question.kind](selected.map((voice) => voice.value)),
      from: selected.flatMap((voice) => voice.ids),
    });
}
