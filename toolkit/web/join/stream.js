// One event stream for all tabs of this browser: one tab holds it, and passes on to the others what it hears.
// A browser has six connections for one address over HTTP/1.1, and a stream takes one of them for good. Phones reach
// us over plain HTTP, where Web Locks and service workers do not exist: the tabs agree by messages, and a tab that is
// frozen or gone simply does not answer any more. Where tabs cannot send messages, a tab listens while it is looked at.

import { randomHex } from "../shared/random_hex.js";
import { openTabChannel } from "./tab_channel.js";

const HOLDER_LEASE = 6000; // a holder that was not heard for longer is asked whether it is still there
const RENEW_EVERY = 2000;
const HOLDER_ANSWERS_WITHIN = 200; // a holder that is alive answers sooner
// A stream that is silent for longer is taken for dead: the server says something every ten seconds.
const LONGEST_SILENCE = 25000;
const STREAM_CHECK_EVERY = 1000;
const STREAM_RETRY_AFTER = 1500; // after a refusal; and not all phones of the room in one moment

export class Stream {
  // `heard(kind, told, now)` gets each event with the server's clock minus ours; `follows` is called when another tab
  // listens for this one: ask the server how things are; `reached(yes)` and `refused()` say how the connection is.
  constructor({ url, kinds, identity, heard, follows, reached, refused, others }) {
    this.url = url;
    this.kinds = kinds;
    this.identity = identity;
    this.heard = heard;
    this.follows = follows;
    this.reached = reached;
    this.refused = refused;
    this.others = others;
    this.id = randomHex(8);
    this.open = false;
    this.source = null;
    this.heardAt = 0;
    /** @type {{ at: number, seen: boolean } | null} */
    this.holder = null;
    /** @type {number | undefined} */
    this.claiming = undefined;
    this.last = new Map();
    this.skew = 0;
    this.isReached = true;
    this.renewedAt = 0;
    this.notBefore = 0;
    this.channel = openTabChannel((message) => this.told(message));
    this.undo = [];
    this.listen(document, "visibilitychange", () => (document.hidden ? this.onHide() : this.refresh()));
    this.listen(window, "pagehide", () => this.leave());
    this.listen(document, "freeze", () => this.leave());
    this.listen(window, "pageshow", (event) => {
      if (event.persisted) this.refresh();
    });
    this.listen(document, "resume", () => this.refresh());
    this.listen(window, "online", () => this.refresh());
    this.timer = setInterval(() => this.check(), STREAM_CHECK_EVERY);
  }

  listen(target, name, act) {
    target.addEventListener(name, act);
    this.undo.push(() => target.removeEventListener(name, act));
  }

  start() {
    this.open = true;
    this.send("identity");
    this.settle(true);
  }

  close() {
    this.leave();
    this.open = false;
    clearInterval(this.timer);
    this.undo.forEach((undo) => undo());
    this.channel?.close();
  }

  // Hear everything anew: this tab was away, or the network is back.
  refresh() {
    if (!this.open) return;
    if (this.source) return this.openSource();
    this.settle(true);
  }

  onHide() {
    if (!this.channel) this.closeSource();
    else if (this.source) this.send("holding");
  }

  // Who listens: this tab, when nobody does, or when nobody who is looked at does.
  settle(anew = false) {
    if (!this.open || this.source || this.claiming || Date.now() < this.notBefore) return;
    if (!this.channel) return document.hidden ? undefined : this.openSource();
    const holder = this.holder && Date.now() - this.holder.at < HOLDER_LEASE ? this.holder : null;
    if (holder && (holder.seen || document.hidden)) return anew ? this.follow() : undefined;
    this.claiming = setTimeout(() => {
      this.claiming = undefined;
      this.openSource();
    }, HOLDER_ANSWERS_WITHIN);
    this.send("claim");
  }

  follow() {
    this.send("ask");
    this.follows();
  }

  openSource() {
    this.closeSource();
    this.holder = null;
    this.heardAt = Date.now();
    const source = new EventSource(this.url);
    this.source = source;
    for (const kind of this.kinds)
      source.addEventListener(kind, (event) => {
        if (this.source === source) this.onEvent(kind, JSON.parse(event.data));
      });
    source.addEventListener("error", () => {
      if (this.source === source) this.onError(source);
    });
    this.send("holding");
  }

  onEvent(kind, message) {
    this.heardAt = Date.now();
    if (message.now) this.skew = Date.parse(message.now) - Date.now();
    if (kind !== "beat") {
      this.last.set(kind, message);
      this.send("line", { kind, told: message });
    }
    this.setReached(true);
    this.renew();
    this.heard(kind, message, this.skew);
  }

  onError(source) {
    this.setReached(false);
    if (source.readyState === EventSource.CLOSED) {
      this.closeSource();
      this.notBefore = Date.now() + STREAM_RETRY_AFTER + Math.random() * STREAM_RETRY_AFTER;
      this.refused();
    }
  }

  setReached(yes) {
    const isNew = yes !== this.isReached;
    this.isReached = yes;
    if (isNew) this.send("holding");
    this.reached(yes);
  }

  closeSource() {
    this.source?.close();
    this.source = null;
  }

  // This page goes away, or sleeps: another tab may listen.
  leave() {
    clearTimeout(this.claiming);
    this.claiming = undefined;
    if (!this.source) return;
    this.closeSource();
    this.send("leaving");
  }

  check() {
    if (!this.open) return;
    if (this.source && Date.now() - this.heardAt > LONGEST_SILENCE) this.openSource();
    else if (this.source) this.renew();
    else this.settle();
  }

  renew() {
    if (Date.now() - this.renewedAt >= RENEW_EVERY) this.send("holding");
  }

  send(type, more = {}) {
    if (type === "holding") this.renewedAt = Date.now();
    this.channel?.send({
      type,
      from: this.id,
      identity: this.identity,
      seen: !document.hidden,
      isReached: this.isReached,
      skew: this.skew,
      ...more,
    });
  }

  // ---------------------------------------------------------------- what another tab says

  told(message) {
    if (!this.open || message.from === this.id) return;
    if (message.identity !== this.identity) return this.others(message);
    const act = {
      claim: this.onClaim,
      holding: this.onHolding,
      line: this.onLine,
      ask: this.onAsk,
      leaving: this.onLeaving,
    }[message.type];
    act?.call(this, message);
  }

  // Two that claim at once: the one with the lower id goes on.
  onClaim(message) {
    if (this.source && (!document.hidden || !message.seen)) return this.send("holding");
    if (this.source) return this.closeSource();
    if (this.claiming && this.id < message.from) return this.send("claim");
    if (this.claiming) this.giveUp();
    this.holder = { at: Date.now(), seen: message.seen };
  }

  onHolding({ from, seen, isReached }) {
    if (this.source) {
      const stays = seen === !document.hidden ? this.id < from : !document.hidden;
      if (stays) return this.send("holding");
      this.closeSource();
    }
    const isNew = !this.holder || Date.now() - this.holder.at > HOLDER_LEASE;
    this.holder = { at: Date.now(), seen };
    if (this.claiming) this.giveUp();
    else if (!seen && !document.hidden) return this.settle();
    else if (!isNew) return this.reached(isReached);
    this.follow();
    this.reached(isReached);
  }

  giveUp() {
    clearTimeout(this.claiming);
    this.claiming = undefined;
  }

  onLine({ kind, told, skew, seen }) {
    if (this.source) return;
    this.holder = { at: Date.now(), seen };
    this.reached(true);
    this.heard(kind, told, skew);
  }

  // A tab that has just come wants to know how the room is: the newest of each kind that says a whole.
  onAsk() {
    if (!this.source) return;
    for (const kind of ["room", "me"]) if (this.last.has(kind)) this.send("line", { kind, told: this.last.get(kind) });
  }

  onLeaving() {
    this.holder = null;
    setTimeout(
      () => this.settle(),
      document.hidden ? HOLDER_ANSWERS_WITHIN * 2 : Math.random() * HOLDER_ANSWERS_WITHIN,
    );
  }
}
