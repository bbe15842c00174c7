// Shows a view in the main part of the page; the focus goes to its heading.

import { byId } from "../shared/dom.js";
import { showHead } from "./head.js";
import { unbroken } from "./page_parts.js";
import { INSIDE, STEPS, state } from "./page_state.js";
import { showUnsent } from "./unsent.js";
import { showReportBack } from "./vote_on_page.js";

export const VIEWS = {};

export function show(view, notice = "", isBack = false) {
  const moved = state.view !== view;
  if (moved && STEPS.includes(view) && !isBack)
    history[STEPS.includes(state.view) ? "pushState" : "replaceState"]({ view }, "");
  state.view = view;
  document.body.dataset.view = view;
  byId("main").replaceChildren(...VIEWS[view](notice).filter(Boolean));
  byId("form").hidden = view !== "stage";
  byId("foot").hidden = !INSIDE.includes(view);
  if (moved) byId("leaving").replaceChildren(...(view === "ended" ? [VIEWS.forgetting()] : []));
  showReportBack();
  showUnsent();
  showHead();
  showReturnWords();
  if (moved) focusHeading();
  /** @type {HTMLElement | null} */
  const wrong = byId("main").querySelector(".pw-wrong");
  /** @type {HTMLElement | null} */
  const field = byId("main").querySelector("[aria-invalid]");
  if (wrong) (field ?? wrong).focus();
}

function focusHeading() {
  /** @type {HTMLElement | null} */
  const heading = document.querySelector(state.view === "stage" ? "#form .pw-title" : "#main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// The waiting page shows them large.
function showReturnWords() {
  if (!state.wordsTold) return;
  state.wordsTold.replaceChildren(
    ...(state.rejoin
      ? ["If you change to another phone, these three words bring your answers there: ", unbroken(state.rejoin)]
      : []),
  );
  state.wordsTold.hidden = !state.rejoin || state.view !== "stage";
}
