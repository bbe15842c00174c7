// Asks for help, or takes it back.

import { setReached } from "./connection.js";
import { NOT_ASKED, STILL_UP, sayHelp } from "./help_status.js";
import { state } from "./page_state.js";
import { leaveIfOut } from "./room.js";
import { Refusal, ask } from "./server.js";

export async function changeHelp() {
  sayHelp(state.me.help ? "Taking your hand down…" : "Asking for help…");
  try {
    const reply = await ask("POST", "api/help", { asks: !state.me.help });
    state.me.help = reply.asks;
    sayHelp("");
  } catch (fault) {
    sayHelp(fault instanceof Refusal ? fault.message : state.me.help ? STILL_UP : NOT_ASKED);
    if (!(fault instanceof Refusal)) setReached(false);
    leaveIfOut(fault);
  }
}
