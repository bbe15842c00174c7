// One control for each kind of question: the same kinds as toolkit.worksheets.kinds.KINDS.
// A control is {node, read, write}; read() is undefined for half an answer. `group` is a fieldset with a legend.

import { listControl } from "./list_control.js";
import { choiceControl, choicesControl, yesNoUnsureControl } from "./option_controls.js";
import { rankingControl } from "./ranking_control.js";
import { contactControl, dateControl, longTextControl, textControl } from "./text_controls.js";

export const CONTROLS = {
  text: { build: textControl },
  long_text: { build: longTextControl },
  choice: { build: choiceControl, group: "radiogroup" },
  choices: { build: choicesControl, group: "group" },
  yes_no_unsure: { build: yesNoUnsureControl, group: "radiogroup" },
  contact: { build: contactControl, group: "group" },
  date: { build: dateControl },
  list: { build: listControl, group: "group" },
  ranking: { build: rankingControl, group: "group" },
};
