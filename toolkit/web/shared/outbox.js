// Unsent words, kept on this device.

import { DONE_PREFIX, durableOutbox } from "./durable_outbox.js";
import { readStorage, removeStorage, storageKeys, writeStorage } from "./storage.js";
import { isText } from "./text.js";

export class Outbox {
  constructor(identity, prefix = "policy-workshop") {
    this.prefix = `${prefix}/${identity}/`;
    this.works = true;
  }

  keep(question, entry) {
    durableOutbox.put(this.prefix + question, entry);
    try {
      localStorage.setItem(this.prefix + question, JSON.stringify(entry));
      this.works = true;
    } catch {
      this.works = false;
    }
    return this.works;
  }

  read(question) {
    try {
      const entry = JSON.parse(localStorage.getItem(this.prefix + question) ?? "null");
      return entry && isText(entry.id) ? entry : null;
    } catch {
      return null;
    }
  }

  drop(question, id) {
    const existing = this.read(question);
    if ((existing?.id ?? id) !== id) return; // another page's words for the same question stay
    writeStorage("localStorage", DONE_PREFIX + this.prefix + question, String(existing?.at ?? Date.now()));
    durableOutbox.put(this.prefix + question, null);
    try {
      localStorage.removeItem(this.prefix + question);
    } catch {
      this.works = false;
    }
  }

  /** @returns {[string, Entry][]} */
  entries() {
    try {
      const mine = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
      const questions = mine.map((key) => key.slice(this.prefix.length));
      return questions.flatMap((question) => {
        const entry = this.read(question);
        return entry ? [[question, entry]] : [];
      });
    } catch {
      this.works = false;
      return [];
    }
  }

  // What the device lost when it went dark, and the durable outbox still has; it comes a moment later.
  async readLost() {
    const found = await durableOutbox.entries(this.prefix);
    const lost = found.filter(
      ([question, entry]) =>
        isText(entry?.id) &&
        entry.at > (this.read(question)?.at ?? 0) &&
        entry.at > Number(readStorage("localStorage", DONE_PREFIX + this.prefix + question)),
    );
    this.sweepNotes(new Set(lost.map(([question]) => question)));
    return lost;
  }

  // What an earlier page was done with, and its durable outbox was not.
  sweepNotes(lost) {
    for (const note of storageKeys(DONE_PREFIX + this.prefix)) {
      const key = note.slice(DONE_PREFIX.length);
      const question = key.slice(this.prefix.length);
      if (lost.has(question) || this.read(question)) removeStorage("localStorage", note);
      else if (!durableOutbox.waiting.has(key)) durableOutbox.put(key, null);
    }
  }
}
