// What is drawn becomes what is there: nodes stay where they can, so that no press, no focus and no word said aloud is
// lost.

import { setText } from "./dom.js";

export function patchChildren(place, wanted) {
  const keyed = new Map(
    [...place.children].filter((each) => each.dataset.focus).map((each) => [each.dataset.focus, each]),
  );
  wanted.forEach((made, at) => {
    const there = place.childNodes[at];
    const old = made.dataset?.focus ? keyed.get(made.dataset.focus) : there;
    if (!old || old.nodeName !== made.nodeName || (old.dataset?.focus ?? "") !== (made.dataset?.focus ?? ""))
      return there ? there.before(made) : place.append(made);
    if (old !== there) there.before(old);
    patchNode(old, made);
  });
  while (place.childNodes.length > wanted.length) place.lastChild.remove();
}

function patchNode(old, made) {
  if (old.nodeType === Node.TEXT_NODE) return setText(old, made.data);
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of made.attributes)
    if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
  // The page's policy takes no style as an attribute.
  if (made.style.cssText !== old.style.cssText) old.style.cssText = made.style.cssText;
  patchChildren(old, [...made.childNodes]);
}
