// The board as a widget of the notebook: draws the model's blocks, and draws them again when they change.

import { node } from "../shared/dom.js";
import { watchForAnswers } from "./answer_watch.js";
import { drawBlock } from "./board.js";
import { askTime } from "./clock.js";
import { painter } from "./painter.js";

function renderBoard({ model, el }) {
  const page = node("section", { class: "pw pw-board" });
  const put = painter(page, model, drawBlock);
  const paint = () => put(model.get("blocks") ?? []);
  const stopAsking = askTime(model);
  model.on("change:blocks", paint);
  paint();
  el.append(page);
  const letGo = watchForAnswers(model, page);
  return () => {
    letGo();
    model.off("change:blocks", paint);
    stopAsking();
  };
}

export default { render: renderBoard };
