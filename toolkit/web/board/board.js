// The table of all blocks that a board can show, and how each is drawn.
// Its law: every word is put on the page as text, never as markup.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { actionBlock, confirmation, helpRequests, sectionLinks } from "./action_blocks.js";
import { choiceCards } from "./choice_cards.js";
import { stageTimer } from "./clock.js";
import { figure } from "./figure.js";
import { arrivalList, joinLink } from "./join_link.js";
import { progressBar } from "./progress_bar.js";
import { projectorDialog } from "./projector.js";
import { ballot, lineColumn, rankList } from "./report_back_blocks.js";
import { speakingNotes, stageState, tallyList, turnList } from "./stage_blocks.js";
import { dataTable, fileList, progressMatrix } from "./tables.js";

const DRAW = {
  heading: (block) => node(block.level === 3 ? "h3" : "h2", {}, asText(block.words)),
  text: (block) =>
    node(
      "p",
      {
        class: "pw-tone",
        "data-tone": asText(block.tone),
        role: block.tone === "good" || block.tone === "note" ? "status" : "",
      },
      asText(block.words),
    ),
  empty: (block) =>
    node("div", { class: "pw-empty" }, node("strong", {}, asText(block.words)), node("p", {}, asText(block.next))),
  list: (block) => node(block.ordered ? "ol" : "ul", {}, ...block.items.map((item) => node("li", {}, asText(item)))),
  files: (block) => fileList(block),
  facts: (block) =>
    node(
      "dl",
      {},
      ...block.items.map(([name, words]) =>
        node("div", {}, node("dt", {}, asText(name)), node("dd", {}, asText(words))),
      ),
    ),
  table: dataTable,
  progress: progressMatrix,
  bar: progressBar,
  choose: choiceCards,
  sections: sectionLinks,
  action: actionBlock,
  ask: confirmation,
  timer: stageTimer,
  door: joinLink,
  arrivals: arrivalList,
  stage: stageState,
  say: speakingNotes,
  hands: helpRequests,
  lines: lineColumn,
  dots: ballot,
  ranks: rankList,
  tally: tallyList,
  turns: turnList,
  projector: projectorDialog,
  picture: figure,
};

export function drawBlock(block, host) {
  const element = block && DRAW[block.type] ? DRAW[block.type](block, host, drawBlock) : null;
  if (element) element.classList.add("pw-block");
  return element;
}
