// Cards of which one is chosen.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { BOARD_ID } from "./board_id.js";
import { sendChoice } from "./choices.js";

let choiceCount = 0;

// A card that was refused is not the chosen one: when nothing new has come by then, what was chosen before is shown.
const DECIDED_AFTER = 3000;

export function choiceCards(block, host) {
  const group = `pw-choose-${BOARD_ID}-${choiceCount++}`;
  const inputs = [];
  const asDecided = () =>
    inputs.forEach((input) => {
      input.checked = input.value === asText(block.value);
    });
  const cards = block.options.map((option, index) => {
    const id = `${group}-${index}`;
    const input = node("input", {
      type: "radio",
      name: group,
      id,
      value: asText(option.id),
      "aria-describedby": `${id}-more`,
    });
    input.checked = option.id === block.value;
    input.dataset.key = `${block.id}/${option.id}`;
    input.addEventListener("change", () => {
      sendChoice(host, block.id, option.id);
      setTimeout(asDecided, DECIDED_AFTER);
    });
    inputs.push(input);
    return node(
      "div",
      { class: "pw-pick" },
      input,
      node("label", { for: id }, asText(option.title)),
      node(
        "p",
        { id: `${id}-more` },
        asText(option.words),
        option.more ? node("span", { class: "pw-why" }, asText(option.more)) : null,
      ),
    );
  });
  return node("fieldset", {}, node("legend", {}, asText(block.legend)), node("div", { class: "pw-picks" }, ...cards));
}
