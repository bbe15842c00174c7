// How phones get in: the QR code, the address and the code to type; and who is here.

import { node } from "../shared/dom.js";
import { svgNode } from "../shared/svg.js";
import { asText } from "../shared/text.js";

function qrCode(rows) {
  const size = rows.length,
    quiet = 4;
  const dark = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map((run) =>
      svgNode("rect", { x: run.index + quiet, y: y + quiet, width: run[0].length, height: 1 }),
    ),
  );
  return svgNode(
    "svg",
    {
      viewBox: `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`,
      role: "img",
      "aria-label": "QR code: point a phone's camera at it",
      class: "pw-qr",
      "shape-rendering": "crispEdges",
    },
    svgNode("rect", { width: size + 2 * quiet, height: size + 2 * quiet, class: "pw-white" }),
    ...dark,
  );
}

export function joinLink(block) {
  const steps = [
    node(
      "p",
      { class: "pw-step" },
      block.qr.length ? "Point your phone's camera at the square. Or open" : "Open this address on your phone",
    ),
    node("p", { class: "pw-address" }, asText(block.address)),
    node("p", { class: "pw-why" }, asText(block.aloud)),
    node("p", { class: "pw-step" }, "and type the code"),
    node("p", { class: "pw-code" }, asText(block.code)),
  ];
  return node("div", { class: "pw-door" }, block.qr.length ? qrCode(block.qr) : null, node("div", {}, ...steps));
}

export const arrivalList = (block) =>
  node(
    "ul",
    { class: "pw-arrivals", "aria-label": "Who is here" },
    ...block.items.map((item) =>
      node("li", {}, node("strong", {}, asText(item.name)), " ", node("span", { class: "pw-why" }, asText(item.words))),
    ),
  );
