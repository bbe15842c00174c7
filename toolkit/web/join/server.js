// Asking the server: the answer, a Refusal in its words, or a TypeError when it cannot be reached.

import { state } from "./page_state.js";

const REQUEST_TIMEOUT = 6000; // a request that takes longer is taken for lost, and tried again
export const ANOTHER_ADDRESS = 421; // the workshop's computer does not go by the address that this page came from

export class Refusal extends Error {
  constructor(status, says) {
    super(says);
    this.status = status;
  }
}

export async function ask(method, path, body) {
  // This browser belongs to someone else now: nothing of this page is sent as theirs.
  if (state.isStale) throw new TypeError();
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), REQUEST_TIMEOUT);
  try {
    /** @type {Record<string, string>} */
    const headers = body ? { "content-type": "application/json" } : {};
    const answer = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: stop.signal,
      credentials: "same-origin",
      keepalive: method === "PUT" && JSON.stringify(body).length < 60000,
    });
    const reply = await answer.json().catch(() => ({}));
    if (answer.status === ANOTHER_ADDRESS) state.isAddressGone = true;
    if (!answer.ok) throw new Refusal(answer.status, reply.says || "This did not work. Try again.");
    return reply;
  } catch (fault) {
    throw fault instanceof Refusal ? fault : new TypeError("unreachable");
  } finally {
    clearTimeout(late);
  }
}

export const faultInWords = (fault) =>
  fault instanceof Refusal ? fault.message : "The workshop cannot be reached just now. Check the wifi, then try again.";

// Which word of the form's an HTTP answer is; what is none of these may come right by itself, and is tried again.
export const NEVER_MORE = new Set([403, 409, 413, 422]);

// What may come right by itself: no way to the server, its computer cannot save just now, or we were too fast.
export const isTemporary = (fault) => !(fault instanceof Refusal) || [ANOTHER_ADDRESS, 429, 503].includes(fault.status);
