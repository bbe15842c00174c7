// The second place of unsent words, for what must outlive an empty battery: a browser writes localStorage to the disk
// minutes later, when it likes; a strict transaction is there when it says so.

import { removeStorage } from "./storage.js";

class DurableOutbox {
  constructor() {
    this.waiting = new Map();
    /** @type {number | undefined} */
    this.timer = undefined;
    this.opened = null;
  }

  put(key, entry) {
    this.waiting.set(key, entry);
    this.timer ??= setTimeout(() => this.write(), WRITE_AFTER);
  }

  open() {
    this.opened ??= resultOf(() => {
      const opening = indexedDB.open("policy-workshop", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
      return opening;
    });
    return this.opened;
  }

  async write() {
    const store = this.store(await this.open(), "readwrite");
    const waiting = this.waiting;
    Object.assign(this, { waiting: new Map(), timer: undefined });
    const disappears = () =>
      waiting.forEach((entry, key) => {
        if (!entry) removeStorage("localStorage", DONE_PREFIX + key);
      });
    if (!store) return disappears();
    store.transaction.oncomplete = disappears;
    waiting.forEach((entry, key) => (entry ? store.put(entry, key) : store.delete(key)));
  }

  async clear() {
    clearTimeout(this.timer);
    Object.assign(this, { waiting: new Map(), timer: undefined });
    const store = this.store(await this.open(), "readwrite");
    if (store) await resultOf(() => store.clear());
  }

  async entries(prefix) {
    const store = this.store(await this.open(), "readonly");
    if (!store) return [];
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, entries] = await Promise.all([
      resultOf(() => store.getAllKeys(range)),
      resultOf(() => store.getAll(range)),
    ]);
    return (keys ?? []).map((key, index) => [key.slice(prefix.length), entries[index]]);
  }

  store(database, mode) {
    try {
      return database?.transaction("kept", mode, { durability: "strict" }).objectStore("kept");
    } catch {
      return null; // a browser that keeps nothing here still has the outbox
    }
  }
}

// What a request to the database brings, null when it brings nothing.
const resultOf = (ask) =>
  new Promise((resolve) => {
    try {
      const asking = ask();
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = asking.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });

// What is done with is noted at once, until this outbox has let go of it too: else a page that is loaded again in
// that moment would take an old word of this outbox for an unsaved one, and send it after the newest.
export const DONE_PREFIX = "policy-workshop-done/";

const WRITE_AFTER = 250;
export const durableOutbox = new DurableOutbox();
