// What a browser has and Node has not, as little as the logic needs: a storage that can be full.

export class FakeStorage {
  constructor() {
    this.isFull = false;
  }

  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, words) {
    if (this.isFull) throw new Error("QuotaExceededError");
    this[key] = words;
  }

  removeItem(key) {
    delete this[key];
  }
}

export function withStorage() {
  const storage = new FakeStorage();
  Object.defineProperty(storage, "isFull", { enumerable: false, writable: true, value: false });
  globalThis.localStorage = storage;
  globalThis.window = { localStorage: storage };
  return storage;
}
