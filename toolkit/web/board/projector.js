// The dialog that the room sees, above everything else on the page.

import { node } from "../shared/dom.js";
import { asText } from "../shared/text.js";
import { pressButton } from "./choices.js";
import { painter } from "./painter.js";

const PROJECTOR_KEY = "policy-workshop/projector";

// A window that the room sees shows the room's view again after it was loaded again, never the facilitator's own page.
const projectorMemory = {
  remember(yes) {
    try {
      sessionStorage[yes ? "setItem" : "removeItem"](PROJECTOR_KEY, "yes");
    } catch {
      /* storage is switched off */
    }
  },
  get before() {
    try {
      return sessionStorage.getItem(PROJECTOR_KEY) === "yes";
    } catch {
      return false;
    }
  },
};

// A dialog stands above everything else on the page, whatever the page around it does; Escape leads back.
export function projectorDialog(block, host, draw) {
  const ways = node("div", {});
  const page = node("div", { class: "pw-scene" });
  const putWays = painter(ways, host, draw);
  const put = painter(page, host, draw);
  const name = node("h2", { class: "pw-away" });
  const dialog = node(
    "dialog",
    { class: "pw-projector", "aria-label": "Projector" },
    name,
    page,
    node(
      "div",
      { class: "pw-foot" },
      ways,
      pressButton(block.close, "close", () => dialog.close(), { class: "pw-second", autofocus: "autofocus" }),
    ),
  );
  const open = () => {
    dialog.showModal();
    dialog.scrollTop = 0;
    projectorMemory.remember(true);
  };
  dialog.addEventListener("close", () => projectorMemory.remember(false));
  const element = node(
    "div",
    { class: "pw-beside" },
    pressButton(block.words, "projector", open, { class: "pw-second" }),
    dialog,
  );
  if (projectorMemory.before)
    requestAnimationFrame(() => {
      if (dialog.isConnected && !dialog.open) open();
    });
  element.takes = (next) => {
    if (next.type !== "projector") return false;
    if (page.dataset.scene !== next.ways.value) dialog.scrollTop = 0;
    page.dataset.scene = asText(next.ways.value);
    name.textContent = asText(next.ways.items.find((option) => option.id === next.ways.value)?.words);
    putWays([next.ways]);
    put(next.blocks);
    return true;
  };
  element.takes(block);
  return element;
}
