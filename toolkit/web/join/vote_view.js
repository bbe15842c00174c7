// The vote: dots to give while it is open, one's own dots when it is closed, the result when it is shown.

import { node, setText } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { BALLOT } from "./report_back_keys.js";
import { REPORT_TEXTS } from "./report_back_texts.js";
import { dotCount, pointWords } from "./vote_parts.js";

const AFTER_LAST_PRESS = 400;

export function votePart(report) {
  return { open: () => openVote(report), closed: () => closedVote(report), shown: () => voteResult(report) }[
    report.shown.vote.state
  ]();
}

function ownDots(report) {
  const { points } = report.shown.vote;
  const sentDots = report.sender.pending.get(BALLOT)?.value?.dots;
  return Object.fromEntries(points.map(({ id, mine }) => [id, (sentDots ? sentDots[id] : mine) ?? 0]));
}

function openVote(report) {
  const { points, of } = report.shown.vote;
  const dots = ownDots(report);
  const remaining = of - Object.values(dots).reduce((sum, count) => sum + count, 0);
  const parts = [
    node("h2", { tabindex: "-1" }, REPORT_TEXTS.vote),
    node("p", {}, fill(report.me.table ? REPORT_TEXTS.tables : REPORT_TEXTS.yours, { of })),
    node("p", { class: "pw-quiet" }, REPORT_TEXTS.blind),
    points.length
      ? node("ul", { class: "pw-points" }, ...points.map((point) => votePoint(report, point, dots, remaining)))
      : node("p", {}, REPORT_TEXTS.nothing),
  ];
  const aloud = !points.length
    ? ""
    : fill(remaining ? REPORT_TEXTS.left : REPORT_TEXTS.none_left, { n: remaining, of });
  return { parts: [...parts, report.faultLine("vote")], aloud, sent: report.stateLine("vote", remaining < of) };
}

function votePoint(report, { id, title, lines, group }, dots, remaining) {
  const n = dots[id];
  const count = n ? fill(n === 1 ? REPORT_TEXTS.dot : REPORT_TEXTS.dots, { n }) : REPORT_TEXTS.no_dots;
  const dotsText = node(
    "span",
    { class: "pw-given" },
    node("span", { "aria-hidden": "true" }, "●".repeat(n) + "○".repeat(Math.max(0, report.shown.vote.of - n))),
    node("span", { class: "pw-away" }, count),
  );
  const less = report.button(`less ${id}`, "−", () => giveDot(report, id, -1), {
    "aria-label": fill(REPORT_TEXTS.less, { title }),
    "aria-disabled": String(!n),
  });
  const more = report.button(`more ${id}`, "+", () => giveDot(report, id, 1), {
    "aria-label": fill(REPORT_TEXTS.more, { title }),
    "aria-disabled": String(!remaining),
  });
  return node(
    "li",
    { class: "pw-point", "data-given": String(Boolean(n)) },
    pointWords(title, lines, group),
    node("div", { class: "pw-give" }, less, dotsText, more),
  );
}

// Counted when it is pressed: a button outlives what was drawn around it.
function giveDot(report, id, by) {
  const dots = ownDots(report);
  const all = Object.values(dots).reduce((sum, count) => sum + count, by);
  if (dots[id] + by < 0) return;
  if (all > report.shown.vote.of) return sayTooMany(report);
  delete report.fault.vote;
  const ballot = Object.fromEntries(Object.entries({ ...dots, [id]: dots[id] + by }).filter(([, n]) => n > 0));
  report.sender.note(BALLOT, { type: "vote", dots: ballot }, AFTER_LAST_PRESS);
}

function sayTooMany(report) {
  setText(report.vote.querySelector(".pw-aloud"), fill(REPORT_TEXTS.take_first, report.shown.vote));
  report.drawn.vote = "";
}

function closedVote(report) {
  const dots = ownDots(report);
  const mine = report.shown.vote.points.filter(({ id }) => dots[id]);
  const own = mine.length
    ? [
        node("h3", {}, REPORT_TEXTS.your_dots),
        node(
          "ul",
          { class: "pw-points" },
          ...mine.map(({ id, title, lines, group }) =>
            node("li", { class: "pw-point" }, pointWords(title, lines, group), dotCount(dots[id])),
          ),
        ),
      ]
    : [];
  return {
    parts: [
      node("h2", { tabindex: "-1" }, REPORT_TEXTS.closed),
      report.faultLine("vote"),
      node("p", {}, REPORT_TEXTS.closed_more),
      ...own,
    ],
    aloud: "",
    sent: report.stateLine("vote", false),
  };
}

function voteResult(report) {
  const { result } = report.shown.vote;
  const rows = result.map(({ place, title, who, words, share }) => {
    const bar = node("span", { class: "pw-count-bar", "aria-hidden": "true", hidden: share === null });
    bar.style.setProperty("--pw-share", `${100 * (share ?? 0)}%`);
    return node(
      "li",
      { class: "pw-point" },
      node("p", { class: "pw-point-title" }, node("span", { class: "pw-place" }, `${place}. `), title),
      who ? node("p", { class: "pw-quiet" }, who) : null,
      node("p", { class: "pw-tally" }, words),
      bar,
    );
  });
  return {
    parts: [
      node("h2", { tabindex: "-1" }, REPORT_TEXTS.result),
      report.faultLine("vote"),
      rows.length ? node("ul", { class: "pw-points" }, ...rows) : node("p", {}, REPORT_TEXTS.no_result),
    ],
    aloud: "",
  };
}
