// What the server tells by itself.

import { takeAnswers, takeChange } from "./answers.js";
import { setReached } from "./connection.js";
import { showNaming } from "./draft.js";
import { inform } from "./head.js";
import { showHand } from "./help_status.js";
import { isReportBack, state } from "./page_state.js";
import { show } from "./page_view.js";
import { showCurrent, takeRoom } from "./room.js";
import { ask } from "./server.js";
import { Stream } from "./stream.js";
import { takeChangedVoices } from "./voices_request.js";

const WHO_EVERY = 5000;

function takeMe(update) {
  if (update.identity !== state.me.identity) return startOver();
  const before = state.me;
  Object.assign(state, {
    me: update,
    title: update.title,
    helpSaid: update.help === before.help ? state.helpSaid : "",
  });
  if (update.organization !== before.organization)
    inform(
      `The facilitator has put you under the name “${update.organization}”. Your answers are kept.`,
      () => state.me?.organization === update.organization,
    );
  if (update.organization !== before.organization || update.title !== before.title) showCurrent();
  else showHand();
}

// Whoever comes back gets the whole anew; how the draft calls people is only asked for once it is shown.
function takeWhole(update) {
  takeAnswers(update);
  if (!state.namingButton.hidden)
    void ask("GET", "api/naming")
      .then(takeNaming)
      .catch(() => {});
}

function takeNaming({ named }) {
  if (!state.namingButton.hidden) showNaming(named);
}

function takeVoices(changed) {
  takeChangedVoices(changed);
  if (isReportBack()) state.report.soon();
}

const UPDATES = {
  room: takeRoom,
  me: takeMe,
  answers: takeWhole,
  changed: takeChange,
  voices: takeVoices,
  naming: takeNaming,
  ballot: () => state.report.soon(),
  moved: () => state.stream.refresh(),
  beat() {},
};

// Another person came in on this browser, in another tab: this page begins anew as theirs.
function startOver() {
  state.isStale = true;
  location.reload();
}

async function checkIdentity() {
  if (!state.me || Date.now() - state.askedWhoAt < WHO_EVERY) return;
  state.askedWhoAt = Date.now();
  const me = await ask("GET", "api/me").catch(() => null);
  if (me && state.me && me.identity !== state.me.identity) startOver();
}

export function openStream() {
  state.stream?.close();
  state.stream = new Stream({
    url: "api/changes",
    kinds: Object.keys(UPDATES),
    identity: state.me.identity,
    reached: setReached,
    heard(kind, message, skew) {
      state.skew = skew;
      if (state.room || kind === "room") UPDATES[kind](message);
    },
    follows: () =>
      void ask("GET", "api/answers")
        .then((update) => {
          if (state.model) takeAnswers(update);
        })
        .catch(() => {}),
    refused: () => void checkSession(),
    others: () => void checkIdentity(),
  });
  state.stream.start();
}

async function checkSession() {
  const fault = await ask("GET", "api/me").then(
    () => null,
    (line) => line,
  );
  if (fault?.status === 401) show("again");
}
