// What had the focus before the form is drawn anew has it afterwards, when it is still there.

import { focusedElement } from "../shared/dom.js";
import { FIELDS } from "./fields.js";

export function keepFocus(form, draw) {
  const before = focusedElement();
  const place = form.root.contains(before) ? before?.closest("[data-question], [data-agree]") : null;
  const marker =
    place instanceof HTMLElement &&
    Object.entries(place.dataset).find(([name]) => ["question", "agree"].includes(name));
  draw();
  if (!marker) return;
  const again = [...form.body.children].find((each) => each.dataset[marker[0]] === marker[1]);
  const name = (each) =>
    [each.dataset.focus, each.type, each.value, each.getAttribute("aria-label"), each.textContent].join();
  const at = (each) => name(each) === name(before);
  [...(again?.querySelectorAll(FIELDS) ?? [])].find(at)?.focus({ preventScroll: true });
}
