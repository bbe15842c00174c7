// What this device keeps for a person: the link's key, return words, words that were not sent.

import { readStorage, removeStorage, storageKeys, writeStorage } from "../shared/storage.js";

const OUTBOX_PREFIX = "policy-workshop";
const RETURN_WORDS_PREFIX = "policy-workshop-words";
const LINK_KEY = "policy-workshop/key";

export const linkKey = {
  keep: (key) => writeStorage("sessionStorage", LINK_KEY, key),
  read: () => readStorage("sessionStorage", LINK_KEY) ?? "",
  drop: () => removeStorage("sessionStorage", LINK_KEY),
};

export const returnWords = {
  keep: (identity, words) => writeStorage("localStorage", `${RETURN_WORDS_PREFIX}/${identity}`, words),
  read: (identity) => readStorage("localStorage", `${RETURN_WORDS_PREFIX}/${identity}`) ?? "",
  drop: (identity) => removeStorage("localStorage", `${RETURN_WORDS_PREFIX}/${identity}`),
};

// What this device keeps of unsent answers: [[question or act, value]]; of one person, or of anyone
// when it is not known who it is.
export function unsentOnDevice(identity) {
  const prefix = identity ? `${OUTBOX_PREFIX}/${identity}/` : `${OUTBOX_PREFIX}/`;
  return storageKeys(prefix)
    .filter((key) => key !== LINK_KEY)
    .map((key) => [identity ? key.slice(prefix.length) : key.split("/").slice(4).join("/"), storedValue(key)])
    .filter(([, value]) => value != null);
}

function storedValue(key) {
  try {
    return JSON.parse(readStorage("localStorage", key))?.value ?? null;
  } catch {
    return null;
  }
}
