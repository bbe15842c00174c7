// Takes the place of JupyterLab's "Server Connection Error", keeps the browser's Forward, and loads a page
// that could not be drawn again. A federated extension, written by hand: JupyterLab calls
// init with the modules that it shares, then get, which brings the plugin. No build step.
(() => {
  const STOPPED = "The workshop's program has stopped or does not answer. Everything marked “Saved” is saved. Start the workshop again on this computer; this page then comes back by itself.";
  const MOVED = "The workshop is open again at a new address. Close this tab. Use the page that has opened, or copy the address from the program's window.";
  const ASK_EVERY = 1500;
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
    document.documentElement.dataset.noConnection = "true"; // board.js must not load the page again meanwhile
  }

  async function look() {
    const { baseUrl = "/", token = "" } = config();
    const settings = { cache: "no-store", headers: token ? { Authorization: `token ${token}` } : {} };
    try {
      const answer = await fetch(`${baseUrl}api/status`, settings);
      if (answer.ok) return location.reload();
      say(answer.status === 401 || answer.status === 403 ? MOVED : STOPPED);
    } catch { say(STOPPED); }
    setTimeout(look, ASK_EVERY);
  }

  // JupyterLab calls this for each request that fails; one failure may be a short one, so it is asked again first.
  async function connectionLost() {
    if (note) return;
    say(STOPPED);
    setTimeout(look, ASK_EVERY);
  }

  // JupyterLab notes the page's own address as a new step each time it loads, which would end the way forward.
  const push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const isHere = address != null && new URL(address, location.href).href === location.href;
    isHere ? history.replaceState(state, title, address) : push(state, title, address);
  };

  // JupyterLab may draw a page before it knows what is on it, and leaves "Error displaying widget" there for good.
  const LOST = "Error displaying widget", HEALED = "pw-drawn-again", A_MINUTE = 60000, MOST = 3;
  let lostFor = 0;
  function heal() {
    const isLost = [...document.querySelectorAll(".jp-OutputArea-output")].some((each) => each.textContent.includes(LOST));
    lostFor = isLost ? lostFor + 1 : 0;
    if (lostFor < 3 || note) return;
    try {
      const before = JSON.parse(sessionStorage.getItem(HEALED) || "[]").filter((at) => Date.now() - at < A_MINUTE);
      if (before.length >= MOST) return;
      sessionStorage.setItem(HEALED, JSON.stringify([...before, Date.now()]));
      location.reload();
    } catch { /* without storage nobody could tell whether it helps: the page's own button is left */ }
  }
  setInterval(heal, 1000);

  async function plugin() {
    const versions = Object.values(shared["@jupyterlab/application"]);
    const { IConnectionLost } = (await versions[0].get())();
    const made = { id: "policy-workshop-connection:plugin", autoStart: true, provides: IConnectionLost, activate: () => connectionLost };
    return () => ({ __esModule: true, default: made });
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB["policy-workshop-connection"] = { init: (scope) => { shared = scope; }, get: plugin };
})();
