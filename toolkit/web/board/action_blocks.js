// Buttons on a board: a single action, links to sections, a question to confirm, requests for help.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { onChoice, pressButton, scrollIntoView } from "./choices.js";

// Its place is always there and always of one size: who asks for help moves no button.
export const helpRequests = (block, host) =>
  node(
    "section",
    {
      class: "pw-hands",
      tabindex: block.items.length > 1 ? "0" : "",
      "data-some": block.items.length ? "true" : "",
      "aria-label": "Help requests",
    },
    node("h3", {}, block.items.length ? `Help requests (${block.items.length})` : "Help requests"),
    block.items.length ? null : node("p", { class: "pw-why" }, "No one is asking for help."),
    node(
      "ul",
      {},
      ...block.items.map((item) =>
        node(
          "li",
          {},
          node("span", { title: asText(item.words) }, asText(item.words)),
          pressButton("Helped", `${block.id}/${item.id}`, onChoice(host, block.id, item.id), {
            class: "pw-second",
            "aria-label": `Helped: ${item.words}`,
          }),
        ),
      ),
    ),
  );

export const sectionLinks = (block, host) =>
  node(
    "nav",
    { class: "pw-sections", "aria-label": asText(block.label) },
    ...block.items.map((item) =>
      pressButton(item.words, `${block.id}/${item.id}`, onChoice(host, block.id, item.id), {
        "aria-current": item.id === block.value ? "true" : "",
      }),
    ),
  );
export const actionBlock = (block, host) =>
  node(
    "div",
    {},
    pressButton(block.words, `${block.id}/${block.value}`, onChoice(host, block.id, block.value), {
      class: block.second ? "pw-second" : "",
    }),
  );
export const confirmation = (block, host) =>
  (block.calm ? (element) => element : scrollIntoView)(
    node(
      "div",
      { class: block.calm ? "" : "pw-ask" },
      node("p", {}, asText(block.words)),
      node(
        "div",
        { class: "pw-answers" },
        ...block.items.map((item, index) =>
          pressButton(item.words, `${item.id}/${item.value}`, onChoice(host, item.id, item.value), {
            class: index || block.second ? "pw-second" : "",
          }),
        ),
      ),
    ),
    host,
  );
