// What the button for help says.

import { setText } from "../shared/dom.js";
import { state } from "./page_state.js";

export function showHand() {
  if (!state.handButton) return;
  const { help } = state.me;
  const ended = Boolean(state.room?.ended);
  setText(state.helpTold, ended ? "" : state.helpSaid || (help ? "The facilitator sees that you need help." : ""));
  setText(state.handButton, help ? "Hand is up – take it down" : "Raise a hand for help");
  state.handButton.setAttribute("aria-pressed", String(help));
  state.handButton.hidden = ended;
}

export const STILL_UP = "No connection, so your hand is still up. This page tries again by itself.";
export const NOT_ASKED =
  "No connection, so the facilitator does not know yet that you need help. " +
  "This page tries again by itself. Or call out.";

export function sayHelp(words) {
  state.helpSaid = words;
  showHand();
}
