// What lives on a board: the clock, the way in, hands, lines to group, dots, turns, and the projector.
// Its law: the clock is counted down from one deadline, by the time of the workshop's own computer.

const offsets = new WeakMap();

// Asks the workshop's computer what time it is: a page may have been filled long before it is looked at. Only the
// answer to this very question counts: other tabs, and the look whether anyone is there, bring answers of their own.
function askTime(host) {
  const asked = new Map();
  const ask = () => {
    const id = `${OWN}-${Math.random().toString(36).slice(2, 10)}`;
    asked.set(id, performance.now());
    host.send({ type: "time", id });
  };
  const heard = (message) => {
    if (message?.type !== "time" || !asked.has(message.id)) return;
    const took = performance.now() - asked.get(message.id);
    asked.delete(message.id);
    offsets.set(host, message.now + took / 2 - Date.now());
  };
  const look = () => { if (!document.hidden) ask(); };
  host.on("msg:custom", heard);
  document.addEventListener("visibilitychange", look);
  ask();
  return () => { host.off("msg:custom", heard); document.removeEventListener("visibilitychange", look); };
}

const MARKS = [[300, "5 minutes left."], [60, "1 minute left."], [0, "Time is up."]];

function clockWords(seconds) {
  const rest = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
}

function timer(block, host) {
  if (!block.deadline) return node("p", { class: "pw-tone", "data-tone": "quiet" }, text(block.none));
  const clock = node("span", { class: "pw-clock", role: "timer", "aria-label": text(block.label) });
  const said = node("span", { class: "pw-away", role: "status" });
  const over = node("span", { class: "pw-over", hidden: "hidden" }, "Time is up");
  const made = node("div", { class: "pw-timer" }, node("span", { class: "pw-label", "aria-hidden": "true" }, text(block.label)), clock, over, said);
  const end = Date.parse(block.deadline);
  let before = null, seen = false;
  const tick = () => {
    seen ||= made.isConnected;
    if (seen && !made.isConnected) return clearInterval(running);
    const left = (end - Date.now() - (offsets.get(host) ?? 0)) / 1000;
    clock.textContent = clockWords(left);
    over.hidden = left > 0;
    made.dataset.near = left <= 0 ? "over" : left <= block.soon ? "soon" : "";
    for (const [mark, words] of MARKS) if (before !== null && before > mark && left <= mark) said.textContent = words;
    before = left;
  };
  const running = setInterval(tick, 250);
  tick();
  return made;
}

function qr(rows) {
  const size = rows.length, quiet = 4;
  const dark = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => shape("rect", { x: run.index + quiet, y: y + quiet, width: run[0].length, height: 1 })));
  return shape("svg", { viewBox: `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`, role: "img", "aria-label": "QR code: point a phone's camera at it", class: "pw-qr", "shape-rendering": "crispEdges" },
    shape("rect", { width: size + 2 * quiet, height: size + 2 * quiet, class: "pw-white" }), ...dark);
}

function door(block) {
  const steps = [
    node("p", { class: "pw-step" }, block.qr.length ? "Point your phone's camera at the square. Or open" : "Open this address on your phone"),
    node("p", { class: "pw-address" }, text(block.address)), node("p", { class: "pw-why" }, text(block.aloud)),
    node("p", { class: "pw-step" }, "and type the code"), node("p", { class: "pw-code" }, text(block.code)),
  ];
  return node("div", { class: "pw-door" }, block.qr.length ? qr(block.qr) : null, node("div", {}, ...steps));
}

const arrivals = (block) => node("ul", { class: "pw-arrivals", "aria-label": "Who is here" }, ...block.items.map((each) => node("li", {}, node("strong", {}, text(each.name)), " ", node("span", { class: "pw-why" }, text(each.words)))));

const stage = (block) => node("div", { class: "pw-stage", "data-state": text(block.state) }, node("h2", {}, text(block.title)), node("p", { class: "pw-state", role: "status" }, text(block.words)), block.instruction ? node("p", {}, text(block.instruction)) : null);

const say = (block) => node("details", { class: "pw-told", open: block.open ? "open" : "" }, node("summary", {}, text(block.title)), block.words ? node("p", {}, text(block.words)) : null, node("ul", { class: "pw-say" }, ...block.items.map((each) => node("li", {}, node("strong", {}, text(each.title)), " ", node("span", { class: "pw-why" }, text(each.minutes)), node("p", {}, text(each.words))))));

function press(words, key, act, attributes = {}) {
  const made = node("button", { type: "button", "data-key": key, ...attributes }, text(words));
  made.addEventListener("click", act);
  return made;
}

// A question that a press brought is in view, wherever on the page it stands.
const pressed = new WeakMap();
const JUST_NOW = 3000;

function choosing(host, id, value) {
  pressed.set(host, Date.now());
  host.send({ type: "chose", id, value });
}

function inView(made, host) {
  if (Date.now() - (pressed.get(host) ?? 0) < JUST_NOW) requestAnimationFrame(() => made.scrollIntoView({ block: "nearest" }));
  return made;
}

const chose = (host, id, value) => () => choosing(host, id, value);

// Its place is always there and always of one size: who asks for help moves no button.
const hands = (block, host) => node("section", { class: "pw-hands", tabindex: block.items.length > 1 ? "0" : "", "data-some": block.items.length ? "true" : "", "aria-label": "Help requests" }, node("h3", {}, block.items.length ? `Help requests (${block.items.length})` : "Help requests"),
  block.items.length ? null : node("p", { class: "pw-why" }, "No one is asking for help."), node("ul", {}, ...block.items.map((each) => node("li", {}, node("span", { title: text(each.words) }, text(each.words)), press("Helped", `${block.id}/${each.id}`, chose(host, block.id, each.id), { class: "pw-second", "aria-label": `Helped: ${each.words}` })))));

const sections = (block, host) => node("nav", { class: "pw-sections", "aria-label": text(block.label) }, ...block.items.map((each) => press(each.words, `${block.id}/${each.id}`, chose(host, block.id, each.id), { "aria-current": each.id === block.value ? "true" : "" })));

const action = (block, host) => node("div", {}, press(block.words, `${block.id}/${block.value}`, chose(host, block.id, block.value), { class: block.second ? "pw-second" : "" }));

const ask = (block, host) => (block.calm ? (made) => made : inView)(node("div", { class: block.calm ? "" : "pw-ask" }, node("p", {}, text(block.words)), node("div", { class: "pw-answers" }, ...block.items.map((each, place) => press(each.words, `${each.id}/${each.value}`, chose(host, each.id, each.value), { class: place || block.second ? "pw-second" : "" })))), host);

let ticks = 0;

function lines(block, host) {
  const items = block.points.map((point) => {
    const id = `pw-line-${OWN}-${ticks++}`;
    const dotted = point.dots == null ? null : node("span", { class: "pw-chip" }, `${point.dots} ${point.dots === 1 ? "dot" : "dots"}`);
    const own = point.group ? point.lines.map((line) => node("p", { class: "pw-line" }, node("span", { class: "pw-who" }, text(line.who)), " ", text(line.words))) : [node("p", { class: "pw-who" }, text(point.lines[0]?.who))];
    const name = node(block.free ? "strong" : "label", block.free ? {} : { for: id }, text(point.title));
    const card = node("li", { class: "pw-point", "data-group": point.group ? "true" : "", draggable: block.free ? "" : "true" });
    if (!block.free) {
      const tick = node("input", { type: "checkbox", id, "data-key": `${block.id}/${point.id}` });
      tick.checked = point.picked;
      tick.addEventListener("change", chose(host, block.id, point.id));
      card.append(tick);
      card.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", point.id));
      card.addEventListener("dragover", (event) => { event.preventDefault(); card.dataset.over = "true"; });
      card.addEventListener("dragleave", () => { card.dataset.over = ""; });
      card.addEventListener("drop", (event) => {
        event.preventDefault();
        card.dataset.over = "";
        const from = event.dataTransfer.getData("text/plain");
        if (from && from !== point.id) host.send({ type: "chose", id: "drop", value: `${from}|${point.id}` });
      });
    }
    card.append(node("div", {}, name, " ", dotted, ...own));
    return card;
  });
  const nothing = items.length ? null : node("p", { class: "pw-why" }, "Nothing is released here yet.");
  return node("section", { class: "pw-column" }, node("h3", {}, text(block.title)), nothing, node("ul", {}, ...items), block.empty ? node("p", { class: "pw-why" }, text(block.empty)) : null);
}

function dots(block, host) {
  const rows = block.items.map((each) => {
    const count = node("span", { class: "pw-given" }, node("span", { "aria-hidden": "true" }, "●".repeat(Math.min(each.mine, 12))), ` ${each.mine}`, block.unit ? ` ${block.unit}` : node("span", { class: "pw-away" }, each.mine === 1 ? " dot" : " dots"));
    const less = press("−", `${block.id}/-${each.id}`, chose(host, block.id, `-${each.id}`), { class: "pw-second", "aria-label": `Take a dot back from: ${each.title}`, ...(each.mine ? {} : { disabled: "disabled" }) });
    const more = press("+", `${block.id}/+${each.id}`, chose(host, block.id, `+${each.id}`), { class: "pw-second", "aria-label": `Give a dot to: ${each.title}`, ...(block.left ? {} : { disabled: "disabled" }) });
    return node("li", {}, node("span", { class: "pw-point-title" }, text(each.title)), count, less, more);
  });
  return node("div", { class: "pw-ballot", role: "group", "aria-label": text(block.legend) }, node("p", { role: "status" }, text(block.words)), node("ul", {}, ...rows));
}

// A count that may not be said has no length either.
const ranks = (block) => node("ol", { class: "pw-ranks", "aria-label": text(block.label) }, ...block.items.map((each) => {
  const filled = node("div", { class: "pw-filled" });
  filled.style.inlineSize = `${100 * (each.share ?? 0)}%`;
  return node("li", {}, node("span", { class: "pw-place" }, `${each.place}.`), node("div", {}, node("strong", {}, text(each.title)), each.who ? node("span", { class: "pw-why" }, text(each.who)) : null, node("div", { class: "pw-share" }, each.share == null ? null : node("div", { class: "pw-track" }, filled), node("span", {}, text(each.words)))));
}));

const tally = (block) => node("ul", { class: "pw-tally", "data-many": block.items.length > 36 ? "very" : block.items.length > 27 ? "many" : block.items.length > 14 ? "more" : "", "aria-label": text(block.label) }, ...block.items.map((each) => {
  const filled = node("div", { class: "pw-filled" });
  filled.style.inlineSize = `${each.of ? Math.round((100 * each.done) / each.of) : 0}%`;
  return node("li", {}, node("span", { class: "pw-tally-name" }, text(each.name)), node("span", { class: "pw-why" }, `${each.note ? `${each.note}, ` : ""}${each.done} of ${each.of}`), node("div", { class: "pw-track" }, filled));
}));

const TURN = { now: "speaks now", done: "has spoken", next: "" };

const turns = (block) => node("ol", { class: "pw-turns", "aria-label": text(block.label) }, ...block.items.map((each) => node("li", { "data-state": text(each.state), "aria-current": each.state === "now" ? "true" : "" }, text(each.name), TURN[each.state] ? node("span", { class: "pw-why" }, ` ${TURN[each.state]}`) : null)));

const SHOWN = "policy-workshop/projector";

// A window that the room sees shows the room's view again after it was loaded again, never the facilitator's own page.
const projecting = {
  remember(yes) { try { sessionStorage[yes ? "setItem" : "removeItem"](SHOWN, "yes"); } catch { /* storage is switched off */ } },
  get before() { try { return sessionStorage.getItem(SHOWN) === "yes"; } catch { return false; } },
};

// A dialog stands above everything else on the page, whatever the page around it does; Escape leads back.
function projector(block, host) {
  const ways = node("div", {});
  const page = node("div", { class: "pw-scene" });
  const putWays = painter(ways, host);
  const put = painter(page, host);
  const name = node("h2", { class: "pw-away" });
  const dialog = node("dialog", { class: "pw-projector", "aria-label": "Projector" }, name, page, node("div", { class: "pw-foot" }, ways, press(block.close, "close", () => dialog.close(), { class: "pw-second", autofocus: "autofocus" })));
  const open = () => { dialog.showModal(); dialog.scrollTop = 0; projecting.remember(true); };
  dialog.addEventListener("close", () => projecting.remember(false));
  const made = node("div", { class: "pw-beside" }, press(block.words, "projector", open, { class: "pw-second" }), dialog);
  if (projecting.before) requestAnimationFrame(() => { if (dialog.isConnected && !dialog.open) open(); });
  made.takes = (next) => {
    if (next.type !== "projector") return false;
    if (page.dataset.scene !== next.ways.value) dialog.scrollTop = 0;
    page.dataset.scene = text(next.ways.value);
    name.textContent = text(next.ways.items.find((each) => each.id === next.ways.value)?.words);
    putWays([next.ways]);
    put(next.blocks);
    return true;
  };
  made.takes(block);
  return made;
}
