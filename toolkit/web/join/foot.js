// The foot of the page: help, the draft, and how far each of its sections is.

import { byId, node } from "../shared/dom.js";
import { changeNaming, downloadDraft } from "./draft.js";
import { changeHelp } from "./help_request.js";
import { showHand } from "./help_status.js";
import { MOMENT, actionButton } from "./page_parts.js";
import { state } from "./page_state.js";
import { ask } from "./server.js";

const OUTLINE_EVERY = 10000;

export function showFoot() {
  const hand = actionButton("", changeHelp, "pw-second");
  const take = actionButton("Our draft (Word)", downloadDraft, "pw-second");
  const named = actionButton("", changeNaming, "pw-second");
  named.hidden = true;
  const status = node("p", { class: "pw-quiet", role: "status" });
  const help = node("p", { class: "pw-quiet", role: "status" });
  const words = node("p", { class: "pw-quiet pw-return" });
  byId("foot").replaceChildren(
    outlineSection(),
    node("div", { class: "pw-row" }, hand, take, named),
    help,
    status,
    words,
  );
  Object.assign(state, {
    handButton: hand,
    takeButton: take,
    namingButton: named,
    helpTold: help,
    footTold: status,
    wordsTold: words,
  });
  showHand();
}

// How far each section of the draft is: asked for while it is unfolded.
function outlineSection() {
  const list = node("ul", { class: "pw-outline-list" });
  const unfolded = node("details", { class: "pw-outline" }, node("summary", {}, "Our draft so far"), list);
  const look = async () => {
    if (!unfolded.open || document.hidden) return;
    const isNew = !list.children.length;
    if (isNew) list.replaceChildren(node("li", {}, MOMENT));
    const reply = await ask("GET", "api/outline").catch(() => null);
    if (reply) list.replaceChildren(...reply.sections.map(sectionRow));
    else if (isNew)
      list.replaceChildren(
        node("li", {}, "No connection. This list fills in by itself when the workshop can be reached."),
      );
  };
  unfolded.addEventListener("toggle", look);
  clearInterval(state.outlining);
  state.outlining = setInterval(look, OUTLINE_EVERY);
  return unfolded;
}

const SECTION_SIGNS = { ready: "✓", begun: "◐", empty: "○" };
const sectionRow = ({ title, state: how, words }) =>
  node(
    "li",
    {},
    node("span", {}, title),
    node(
      "span",
      { class: "pw-how", "data-state": how },
      node("span", { "aria-hidden": "true" }, `${SECTION_SIGNS[how] ?? ""} `),
      words,
    ),
  );
