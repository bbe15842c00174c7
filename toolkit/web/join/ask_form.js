// A small form on the way in: what is pressed answers at once, also when the server does not.

import { node, setText } from "../shared/dom.js";
import { speak } from "./head.js";
import { MOMENT } from "./page_parts.js";
import { state } from "./page_state.js";
import { show } from "./page_view.js";
import { faultInWords } from "./server.js";

export function askForm(submit, ...children) {
  const form = node("form", { class: "pw-ask-form", novalidate: true }, ...children);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const press = form.querySelector("[type=submit]");
    const words = press.textContent;
    press.disabled = true;
    setText(press, MOMENT);
    speak(MOMENT);
    await submit().catch((fault) => (fault.status === 410 ? show("over") : show(state.view, faultInWords(fault))));
    press.disabled = false;
    setText(press, words);
    speak("");
  });
  return form;
}
