// Forgets everything on this phone, when somebody asks for it twice.

import { node } from "../shared/dom.js";
import { forgetDevice } from "../shared/forget_device.js";
import { actionButton, paragraph } from "./page_parts.js";
import { emptyEntry, state } from "./page_state.js";
import { show } from "./page_view.js";
import { ask } from "./server.js";

export function forgetButton() {
  const container = node("div", { class: "pw-forget" });
  const first = actionButton(
    "Forget everything on this phone",
    () => container.replaceChildren(...sure()),
    "pw-second",
  );
  const sure = () => [
    paragraph(
      "This removes unsent answers and your return words from this phone, and takes it out of the workshop. " +
        "Answers that were saved stay with the facilitator.",
    ),
    node(
      "div",
      { class: "pw-row" },
      actionButton("Yes, forget everything", forgetEverything),
      actionButton("Cancel", () => container.replaceChildren(first), "pw-second"),
    ),
  ];
  container.append(first);
  return container;
}

// From here on nothing of this page is sent or kept any more.
async function forgetEverything() {
  state.stream?.close();
  await ask("POST", "api/leave").catch(() => {});
  state.isStale = true;
  state.leave?.();
  state.report?.close();
  await forgetDevice();
  Object.assign(state, {
    me: null,
    room: null,
    model: null,
    report: null,
    leave: null,
    rejoin: "",
    values: {},
    typed: emptyEntry(),
    isStale: false,
  });
  show("forgotten");
}
