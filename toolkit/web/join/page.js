// The join page: brings a phone into the room, and is the host of the form there.
// Its law: what the page says about saving is what the server has said.

import { byId } from "../shared/dom.js";
import { guardBack, onBack } from "./back_key.js";
import { whenReached } from "./connection.js";
import { start } from "./entry.js";
import { codeView, nameView, organizationView, refreshOrganizations, rejoinView } from "./entry_views.js";
import { forgetButton } from "./forget.js";
import { showClock, showNotice } from "./head.js";
import { changeHelp } from "./help_request.js";
import { NOT_ASKED, STILL_UP } from "./help_status.js";
import { INSIDE, state } from "./page_state.js";
import { VIEWS } from "./page_view.js";
import { mayRedraw, showCurrent, showPostponed } from "./room.js";
import {
  endedView,
  forgottenView,
  overView,
  signedOutView,
  stageView,
  unreachableView,
  waitingView,
} from "./status_views.js";
import { isUnsentShown, showUnsent } from "./unsent.js";

function tick() {
  void refreshOrganizations();
  if (!state.me || !state.room) return;
  showClock();
  if (state.isTurnDue && mayRedraw()) showCurrent();
  if (isUnsentShown() || state.away) showUnsent();
  showNotice(INSIDE.includes(state.view));
}

whenReached.push(() => {
  if ([STILL_UP, NOT_ASKED].includes(state.helpSaid)) void changeHelp();
});

Object.assign(VIEWS, {
  code: codeView,
  organization: organizationView,
  name: nameView,
  rejoin: rejoinView,
  again: signedOutView,
  over: overView,
  forgotten: forgottenView,
  waiting: waitingView,
  stage: stageView,
  ended: endedView,
  unreachable: unreachableView,
  forgetting: forgetButton,
});

byId("form").addEventListener("focusout", () => setTimeout(showPostponed));

window.addEventListener("hashchange", start);

window.addEventListener("popstate", onBack);

window.addEventListener("pointerdown", guardBack);

window.addEventListener("keydown", guardBack);

new ResizeObserver(() => document.body.style.setProperty("--pw-top", `${byId("top").offsetHeight}px`)).observe(
  byId("top"),
);

setInterval(tick, 500);

start();

document.documentElement.dataset.started = ""; // old.js waits for it
