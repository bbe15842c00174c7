// What is drawn becomes what is there: nodes stay where they can, so that no press, no focus and no word said aloud is
// lost.

import { setText } from "./dom.js";

export function patchChildren(container, nodes) {
  const keyed = new Map(
    [...container.children].filter((child) => child.dataset.focus).map((child) => [child.dataset.focus, child]),
  );
  nodes.forEach((element, at) => {
    const there = container.childNodes[at];
    const old = element.dataset?.focus ? keyed.get(element.dataset.focus) : there;
    if (!old || old.nodeName !== element.nodeName || (old.dataset?.focus ?? "") !== (element.dataset?.focus ?? ""))
      return there ? there.before(element) : container.append(element);
    if (old !== there) there.before(old);
    patchNode(old, element);
  });
  while (container.childNodes.length > nodes.length) container.lastChild.remove();
}

function patchNode(old, element) {
  if (old.nodeType === Node.TEXT_NODE) return setText(old, element.data);
  for (const { name } of [...old.attributes]) if (!element.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of element.attributes)
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  // The page's policy takes no style as an attribute.
  if (element.style.cssText !== old.style.cssText) old.style.cssText = element.style.cssText;
  patchChildren(old, [...element.childNodes]);
}
