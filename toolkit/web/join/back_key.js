// The browser's Back inside the workshop: from a stage that one looks at to where the room is, and a warning before it
// leaves the page.

import { inform } from "./head.js";
import { INSIDE, STEPS, state } from "./page_state.js";
import { show } from "./page_view.js";
import { lookAt } from "./room.js";

export function onBack(event) {
  const view = event.state?.view;
  if (STEPS.includes(state.view)) return STEPS.includes(view) ? show(view, "", true) : undefined;
  if (!INSIDE.includes(state.view) || event.state?.inside) return;
  state.isGuarded = false;
  if (state.looking) return lookAt("");
  inform(
    "You are still in the workshop. Press Back again to leave this page.",
    () => !state.isGuarded && INSIDE.includes(state.view),
  );
}

export function guardBack() {
  if (state.isGuarded || !INSIDE.includes(state.view)) return;
  state.isGuarded = true;
  if (!history.state?.inside) history.pushState({ inside: true }, "");
}
