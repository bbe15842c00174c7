// The clock of a stage: counted down from one deadline, by the time of the workshop's own computer.

import { minutesAndSeconds } from "../shared/clock_words.js";
import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { BOARD_ID } from "./board_id.js";

const clockOffsets = new WeakMap();

// Asks the workshop's computer what time it is: a page may have been filled long before it is looked at. Only the
// answer to this very question counts: other tabs, and the look whether anyone is there, bring answers of their own.
export function askTime(host) {
  const requests = new Map();
  const ask = () => {
    const id = `${BOARD_ID}-${Math.random().toString(36).slice(2, 10)}`;
    requests.set(id, performance.now());
    host.send({ type: "time", id });
  };
  const onMessage = (message) => {
    if (message?.type !== "time" || !requests.has(message.id)) return;
    const took = performance.now() - requests.get(message.id);
    requests.delete(message.id);
    clockOffsets.set(host, message.now + took / 2 - Date.now());
  };
  const look = () => {
    if (!document.hidden) ask();
  };
  host.on("msg:custom", onMessage);
  document.addEventListener("visibilitychange", look);
  ask();
  return () => {
    host.off("msg:custom", onMessage);
    document.removeEventListener("visibilitychange", look);
  };
}

/** @type {[number, string][]} */
const TIME_WARNINGS = [
  [300, "5 minutes left."],
  [60, "1 minute left."],
  [0, "Time is up."],
];

export function stageTimer(block, host) {
  if (!block.deadline) return node("p", { class: "pw-tone", "data-tone": "quiet" }, asText(block.none));
  const clock = node("span", { class: "pw-clock", role: "timer", "aria-label": asText(block.label) });
  const spoken = node("span", { class: "pw-away", role: "status" });
  const over = node("span", { class: "pw-over", hidden: "hidden" }, "Time is up");
  const element = node(
    "div",
    { class: "pw-timer" },
    node("span", { class: "pw-label", "aria-hidden": "true" }, asText(block.label)),
    clock,
    over,
    spoken,
  );
  const end = Date.parse(block.deadline);
  /** @type {number | null} */
  /** @type {number | null} */
  let before = null;
  let isNear = false;
  const tick = () => {
    isNear ||= element.isConnected;
    if (isNear && !element.isConnected) return clearInterval(running);
    const remaining = (end - Date.now() - (clockOffsets.get(host) ?? 0)) / 1000;
    clock.textContent = minutesAndSeconds(remaining);
    over.hidden = remaining > 0;
    element.dataset.near = remaining <= 0 ? "over" : remaining <= block.soon ? "soon" : "";
    for (const [mark, words] of TIME_WARNINGS)
      if (before !== null && before > mark && remaining <= mark) spoken.textContent = words;
    before = remaining;
  };
  const running = setInterval(tick, 250);
  tick();
  return element;
}
