// Puts blocks into a page. A block that stays the same stays untouched, and the focus stays where it was.

import { focusedElement, node } from "../shared/dom.js";

export function painter(page, host, draw) {
  let shown = [];
  return (blocks) => {
    const focused = page.contains(focusedElement()) ? focusedElement()?.dataset.key : undefined;
    blocks.forEach((block, place) => {
      const said = JSON.stringify(block);
      const old = page.children[place];
      if (shown[place] === said && old) return;
      shown[place] = said;
      if (old?.takes?.(block)) return;
      const made = draw(block, host) ?? node("span", {});
      old ? old.replaceWith(made) : page.append(made);
    });
    while (page.children.length > blocks.length) page.lastElementChild.remove();
    shown = shown.slice(0, blocks.length);
    if (focused) page.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
}
