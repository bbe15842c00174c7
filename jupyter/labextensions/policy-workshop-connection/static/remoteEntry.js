// Keeps an open page true: it loads the page again when the program behind it was started again or its cells ran
// again, and when JupyterLab could not draw it. Takes the place of JupyterLab's "Server Connection Error", and keeps
// the browser's Forward. A federated extension, written by hand: JupyterLab calls init with the modules that it
// shares, then get, which brings the plugin. No build step.
(() => {
  const STOPPED =
    "The workshop's program has stopped or does not answer. Everything marked “Saved” is saved. Start the " +
    "workshop again on this computer; this page then comes back by itself.";
  const MOVED =
    "The workshop is open again at a new address. Close this tab. Use the page that has opened, or copy the " +
    "address from the program's window.";
  const RESTARTED =
    "The workshop's program was started again. Copy the words that you are typing, then click outside the " +
    "field: the page loads itself again.";
  const ASK_EVERY = 2000,
    LONGEST_ANSWER = 10000;
  let shared = {};
  let note = null;

  const config = () => JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");

  function say(words) {
    if (!note) {
      note = document.createElement("div");
      note.className = "pw-no-connection";
      note.setAttribute("role", "alert");
      document.body.append(note);
    }
    if (note.textContent !== words) note.textContent = words;
    document.documentElement.dataset.noConnection = "true"; // board.js says nothing of its own meanwhile
  }

  // Words in a board's field would be lost with the page; a form keeps its own.
  function isTyping() {
    const field = document.activeElement;
    return Boolean(field?.matches(".pw-board textarea, .pw-board input[type=text]") && field.value);
  }

  // Each run of a page's cells has a name. A page shows one run; when another stands behind it, its buttons do nothing.
  let shown = null,
    missed = 0;

  async function ask() {
    const { baseUrl = "/", token = "" } = config();
    const page = decodeURIComponent(location.pathname.split("/").pop());
    const headers = token ? { Authorization: `token ${token}` } : {};
    const giveUp = new AbortController();
    const waiting = setTimeout(() => giveUp.abort(), LONGEST_ANSWER);
    const address = `${baseUrl}workshop/run?page=${encodeURIComponent(page)}`;
    try {
      return await fetch(address, { cache: "no-store", headers, signal: giveUp.signal });
    } finally {
      clearTimeout(waiting);
    }
  }

  async function look() {
    try {
      const answer = await ask();
      if (answer.status === 401 || answer.status === 403) say(MOVED);
      else if (answer.ok) compare((await answer.json()).run);
    } catch {
      missed += 1;
      if (missed > 1) say(STOPPED);
    }
  }

  function compare(run) {
    if (!run) return; // the page is being filled in
    const isStale = note || (shown ? run !== shown : missed > 0);
    missed = 0;
    if (!isStale) shown = run;
    else if (isTyping()) say(RESTARTED);
    else location.reload();
  }

  async function watch() {
    await look();
    setTimeout(watch, ASK_EVERY);
  }

  // JupyterLab calls this for each request that fails; one failure may be a short one, so it is asked again first.
  async function connectionLost() {
    look();
  }

  // JupyterLab notes the page's own address as a new step each time it loads, which would end the way forward.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const isHere = address != null && new URL(address, location.href).href === location.href;
    isHere ? history.replaceState(state, title, address) : push(state, title, address);
  };

  // JupyterLab changes the address when somebody goes back or forward, and not the page. Someone may do so before this
  // script runs, so the address of now is compared with the one that the page was loaded from.
  const fileOf = (address) => new URL(address, location.href).pathname.split("/").pop();
  const loaded = performance.getEntriesByType("navigation")[0]?.name ?? location.href;
  const isElsewhere = () => fileOf(loaded) !== fileOf(location.href);
  addEventListener("popstate", () => {
    if (!location.hash) location.reload();
  });
  if (isElsewhere()) location.reload();

  // Two faults that a new look at the page mends: JupyterLab may draw a page before it knows what is on it, and leaves
  // these words there for good; and a board may get no answer any more (board.js says so with this event).
  const BROKEN = { "Error displaying widget": 3, "Loading widget": 20 },
    LOADED = "policy-workshop/loaded-again";
  const NO_ANSWER = "policy-workshop/no-answer",
    A_MINUTE = 60000,
    MOST = 3;
  const seconds = {};

  function mayLoadAgain() {
    try {
      const before = JSON.parse(sessionStorage.getItem(LOADED) || "[]").filter((at) => Date.now() - at < A_MINUTE);
      if (before.length >= MOST) return false;
      sessionStorage.setItem(LOADED, JSON.stringify([...before, Date.now()]));
      return true;
    } catch {
      return false;
    } // without storage nobody could tell whether it helps: the page's own button is left
  }

  function loadAgain() {
    if (!note && !missed && !isTyping() && mayLoadAgain()) location.reload();
  }

  function mend() {
    const outputs = [...document.querySelectorAll(".jp-OutputArea-output")].map((each) => each.textContent);
    for (const [words, longest] of Object.entries(BROKEN)) {
      seconds[words] = outputs.some((each) => each.includes(words)) ? (seconds[words] ?? 0) + 1 : 0;
      if (seconds[words] >= longest) loadAgain();
    }
  }

  watch();
  setInterval(mend, 1000);
  addEventListener(NO_ANSWER, loadAgain);
  document.addEventListener("visibilitychange", look); // a page in the background is looked at once a minute only

  async function plugin() {
    const versions = Object.values(shared["@jupyterlab/application"]);
    const { IConnectionLost } = (await versions[0].get())();
    const made = {
      id: "policy-workshop-connection:plugin",
      autoStart: true,
      provides: IConnectionLost,
      activate: () => connectionLost,
    };
    return () => ({ __esModule: true, default: made });
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB["policy-workshop-connection"] = {
    init: (scope) => {
      shared = scope;
    },
    get: plugin,
  };
})();
