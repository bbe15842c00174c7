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
    node("ul", { class: "pw-cards" }, ...offered.map((offer) => proposalCard(panel, offer))),
  ];
}

function proposalCard(panel, offer) {
  const { texts } = panel;
  const sentOpinion = panel.pendingFor("opinion", offer.id)?.value;
  const supports = sentOpinion ? sentOpinion.agrees : offer.i_support;
  const opposes = sentOpinion ? !sentOpinion.agrees : offer.i_oppose;
  const from = (panel.entry.voices ?? [])
    .filter((voice) => offer.made_from?.includes(voice.id))
    .map((voice) => panel.who(voice));
  const state = offer.status === "agreed" ? texts.is_agreed : texts.is_proposed;
  const notes = (offer.dissent ?? []).map(({ who, note }) =>
    node("li", {}, node("strong", {}, `${who || texts.a_colleague}: `), note || texts.no_note),
  );
  const buttons = panel.entry.table
    ? tableButtons(panel, offer, opposes)
    : [
        panel.button(`agree ${offer.id}`, texts.agree, () => panel.judge(offer, true, ""), {
          "aria-pressed": String(Boolean(supports)),
        }),
        panel.button(`differ ${offer.id}`, texts.differ, () => openNote(panel, offer), {
          "aria-pressed": String(Boolean(opposes)),
        }),
      ];
  return node(
    "li",
    { class: "pw-offer", "data-standing": String(Boolean(offer.standing)) },
    node(
      "p",
      { class: "pw-who" },
      offer.standing ? texts.stands : texts.beside,
      node("span", { class: "pw-chip", "data-status": offer.status }, state),
    ),
    node("p", { class: "pw-reads" }, offer.reads),
    node("p", { class: "pw-small" }, originOf(panel, offer, from)),
    offer.note ? node("p", { class: "pw-small" }, fill(texts.noted, { note: offer.note })) : null,
    notes.length ? node("ul", { class: "pw-dissent", "aria-label": texts.dissent }, ...notes) : null,
    node("div", { class: "pw-buttons" }, ...buttons.filter(Boolean)),
  );
}

// Where a text comes from, and who is for it; a table's text was agreed aloud.
function originOf(panel, offer, from) {
  const { texts } = panel;
  const text = from.length ? fill(texts.made_from, { who: from.join(", ") }) : "";
  const counts = { n: offer.supporters, of: offer.of };
  if (offer.by_table)
    return [texts.written_down, text, offer.supporters ? fill(texts.say_agree, counts) : ""].filter(Boolean).join(" ");
  return [fill(texts.offered_by, { who: panel.who(offer) }), text, fill(texts.supported, counts)]
    .filter(Boolean)
    .join(" ");
}

// A table does not vote on a text: it writes it down, or notes that one of them sees it differently.
function tableButtons(panel, offer, opposes) {
  const { texts } = panel;
  const same_ = offer.by_table && offer.standing;
  return [
    same_
      ? null
      : panel.button(`use ${offer.id}`, texts.write_down, () =>
          panel.send("propose", panel.key, {
            value: offer.value,
            made_from: [offer.id, ...(offer.made_from ?? [])],
            note: "",
          }),
        ),
    panel.button(`differ ${offer.id}`, texts.one_differs, () => openNote(panel, offer), {
      "aria-pressed": String(Boolean(opposes)),
    }),
    opposes ? panel.button(`agree ${offer.id}`, texts.take_back, () => panel.judge(offer, true, "")) : null,
  ];
}
