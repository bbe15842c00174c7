// One event stream for all tabs of this browser: one tab holds it, and passes on to the others what it hears.
// A browser has six connections for one address over HTTP/1.1, and a stream takes one of them for good. Phones reach
// us over plain HTTP, where Web Locks and service workers do not exist: the tabs agree by messages, and a tab that is
// frozen or gone simply does not answer any more. Where tabs cannot send messages, a tab listens while it is looked at.

const CHANNEL = "policy-workshop-tabs";
const LEASE = 6000; // a holder that was not heard for longer is asked whether it is still there
const RENEW = 2000;
const ANSWER_WITHIN = 200; // a holder that is alive answers sooner
const SILENCE = 25000; // a stream that is silent for longer is taken for dead: the server says something every ten seconds
const BEAT = 1000;
const AGAIN = 1500; // after a refusal; and not all phones of the room in one moment

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// ---------------------------------------------------------------- messages between the tabs of one browser

class ByBroadcast {
  constructor(hear) {
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", (event) => hear(event.data));
  }

  send(message) { this.channel.postMessage(message); }
  close() { this.channel.close(); }
}

// Writing to localStorage is told to every other tab; nothing stays there.
class ByStorage {
  constructor(hear) {
    localStorage.setItem(CHANNEL, "");
    localStorage.removeItem(CHANNEL);
    this.told = (event) => { if (event.key === CHANNEL && event.newValue) hear(JSON.parse(event.newValue)); };
    window.addEventListener("storage", this.told);
  }

  send(message) {
    try {
      localStorage.setItem(CHANNEL, JSON.stringify({ ...message, once: newId() }));
      localStorage.removeItem(CHANNEL);
    } catch {
      // no room: this message is lost, and the next one may come through
    }
  }

  close() { window.removeEventListener("storage", this.told); }
}

// The first way that works here, or null.
function wayToOthers(hear) {
  for (const Way of [ByBroadcast, ByStorage]) {
    try {
      return new Way(hear);
    } catch {
      // not in this browser, or switched off
    }
  }
  return null;
}

// ---------------------------------------------------------------- the stream

export class Stream {
  // `heard(kind, told, now)` gets each event with the server's clock minus ours; `follows` is called when another tab
  // listens for this one: ask the server how things are; `reached(yes)` and `refused()` say how the connection is.
  constructor({ url, kinds, identity, heard, follows, reached, refused, others }) {
    Object.assign(this, { url, kinds, identity, heard, follows, reached, refused, others });
    Object.assign(this, { id: newId(), open: false, source: null, heardAt: 0, holder: null, claiming: null, last: new Map(), skew: 0, isReached: true, renewedAt: 0, notBefore: 0 });
    this.way = wayToOthers((message) => this.told(message));
    this.undo = [];
    this.listens(document, "visibilitychange", () => (document.hidden ? this.hides() : this.refresh()));
    this.listens(window, "pagehide", () => this.leaves());
    this.listens(document, "freeze", () => this.leaves());
    this.listens(window, "pageshow", (event) => { if (event.persisted) this.refresh(); });
    this.listens(document, "resume", () => this.refresh());
    this.listens(window, "online", () => this.refresh());
    this.beating = setInterval(() => this.beat(), BEAT);
  }

  listens(target, name, act) {
    target.addEventListener(name, act);
    this.undo.push(() => target.removeEventListener(name, act));
  }

  start() {
    this.open = true;
    this.send("identity");
    this.settle(true);
  }

  close() {
    this.leaves();
    this.open = false;
    clearInterval(this.beating);
    this.undo.forEach((each) => each());
    this.way?.close();
  }

  // Hear everything anew: this tab was away, or the network is back.
  refresh() {
    if (!this.open) return;
    if (this.source) return this.hold();
    this.settle(true);
  }

  hides() {
    if (!this.way) this.lets();
    else if (this.source) this.send("holding");
  }

  // Who listens: this tab, when nobody does, or when nobody who is looked at does.
  settle(anew = false) {
    if (!this.open || this.source || this.claiming || Date.now() < this.notBefore) return;
    if (!this.way) return document.hidden ? undefined : this.hold();
    const alive = this.holder && Date.now() - this.holder.at < LEASE;
    if (alive && (this.holder.seen || document.hidden)) return anew ? this.follow() : undefined;
    this.claiming = setTimeout(() => { this.claiming = null; this.hold(); }, ANSWER_WITHIN);
    this.send("claim");
  }

  follow() {
    this.send("ask");
    this.follows();
  }

  hold() {
    this.lets();
    this.holder = null;
    this.heardAt = Date.now();
    const source = new EventSource(this.url);
    this.source = source;
    for (const kind of this.kinds) source.addEventListener(kind, (event) => { if (this.source === source) this.hears(kind, JSON.parse(event.data)); });
    source.addEventListener("error", () => { if (this.source === source) this.fails(source); });
    this.send("holding");
  }

  hears(kind, told) {
    this.heardAt = Date.now();
    if (told.now) this.skew = Date.parse(told.now) - Date.now();
    if (kind !== "beat") {
      this.last.set(kind, told);
      this.send("line", { kind, told });
    }
    this.tells(true);
    this.renew();
    this.heard(kind, told, this.skew);
  }

  fails(source) {
    this.tells(false);
    if (source.readyState === EventSource.CLOSED) {
      this.lets();
      this.notBefore = Date.now() + AGAIN + Math.random() * AGAIN;
      this.refused();
    }
  }

  tells(yes) {
    const isNew = yes !== this.isReached;
    this.isReached = yes;
    if (isNew) this.send("holding");
    this.reached(yes);
  }

  lets() {
    this.source?.close();
    this.source = null;
  }

  // This page goes away, or sleeps: another tab may listen.
  leaves() {
    clearTimeout(this.claiming);
    this.claiming = null;
    if (!this.source) return;
    this.lets();
    this.send("leaving");
  }

  beat() {
    if (!this.open) return;
    if (this.source && Date.now() - this.heardAt > SILENCE) this.hold();
    else if (this.source) this.renew();
    else this.settle();
  }

  renew() {
    if (Date.now() - this.renewedAt >= RENEW) this.send("holding");
  }

  send(type, more = {}) {
    if (type === "holding") this.renewedAt = Date.now();
    this.way?.send({ type, from: this.id, identity: this.identity, seen: !document.hidden, isReached: this.isReached, skew: this.skew, ...more });
  }

  // ---------------------------------------------------------------- what another tab says

  told(message) {
    if (!this.open || message.from === this.id) return;
    if (message.identity !== this.identity) return this.others(message);
    const act = { claim: this.claimed, holding: this.isHeld, line: this.isTold, ask: this.asked, leaving: this.isLeft }[message.type];
    act?.call(this, message);
  }

  // Two that claim at once: the one with the lower id goes on.
  claimed(message) {
    if (this.source && (!document.hidden || !message.seen)) return this.send("holding");
    if (this.source) return this.lets();
    if (this.claiming && this.id < message.from) return this.send("claim");
    if (this.claiming) this.giveUp();
    this.holder = { at: Date.now(), seen: message.seen };
  }

  isHeld({ from, seen, isReached }) {
    if (this.source) {
      const stays = seen === !document.hidden ? this.id < from : !document.hidden;
      if (stays) return this.send("holding");
      this.lets();
    }
    const isNew = !this.holder || Date.now() - this.holder.at > LEASE;
    this.holder = { at: Date.now(), seen };
    if (this.claiming) this.giveUp();
    else if (!seen && !document.hidden) return this.settle();
    else if (!isNew) return this.reached(isReached);
    this.follow();
    this.reached(isReached);
  }

  giveUp() {
    clearTimeout(this.claiming);
    this.claiming = null;
  }

  isTold({ kind, told, skew, seen }) {
    if (this.source) return;
    this.holder = { at: Date.now(), seen };
    this.reached(true);
    this.heard(kind, told, skew);
  }

  // A tab that has just come wants to know how the room is: the newest of each kind that says a whole.
  asked() {
    if (!this.source) return;
    for (const kind of ["room", "me"]) if (this.last.has(kind)) this.send("line", { kind, told: this.last.get(kind) });
  }

  isLeft() {
    this.holder = null;
    setTimeout(() => this.settle(), document.hidden ? ANSWER_WITHIN * 2 : Math.random() * ANSWER_WITHIN);
  }
}
