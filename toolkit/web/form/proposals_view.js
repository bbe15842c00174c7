// What was offered as the organization's text, who is for it and who is not.

import { node } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { openNote } from "./note_editor.js";

// What is offered as the organization's: the standing text first, every other one beside it.
export function proposalList(panel, entry) {
  const offered = entry.proposals ?? [];
  if (!offered.length) return [];
  return [
    node("h4", {}, panel.texts.offered),
    node("ul", { class: "pw-cards" }, ...offered.map((each) => proposalCard(panel, each))),
  ];
}

function proposalCard(panel, each) {
  const { texts } = panel;
  const going = panel.pendingFor("opinion", each.id)?.value;
  const supports = going ? going.agrees : each.i_support;
  const opposes = going ? !going.agrees : each.i_oppose;
  const from = (panel.entry.voices ?? [])
    .filter((voice) => each.made_from?.includes(voice.id))
    .map((voice) => panel.who(voice));
  const state = each.status === "agreed" ? texts.is_agreed : texts.is_proposed;
  const notes = (each.dissent ?? []).map(({ who, note }) =>
    node("li", {}, node("strong", {}, `${who || texts.a_colleague}: `), note || texts.no_note),
  );
  const buttons = panel.entry.table
    ? tableButtons(panel, each, opposes)
    : [
        panel.button(`agree ${each.id}`, texts.agree, () => panel.judge(each, true, ""), {
          "aria-pressed": String(Boolean(supports)),
        }),
        panel.button(`differ ${each.id}`, texts.differ, () => openNote(panel, each), {
          "aria-pressed": String(Boolean(opposes)),
        }),
      ];
  return node(
    "li",
    { class: "pw-offer", "data-standing": String(Boolean(each.standing)) },
    node(
      "p",
      { class: "pw-who" },
      each.standing ? texts.stands : texts.beside,
      node("span", { class: "pw-chip", "data-status": each.status }, state),
    ),
    node("p", { class: "pw-reads" }, each.reads),
    node("p", { class: "pw-small" }, originOf(panel, each, from)),
    each.note ? node("p", { class: "pw-small" }, fill(texts.noted, { note: each.note })) : null,
    notes.length ? node("ul", { class: "pw-dissent", "aria-label": texts.dissent }, ...notes) : null,
    node("div", { class: "pw-buttons" }, ...buttons.filter(Boolean)),
  );
}

// Where a text comes from, and who is for it; a table's text was agreed aloud.
function originOf(panel, each, from) {
  const { texts } = panel;
  const made = from.length ? fill(texts.made_from, { who: from.join(", ") }) : "";
  const counts = { n: each.supporters, of: each.of };
  if (each.by_table)
    return [texts.written_down, made, each.supporters ? fill(texts.say_agree, counts) : ""].filter(Boolean).join(" ");
  return [fill(texts.offered_by, { who: panel.who(each) }), made, fill(texts.supported, counts)]
    .filter(Boolean)
    .join(" ");
}

// A table does not vote on a text: it writes it down, or notes that one of them sees it differently.
function tableButtons(panel, each, opposes) {
  const { texts } = panel;
  const same_ = each.by_table && each.standing;
  return [
    same_
      ? null
      : panel.button(`use ${each.id}`, texts.write_down, () =>
          panel.send("propose", panel.key, {
            value: each.value,
            made_from: [each.id, ...(each.made_from ?? [])],
            note: "",
          }),
        ),
    panel.button(`differ ${each.id}`, texts.one_differs, () => openNote(panel, each), {
      "aria-pressed": String(Boolean(opposes)),
    }),
    opposes ? panel.button(`agree ${each.id}`, texts.take_back, () => panel.judge(each, true, "")) : null,
  ];
}
