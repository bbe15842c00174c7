// Puts a form into an element, and tells what the form in an element has not sent yet.

import { Form } from "./form.js";

const forms = new WeakMap();

// What the form in this element has not sent yet; the page asks, also where nothing can be kept on the device.
export const unsentAnswers = (el) => forms.get(el)?.answers.unsent() ?? [];

export const refusedAnswers = (el) => forms.get(el)?.answers.refused() ?? [];
export const isKeptOnDevice = (el) => forms.get(el)?.outbox.works ?? false;
export const hasPendingAnswers = (el) => forms.get(el)?.answers.hasPending() ?? false;

export function renderForm({ model, el }) {
  const form = new Form(model, el);
  forms.set(el, form);
  return () => {
    forms.delete(el);
    form.close();
  };
}
