// Words as values.

export const fill = (text, parts) => text.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
export const isText = (value) => typeof value === "string";
export const textOrEmpty = (value) => (isText(value) ? value : "");
export const asText = (value) => (value == null ? "" : String(value));
export const textOrNull = (text) => (text.trim() ? text : null);
