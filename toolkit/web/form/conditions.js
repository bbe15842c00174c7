// Whether a question is shown: the same rule as toolkit.worksheets.model.holds.

import { isText } from "../shared/text.js";

export function holds(conditions, values) {
  return !conditions?.length || conditions.some((condition) => oneHolds(condition, values[condition.question] ?? null));
}

function oneHolds(condition, value) {
  if (value === null) return false;
  const values = Array.isArray(value) ? value : [value];
  return !condition.is?.length || values.some((option) => isText(option) && condition.is.includes(option));
}
