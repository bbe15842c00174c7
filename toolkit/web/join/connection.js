// Whether the server could be reached last.

import { showHead } from "./head.js";
import { state } from "./page_state.js";
import { showUnsent } from "./unsent.js";

export const whenReached = [];

export function setReached(yes) {
  if (state.away === !yes) return;
  Object.assign(state, { away: !yes, awaySince: Date.now() });
  if (yes) whenReached.forEach((act) => act());
  showUnsent();
  showHead();
}
