// Under which keys a vote and a release wait to be sent.

export const BALLOT = "vote/ballot";
export const RELEASE = "release/lines";
