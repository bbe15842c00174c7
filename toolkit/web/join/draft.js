// Our draft in Word: it is written when it is asked for, and calls people by name or not.

import { node, setText } from "../shared/dom.js";
import { MOMENT } from "./page_parts.js";
import { state } from "./page_state.js";
import { Refusal, ask, faultInWords } from "./server.js";

const DRAFT_TIMEOUT = 60000; // a draft is written when it is asked for, and others may have asked before

export async function downloadDraft() {
  state.takeButton.disabled = true;
  setText(state.footTold, "Writing your draft …");
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), DRAFT_TIMEOUT);
  try {
    const answer = await fetch("api/draft.docx", { signal: stop.signal });
    if (!answer.ok) throw new Refusal(answer.status, (await answer.json().catch(() => ({}))).says);
    saveFile(await answer.blob(), answer.headers.get("content-disposition"));
    const { named } = await ask("GET", "api/naming");
    setText(state.footTold, `Your draft is in this device's downloads. ${showNaming(named)}`);
  } catch (fault) {
    setText(state.footTold, faultInWords(fault));
  }
  clearTimeout(late);
  state.takeButton.disabled = false;
}

// How the draft calls people: any of the organization may change it, and is asked once a draft was taken home.
export function showNaming(named) {
  state.named = named;
  setText(state.namingButton, named ? "Leave our names out of the draft" : "Put our names into the draft");
  state.namingButton.hidden = false;
  return named ? "It calls you by the names you gave here." : "It calls nobody by name: it says voice 1, voice 2.";
}

export async function changeNaming() {
  setText(state.footTold, MOMENT);
  try {
    const { named } = await ask("PUT", "api/naming", { named: !state.named });
    setText(state.footTold, `${showNaming(named)} Take the draft again to have it so.`);
  } catch (fault) {
    setText(state.footTold, faultInWords(fault));
  }
}

function saveFile(blob, named) {
  const file = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(named ?? "")?.[1] ?? "draft.docx");
  const link = node("a", { href: URL.createObjectURL(blob), download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
