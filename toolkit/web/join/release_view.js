// Our lines for the room, and whether the room may see them.

import { node } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { RELEASE } from "./report_back_keys.js";
import { REPORT_TEXTS } from "./report_back_texts.js";

export function releasePart(report) {
  const { lines, any, yes, changed } = report.shown.release;
  const sentRelease = report.sender.pending.get(RELEASE)?.value;
  const stands = sentRelease ? sentRelease.yes : yes;
  const rows = lines.map(({ title, words, lacks }) =>
    node(
      "div",
      {},
      node("dt", {}, title),
      node("dd", { class: words ? "" : "pw-quiet" }, words || REPORT_TEXTS.lacks[lacks]),
    ),
  );
  const say = (name, words, value) =>
    report.button(name, words, () => decideRelease(report, value), { "aria-pressed": String(stands === value) });
  const buttons =
    any || yes
      ? [node("div", { class: "pw-row" }, say("yes", REPORT_TEXTS.yes, true), say("no", REPORT_TEXTS.no, false))]
      : [];
  const anew =
    stands && changed && any && !sentRelease
      ? node(
          "div",
          { class: "pw-row" },
          report.button("again", REPORT_TEXTS.again, () => decideRelease(report, true)),
        )
      : null;
  const parts = [
    node("h2", { tabindex: "-1" }, REPORT_TEXTS.may),
    node("dl", {}, ...rows),
    node(
      "p",
      { class: "pw-quiet" },
      any ? REPORT_TEXTS.who_decides : REPORT_TEXTS.first[lines.find((line) => line.lacks)?.lacks ?? ""],
    ),
    ...buttons,
  ];
  return {
    parts,
    aloud: any || yes ? releaseState(report, sentRelease) : "",
    sent: report.stateLine("release", false),
    after: [anew, report.faultLine("release")],
  };
}

function releaseState(report, sentRelease) {
  const { yes, who, changed, on_board } = report.shown.release;
  if (sentRelease || !yes) return sentRelease?.yes ? "" : REPORT_TEXTS.nobody;
  return fill(changed ? REPORT_TEXTS.changed : on_board ? REPORT_TEXTS.on_board : REPORT_TEXTS.said_yes, {
    who: changed && who === "You" ? "you" : who || "A colleague",
  });
}

function decideRelease(report, yes) {
  delete report.fault.release;
  const { mark } = report.shown.release;
  report.sender.note(RELEASE, { type: "release", yes, mark: yes ? mark : "" }, 0);
  report.sender.sendNow(RELEASE);
}
