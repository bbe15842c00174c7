// Proposals and notes that somebody began and has not offered yet: kept on this device, never sent from here.

import { Outbox } from "../shared/outbox.js";
import { AFTER_LAST_KEY } from "../shared/sender.js";

const DRAFTS_PREFIX = "policy-workshop-begun"; // kept apart: nothing there is sent, or counted as unsent

export class UnsentDrafts {
  constructor(identity) {
    this.outbox = new Outbox(identity, DRAFTS_PREFIX);
    this.drafts = new Map(this.outbox.entries());
    this.timers = new Map();
  }

  async readLost() {
    for (const [key, draft] of await this.outbox.readLost()) if (!this.timers.has(key)) this.drafts.set(key, draft);
  }

  has(key) {
    return this.drafts.has(key);
  }
  get(key) {
    return this.drafts.get(key);
  }

  // Kept after a pause, and only while `mayStay` says so: words that wait for a decision stay in the field alone.
  set(key, draft, mayStay) {
    this.drafts.set(key, draft);
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        if (mayStay()) this.outbox.keep(key, { ...draft, id: key, at: Date.now() });
      }, AFTER_LAST_KEY),
    );
  }

  delete(key) {
    clearTimeout(this.timers.get(key));
    this.drafts.delete(key);
    this.outbox.drop(key, key);
  }

  clear() {
    [...this.drafts.keys()].forEach((key) => this.delete(key));
  }
}
