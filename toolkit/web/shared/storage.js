// The browser's storage. Any of it may be switched off (a private window, a page inside another app): then nothing is
// kept, and all goes on.

export function readStorage(storageArea, key) {
  try {
    return /** @type {any} */ (window)[storageArea].getItem(key);
  } catch {
    return null;
  }
}

export function writeStorage(storageArea, key, words) {
  try {
    /** @type {any} */ (window)[storageArea].setItem(key, words);
  } catch {
    // nothing is kept here
  }
}

export function removeStorage(storageArea, key) {
  try {
    /** @type {any} */ (window)[storageArea].removeItem(key);
  } catch {
    // nothing was kept here
  }
}

export function storageKeys(prefix) {
  try {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
