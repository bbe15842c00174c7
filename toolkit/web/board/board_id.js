// An id for each board of a page: every board has a script of its own, so a count alone would name two things alike.

export const BOARD_ID = Math.random().toString(36).slice(2, 10);
