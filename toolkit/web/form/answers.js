// What the answers of a form are just now: what the host has stored, and above it what is still on its way there.

export class Answers {
  /** @param {Sender} sender */
  constructor(sender) {
    /** @type {Record<string, Value>} */
    this.stored = {};
    this.sender = sender;
  }

  valueOf(key) {
    const pending = this.sender.pending.get(key);
    return (pending && "value" in pending ? pending.value : this.stored[key]) ?? null;
  }

  // The host may have cleaned what it stored; else it is what was sent.
  takeSaved({ id, question, ...more }) {
    const sent = this.sender.pending.get(question)?.sent;
    if (sent && sent.id === id) this.stored[question] = "value" in more ? more.value : sent.value;
  }

  all() {
    const typed = [...this.sender.pending]
      .filter(([, pending]) => "value" in pending)
      .map(([key, pending]) => [key, pending.value]);
    return { ...this.stored, ...Object.fromEntries(typed) };
  }

  // What the host has not said to be saved, with the words that wait for a decision: [[key, value]].
  unsent() {
    const values = [...this.sender.pending].map(([key, pending]) => [
      key,
      pending.withheld ? pending.withheld.value : pending.value,
    ]);
    return values.filter(([, value]) => value != null);
  }

  // What was refused, and is changed only when somebody changes it: [[key, value]].
  refused() {
    return [...this.sender.pending]
      .filter(([, pending]) => pending.refused && pending.value != null)
      .map(([key, pending]) => [key, pending.value]);
  }

  // Whether something waits here for the host, or for the person: then the page stays as it is.
  hasPending() {
    return [...this.sender.pending.values()].some((pending) => !pending.refused);
  }
}
