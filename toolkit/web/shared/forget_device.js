// Removes everything that any page of ours keeps on this device.

import { durableOutbox } from "./durable_outbox.js";

export async function forgetDevice() {
  for (const storage of ["localStorage", "sessionStorage"]) {
    try {
      const storageArea = window[storage];
      Object.keys(storageArea)
        .filter((key) => key.startsWith("policy-workshop"))
        .forEach((key) => storageArea.removeItem(key));
    } catch {
      // this place is switched off: nothing is kept there
    }
  }
  await durableOutbox.clear();
}
