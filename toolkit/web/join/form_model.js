// The model that a form is given here: a notebook's widget model, as far as the form needs one.

export class FormModel {
  constructor(traits, sendsTo) {
    this.traits = traits;
    this.sendTo = sendsTo;
    this.listeners = new Map();
  }

  get(name) {
    return this.traits[name];
  }
  set(name, value) {
    this.traits[name] = value;
  }
  save_changes() {}
  on(name, act) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), act]);
  }
  off(name, act) {
    this.listeners.set(
      name,
      (this.listeners.get(name) ?? []).filter((listener) => listener !== act),
    );
  }
  emit(name, ...args) {
    (this.listeners.get(name) ?? []).forEach((act) => act(...args));
  }
  send(message) {
    this.sendTo(message);
  }

  change(name, value) {
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }
}
