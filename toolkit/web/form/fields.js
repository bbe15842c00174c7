// What somebody can type in or press inside a control.

export const FIELDS = "textarea, input, button";
export const firstField = (control) =>
  control.node.matches(FIELDS) ? control.node : control.node.querySelector("input[type=text], " + FIELDS);
