// What this device keeps for a person: words that were not sent, return words; how they are read, copied and forgotten.
// Any of it may be switched off (a private window, a page inside another app): then nothing is kept, and all goes on.

const SHELF = "policy-workshop";
const WORDS = "policy-workshop-words";
const KEY = "policy-workshop/key";

// ---------------------------------------------------------------- places that may not be there

function read(place, key) {
  try {
    return window[place].getItem(key);
  } catch {
    return null;
  }
}

function write(place, key, words) {
  try {
    window[place].setItem(key, words);
  } catch {
    // nothing is kept here
  }
}

function drop(place, key) {
  try {
    window[place].removeItem(key);
  } catch {
    // nothing was kept here
  }
}

function keys(prefix) {
  try {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

// ---------------------------------------------------------------- the link's key: while this page is on its way in

export const linkKey = {
  keep: (key) => write("sessionStorage", KEY, key),
  read: () => read("sessionStorage", KEY) ?? "",
  drop: () => drop("sessionStorage", KEY),
};

// ---------------------------------------------------------------- return words: only this device knows them

export const returnWords = {
  keep: (identity, words) => write("localStorage", `${WORDS}/${identity}`, words),
  read: (identity) => read("localStorage", `${WORDS}/${identity}`) ?? "",
  drop: (identity) => drop("localStorage", `${WORDS}/${identity}`),
};

// ---------------------------------------------------------------- what was not sent

// What this device keeps of unsent answers: [[question or act, value]]; of one person, or of anyone when it is not known who.
export function unsentOnDevice(identity) {
  const prefix = identity ? `${SHELF}/${identity}/` : `${SHELF}/`;
  return keys(prefix).filter((key) => key !== KEY).map((key) => [identity ? key.slice(prefix.length) : key.split("/").slice(4).join("/"), valueOf(key)]).filter(([, value]) => value != null);
}

function valueOf(key) {
  try {
    return JSON.parse(read("localStorage", key))?.value ?? null;
  } catch {
    return null;
  }
}

// An unsent answer as a person reads it: the question, and their words below it; null for what holds no words.
export function inWords([key, value], questions) {
  const act = key.includes("/");
  const about = act ? value.question : key;
  const question = questions.get(about);
  const words = act ? [reads(value.value, question), value.note ?? ""].filter(Boolean).join("\n") : reads(value, question);
  return words ? [question?.ask, words].filter(Boolean).join("\n") : null;
}

function reads(value, question) {
  if (value == null) return "";
  if (Array.isArray(value)) return value.map((each) => reads(each, question)).join("\n");
  if (typeof value === "object") return Object.values(value).map(String).join(", ");
  return question?.options?.find((option) => option.id === value)?.label ?? String(value);
}

// ---------------------------------------------------------------- copying: over plain HTTP a page has no clipboard of its own

export function copied(field) {
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false; // the words are selected: the person copies them
  }
}
