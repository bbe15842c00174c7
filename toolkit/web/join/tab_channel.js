// Messages between the tabs of one browser.

import { randomHex } from "../shared/random_hex.js";

const TAB_CHANNEL = "policy-workshop-tabs";

class BroadcastTabs {
  constructor(hear) {
    this.channel = new BroadcastChannel(TAB_CHANNEL);
    this.channel.addEventListener("message", (event) => hear(event.data));
  }

  send(message) {
    this.channel.postMessage(message);
  }
  close() {
    this.channel.close();
  }
}

// Writing to localStorage is told to every other tab; nothing stays there.
class StorageTabs {
  constructor(hear) {
    localStorage.setItem(TAB_CHANNEL, "");
    localStorage.removeItem(TAB_CHANNEL);
    this.told = (event) => {
      if (event.key === TAB_CHANNEL && event.newValue) hear(JSON.parse(event.newValue));
    };
    window.addEventListener("storage", this.told);
  }

  send(message) {
    try {
      localStorage.setItem(TAB_CHANNEL, JSON.stringify({ ...message, once: randomHex(8) }));
      localStorage.removeItem(TAB_CHANNEL);
    } catch {
      // no room: this message is lost, and the next one may come through
    }
  }

  close() {
    window.removeEventListener("storage", this.told);
  }
}

// The first way that works here, or null.
export function openTabChannel(hear) {
  for (const Way of [BroadcastTabs, StorageTabs]) {
    try {
      return new Way(hear);
    } catch {
      // not in this browser, or switched off
    }
  }
  return null;
}
