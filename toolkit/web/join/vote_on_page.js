// Where the report-back stands on the page, so that a field that somebody is in stays where it is.

import { byId } from "../shared/dom.js";
import { inform } from "./head.js";
import { INSIDE, isReportBack, state } from "./page_state.js";

export function showReportBack() {
  const inside = INSIDE.includes(state.view);
  const isResult = state.room?.vote === "shown";
  const belongs = state.view === "ended" ? isResult : state.view === "stage" && isResult ? isReportBack() : true;
  const vote = inside && Boolean(state.room?.vote) && belongs;
  state.report?.want({ vote, release: isReportBack() });
}

// What comes or goes above a field that somebody is in moves the page, not the field; where the browser has not done so
// by itself, once it has drawn.
export function keepFieldInPlace(draw) {
  const field = document.activeElement?.closest?.("#form") ? document.activeElement : null;
  if (!field) return draw();
  const before = field.getBoundingClientRect().top;
  draw();
  const settleField = () => {
    if (field === document.activeElement) scrollBy(0, field.getBoundingClientRect().top - before);
  };
  if (field.getBoundingClientRect().top !== before) requestAnimationFrame(() => requestAnimationFrame(settleField));
}

const VOTE_NEWS = {
  open: "The vote is open: it is at the top of this page.",
  closed: "The vote is closed.",
  shown: "The result of the vote is at the top of this page.",
};

// Who is writing is not interrupted; everybody else is brought there.
export function onVoteChange(shows) {
  if (document.activeElement?.closest?.("#form"))
    return inform(VOTE_NEWS[shows], () => state.room?.vote === shows && !byId("vote").hidden);
  byId("vote").querySelector("h2")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}
