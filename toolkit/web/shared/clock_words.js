// How a time is written on a clock.

/** @param {number} seconds */
export function minutesAndSeconds(seconds) {
  const rest = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
}
