// The head of a form, and the bar that says whether all is saved.

import { node, setText } from "../shared/dom.js";
import { fill } from "../shared/text.js";

export function headOf(stage, id, texts) {
  const minutes = stage.minutes ? node("p", { class: "pw-minutes" }, fill(texts.minutes, stage)) : null;
  const why = stage.why ? node("p", { class: "pw-lead" }, stage.why) : null;
  const instruction = stage.instruction ? node("p", { class: "pw-instruction" }, stage.instruction) : null;
  return [node("h2", { class: "pw-title", id }, stage.title ?? ""), why, instruction, minutes].filter(Boolean);
}

function statusBar() {
  const word = node("strong", { class: "pw-word" });
  const more = node("span", { class: "pw-word-more" });
  const status = node(
    "p",
    { class: "pw-status", role: "status", "aria-live": "polite", "aria-atomic": "true" },
    word,
    more,
  );
  const progress = node("p", { class: "pw-progress" });
  return { node: node("div", { class: "pw-bar" }, status, progress), status, word, more, progress };
}

export function showStatus(bar, state, word, more) {
  bar.status.dataset.state = state;
  setText(bar.word, word);
  setText(bar.more, more ? ` – ${more}` : "");
}

// The frame of a form. What is typed in it is no shortcut of the page around it.
export function formFrame(id) {
  const bar = statusBar();
  const head = node("div", { class: "pw-head" });
  const body = node("div", { class: "pw-questions" });
  const root = node(
    "form",
    {
      class: "pw pw-form",
      "aria-labelledby": `${id}-title`,
      "data-lm-suppress-shortcuts": "true",
      novalidate: true,
      autocomplete: "off",
    },
    bar.node,
    head,
    body,
  );
  for (const name of ["keydown", "keypress", "keyup"]) root.addEventListener(name, (event) => event.stopPropagation());
  return { bar, head, body, root };
}
