// Copies words: over plain HTTP a page has no clipboard of its own.

export function copyText(field) {
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false; // the words are selected: the person copies them
  }
}
