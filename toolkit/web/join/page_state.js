// What the page knows.

import { focusedElement } from "../shared/dom.js";

export const voiceOf = (question) => state.model.get("voices")?.[question];
export const emptyEntry = () => ({ code: "", words: "", organization: "", name: "", table: false });

/** @type {any} */
const nobody = {
  view: "",
  key: "",
  title: "Workshop",
  organizations: [],
  organization: "",
  typed: emptyEntry(),
  joining: { said: "", id: "" },
  namesAt: 0,
  me: null,
  rejoin: "",
  newest: {},
  going: {},
  held: null,
  report: null,
  sheet: null,
  sheetDue: false,
  room: null,
  looking: "",
  values: {},
  model: null,
  skew: 0,
  stream: null,
  away: false,
  awaySince: 0,
  isAddressKnown: false,
  isAddressGone: false,
  isTurnDue: false,
  spoken: new Set(),
  voicesDue: undefined,
  voicesAt: 0,
  voicesAsked: 0,
  answersDue: undefined,
  isStale: false,
  helpSaid: "",
  askedWhoAt: 0,
  isGuarded: false,
  shownUnsent: "",
};

/** @type {PageState} */
export const state = nobody;

export const STEPS = ["code", "organization", "name", "rejoin"]; // the way in: Back goes one step back
export const INSIDE = ["waiting", "stage", "ended"];
export const isReportBack = () =>
  state.view === "stage" && Boolean(state.sheet?.report_back.includes(state.looking || state.room.stage));
export const stageOf = (id) => state.sheet?.stages.find((stage) => stage.id === id);
export const isOpen = () => ["open", "closing"].includes(state.room?.state);

// The time of the stage that is open; over any other page it would be nobody's.
export const timeLeft = () =>
  state.room?.deadline && isOpen() && !state.room.ended
    ? Date.parse(state.room.deadline) - (Date.now() + state.skew)
    : null;

/** @returns {HTMLElement | null | undefined} */
const questionOf = (element) => element?.closest?.("#form [data-question]");

// A question that somebody is in: what came from elsewhere waits until they leave it, and is let go when they wrote
// there.
export const focusedQuestion = () => questionOf(focusedElement())?.dataset.question ?? "";
