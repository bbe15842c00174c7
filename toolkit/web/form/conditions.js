// Whether a question is shown: the same rule as toolkit.worksheets.model.holds.

import { isText } from "../shared/text.js";

export function holds(conditions, values) {
  return !conditions?.length || conditions.some((condition) => oneHolds(condition, values[condition.question] ?? null));
}

function oneHolds(condition, value) {
  if (value === null) return false;
  const chosen = Array.isArray(value) ? value : [value];
  return !condition.is?.length || chosen.some((each) => isText(each) && condition.is.includes(each));
}
