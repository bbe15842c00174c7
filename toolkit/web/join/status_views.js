// The views of the waiting page, a stage, the end, and of who is not in the workshop any more.

import { node } from "../shared/dom.js";
import { forgetButton } from "./forget.js";
import { actionButton, pageHeading, paragraph, unbroken } from "./page_parts.js";
import { isOpen, stageOf, state } from "./page_state.js";
import { show } from "./page_view.js";
import { lookAt } from "./room.js";

export function signedOutView() {
  state.stream?.close();
  return [
    pageHeading("This device is not in the workshop any more"),
    paragraph(
      "Come in again with the code on the screen and your three words. " +
        "What was not sent yet is kept on this device, and is sent when you are back.",
    ),
    node(
      "div",
      { class: "pw-row" },
      actionButton("Come in again", () => show("code")),
    ),
    forgetButton(),
  ];
}

// Who comes after the end, and is not known on this device.
export function overView() {
  return [
    pageHeading("The workshop has ended"),
    paragraph(
      "It is not possible to join any more. If you took part, ask the facilitator for your organization's draft.",
    ),
  ];
}

export function unreachableView(notice) {
  if (notice)
    return [
      pageHeading("One moment, please"),
      paragraph(notice),
      paragraph("This page tries again by itself.", "pw-quiet"),
    ];
  return [
    pageHeading("The workshop cannot be reached"),
    paragraph("Check that this device is on the wifi of the room. This page tries again by itself."),
    paragraph("If the facilitator has moved to another network, scan the code again.", "pw-quiet"),
    paragraph("If it stays like this, tell the facilitator: some wifi keeps devices apart.", "pw-quiet"),
  ];
}

export function waitingView() {
  const rules = state.sheet?.rules ?? [];
  const openedStages = (state.room?.opened ?? []).flatMap((id) => stageOf(id) ?? []);
  const first = state.room?.opened.length
    ? "That stage is closed"
    : ["You're in", state.me.name].filter(Boolean).join(", ");
  const then = state.room?.opened.length
    ? "The next one opens here by itself. Until then you can still read and change what you wrote."
    : "The first questions open here by themselves. You need not do anything.";
  return [
    pageHeading(first),
    paragraph(deviceOwner()),
    paragraph(then),
    ...openedStages.map((stage) =>
      node(
        "div",
        { class: "pw-row" },
        actionButton(`Look at “${stage.title}”`, () => lookAt(stage.id), "pw-second"),
      ),
    ),
    returnWordsLine(),
    rules.length && node("h2", {}, "What we keep to"),
    rules.length && node("ul", {}, ...rules.map((rule) => node("li", {}, rule))),
  ];
}

const deviceOwner = () =>
  state.me.table ? `Shared device for ${state.me.organization}` : `Organization: ${state.me.organization}`;
const returnWordsLine = () =>
  state.rejoin &&
  node(
    "p",
    { class: "pw-words" },
    "If you change to another phone, these three words bring your answers there. Write them down.",
    unbroken(state.rejoin, "strong"),
  );

export function stageView() {
  const current = state.room.stage;
  const opened = isOpen() && stageOf(current);
  const elsewhere = state.looking && state.looking !== current;
  const words = opened ? `Go to “${opened.title}”, which is open now` : "Back to the waiting page";
  return [
    node("h1", { class: "pw-away" }, state.title),
    (elsewhere || (state.looking && !isOpen())) && actionButton(words, () => lookAt("")),
  ];
}

export function endedView() {
  return [
    pageHeading("The workshop has ended"),
    paragraph(
      `Thank you. What ${state.me.organization} wrote is in your draft. ` +
        "Take it home with the button “Our draft (Word)” below.",
    ),
  ];
}

export function forgottenView() {
  return [
    pageHeading("This phone has forgotten the workshop"),
    paragraph("Unsent answers and return words were removed. You can close this page."),
  ];
}
