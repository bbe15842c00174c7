// A bar that says how much is done.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";

export function progressBar(block) {
  const share = block.of ? Math.round((100 * block.done) / block.of) : 0;
  const filled = node("div", { class: "pw-filled" });
  filled.style.inlineSize = `${share}%`;
  return node(
    "div",
    {},
    node("p", { role: "status" }, asText(block.words)),
    node(
      "div",
      {
        class: "pw-track",
        role: "progressbar",
        "aria-label": asText(block.label),
        "aria-valuemin": "0",
        "aria-valuemax": String(block.of),
        "aria-valuenow": String(block.done),
      },
      filled,
    ),
  );
}
