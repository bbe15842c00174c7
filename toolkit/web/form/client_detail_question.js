// The question whether a client detail may stay: drawn once at a field, it shows the newest find.

import { node, setText } from "../shared/dom.js";
import { fill } from "../shared/text.js";

export function clientDetailQuestion(texts, change, keep) {
  const says = node("p", { class: "pw-asked" });
  const buttons = [
    ["change_it", change],
    ["keep_it", keep],
  ].map(([name, act]) => {
    const button = node("button", { type: "button", class: "pw-button" }, texts[name]);
    button.addEventListener("click", act);
    return button;
  });
  const box = node(
    "div",
    { class: "pw-tripwire", role: "group", hidden: true },
    says,
    node("div", { class: "pw-buttons" }, ...buttons),
  );
  says.setAttribute("role", "alert");
  return {
    node: box,
    show(hit) {
      box.hidden = !hit;
      setText(says, hit ? `${fill(texts.tripped, hit)} ${hit.why}` : "");
    },
  };
}
