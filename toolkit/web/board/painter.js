// Puts blocks into a page. A block that stays the same stays untouched, and the focus stays where it was.

import { focusedElement, node } from "../shared/dom.js";

export function painter(page, host, draw) {
  let shownKeys = [];
  return (blocks) => {
    const focused = page.contains(focusedElement()) ? focusedElement()?.dataset.key : undefined;
    blocks.forEach((block, index) => {
      const key = JSON.stringify(block);
      const old = page.children[index];
      if (shownKeys[index] === key && old) return;
      shownKeys[index] = key;
      if (old?.takes?.(block)) return;
      const element = draw(block, host) ?? node("span", {});
      old ? old.replaceWith(element) : page.append(element);
    });
    while (page.children.length > blocks.length) page.lastElementChild.remove();
    shownKeys = shownKeys.slice(0, blocks.length);
    if (focused) page.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
}
