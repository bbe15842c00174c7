// The browser's storage. Any of it may be switched off (a private window, a page inside another app): then nothing is
// kept, and all goes on.

export function readStorage(place, key) {
  try {
    return /** @type {any} */ (window)[place].getItem(key);
  } catch {
    return null;
  }
}

export function writeStorage(place, key, words) {
  try {
    /** @type {any} */ (window)[place].setItem(key, words);
  } catch {
    // nothing is kept here
  }
}

export function removeStorage(place, key) {
  try {
    /** @type {any} */ (window)[place].removeItem(key);
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
