// Wordings to look at again, below the field: said once somebody has left it.

import { node } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { isOther } from "../shared/values.js";

// What people typed, not what they only chose.
export function hasOwnWords(kind, value) {
  if (["text", "long_text", "list"].includes(kind)) return value != null;
  return isOther(value) || (Array.isArray(value) && value.some(isOther));
}

export function cautionList(texts, leave) {
  const box = node("div", { class: "pw-cautions", "aria-live": "polite" });
  const one = (caution) => {
    const press = node("button", { type: "button", class: "pw-button" }, texts.leave_it);
    press.addEventListener("click", () => leave(caution));
    const narrower = caution.narrower && node("p", {}, node("strong", {}, texts.narrower), ` ${caution.narrower}`);
    return node("div", { class: "pw-caution" }, node("p", {}, fill(texts.look_at, caution)), narrower, press);
  };
  return { node: box, show: (cautions) => box.replaceChildren(...cautions.map(one)) };
}
