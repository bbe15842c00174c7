// The head of the page: where we are, how much time is left, what is wrong.

import { isKeptOnDevice } from "../form/form_in_page.js";
import { minutesAndSeconds } from "../shared/clock_words.js";
import { byId, setText } from "../shared/dom.js";
import { INSIDE, stageOf, state, timeLeft } from "./page_state.js";

const LONG_AWAY = 45000; // without a connection for so long, the address may have changed
export const isLongAway = () => state.away && (state.isAddressGone || Date.now() - state.awaySince > LONG_AWAY);

export function showHead() {
  const inside = Boolean(state.me) && INSIDE.includes(state.view);
  const title = state.view === "stage" ? stageOf(state.looking || state.room.stage)?.title : "";
  byId("top").hidden = false;
  setText(byId("where"), title || state.title);
  document.title = [title, state.title].filter(Boolean).join(" – ");
  showNotice(inside);
  showClock();
}

const NEW_QUESTIONS = "The facilitator changed the questions. Finish this answer to see the new ones.";

export function showNotice(inside) {
  const away = inside && state.away && state.view !== "ended";
  const closing =
    inside &&
    state.view === "stage" &&
    state.room?.state === "closing" &&
    (!state.looking || state.looking === state.room.stage);
  const words = away ? awayWords() : state.isTurnDue ? NEW_QUESTIONS : closing ? closingWords() : newsInWords();
  byId("notice").dataset.tone = away ? "" : "calm";
  byId("notice").hidden = !words;
  setText(byId("notice"), words);
}

function awayWords() {
  const waits = byId("unsent").hidden ? "" : " Unsent words are at the end of this page.";
  if (state.isAddressGone) return `The address has changed. Scan the code again.${waits}`;
  if (isLongAway()) return `No connection. If the network has changed, scan the code again.${waits}`;
  return isKeptOnDevice(byId("form"))
    ? "No connection. Keep writing: your words stay here."
    : "No connection. Keep writing, and leave this page open.";
}

// Closing softly closes nothing by itself: whoever writes has as long as the clock beside these words says.
const closingWords = () =>
  (timeLeft() ?? 0) > 0 ? "Please finish up. This part closes when the time is up." : "Please finish up now.";

export function showClock() {
  const remaining = timeLeft();
  byId("time").hidden = remaining === null || !state.me;
  if (remaining === null) return;
  const seconds = Math.max(0, Math.ceil(remaining / 1000));
  setText(byId("time"), seconds ? `${minutesAndSeconds(seconds)} left` : "Time is up");
  for (const minutes of [5, 1])
    if (seconds && seconds <= minutes * 60 && seconds > minutes * 60 - 20)
      speakOnce(`${minutes} ${minutes === 1 ? "minute" : "minutes"} left`);
}

export const speak = (words) => setText(byId("spoken"), words);

function speakOnce(words) {
  const key = `${state.room.deadline} ${words}`;
  if (state.spoken.has(key)) return;
  state.spoken.add(key);
  speak(words);
}

const newsInWords = () => (state.news?.isTrue() ? state.news.words : "");

// News stands for a while, and only as long as it is true.
export function inform(words, isTrue = () => true) {
  const news = { words, isTrue };
  state.news = news;
  showHead();
  setTimeout(() => {
    if (state.news !== news) return;
    state.news = null;
    showHead();
  }, 12000);
}
