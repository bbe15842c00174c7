// What had the focus before the form is drawn anew has it afterwards, when it is still there.

import { focusedElement } from "../shared/dom.js";
import { FIELDS } from "./fields.js";

export function keepFocus(form, draw) {
  const before = focusedElement();
  const container = form.root.contains(before) ? before?.closest("[data-question], [data-agree]") : null;
  const marker =
    container instanceof HTMLElement &&
    Object.entries(container.dataset).find(([name]) => ["question", "agree"].includes(name));
  draw();
  if (!marker) return;
  const again = [...form.body.children].find((child) => child.dataset[marker[0]] === marker[1]);
  const name = (element) =>
    [
      element.dataset.focus,
      element.type,
      element.value,
      element.getAttribute("aria-label"),
      element.textContent,
    ].join();
  const at = (element) => name(element) === name(before);
  [...(again?.querySelectorAll(FIELDS) ?? [])].find(at)?.focus({ preventScroll: true });
}
