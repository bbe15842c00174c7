// Tells on the page when nothing behind it has answered for a while.
// Where our part of JupyterLab is there, it then loads the page again.

import { node } from "../shared/dom.js";

const ANSWER_WATCH = Symbol.for("policy-workshop/alive"); // one for all boards of the page: any answer counts

const ASK_EVERY = 5000;
const MOST_MISSED = 4;
const NO_ANSWER = "policy-workshop/no-answer";

export function watchForAnswers(host, page) {
  const alive = (globalThis[ANSWER_WATCH] ??= { missed: 0, asked: 0, note: null });
  const onTime = () => {
    alive.missed = 0;
    alive.note?.remove();
    alive.note = null;
  };
  const look = () => {
    if (!page.isConnected) return;
    if (document.documentElement.dataset.noConnection) return; // JupyterLab's own page says so, and waits for it
    if (Date.now() - alive.asked < ASK_EVERY) return;
    Object.assign(alive, { asked: Date.now(), missed: alive.missed + 1 });
    if (alive.missed > MOST_MISSED && !alive.note) {
      page.before((alive.note = noAnswerNotice()));
      dispatchEvent(new CustomEvent(NO_ANSWER));
    }
    try {
      host.send({ type: "time" });
    } catch {
      /* it is gone, and that is what we are finding out */
    }
  };
  const looking = setInterval(look, 1000);
  host.on("msg:custom", onTime);
  host.on("change:blocks", onTime);
  return () => {
    clearInterval(looking);
    host.off("msg:custom", onTime);
    host.off("change:blocks", onTime);
  };
}

function noAnswerNotice() {
  const again = node("button", { type: "button" }, "Load this page again");
  again.addEventListener("click", () => location.reload());
  const words = "This page has had no answer for a while, so its buttons may do nothing. What was saved is kept.";
  return node("div", { class: "pw pw-board pw-gone", role: "alert" }, node("p", {}, words), again);
}
