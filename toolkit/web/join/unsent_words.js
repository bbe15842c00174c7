// An unsent answer as a person reads it.

// An unsent answer as a person reads it: the question, and their words below it; null for what holds no words.
export function unsentInWords([key, value], questions) {
  const act = key.includes("/");
  const about = act ? value.question : key;
  const question = questions.get(about);
  const words = act
    ? [answerInWords(value.value, question), value.note ?? ""].filter(Boolean).join("\n")
    : answerInWords(value, question);
  return words ? [question?.ask, words].filter(Boolean).join("\n") : null;
}

function answerInWords(value, question) {
  if (value == null) return "";
  if (Array.isArray(value)) return value.map((item) => answerInWords(item, question)).join("\n");
  if (typeof value === "object") return Object.values(value).map(String).join(", ");
  return question?.options?.find((option) => option.id === value)?.label ?? String(value);
}
