// The board: pages of blocks (headings, tables, progress, cards to choose from); live.js and picture.js draw the others.
// Its law: every word is put on the page as text, never as markup.

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "" && value != null && value !== false) made.setAttribute(key, value);
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

const text = (value) => (value == null ? "" : String(value));
const STATES = {
  agreed: ["✓", "Agreed"], answered: ["✓", "Answered"], proposed: ["◐", "Proposed"], tied: ["=", "Tied"],
  open: ["", "Not answered yet"], paper: ["▤", "Done on paper"], ready: ["✓", "Ready"],
};

function chip(state, words) {
  const [sign, name] = STATES[state] ?? ["", ""];
  return node("span", { class: "pw-chip", "data-state": state in STATES ? state : "" }, sign && node("span", { "aria-hidden": "true" }, sign + " "), words || name);
}

function cell(value) {
  return value !== null && typeof value === "object" ? chip(text(value.state), text(value.words)) : text(value);
}

const DRAW = {
  heading: (block) => node(block.level === 3 ? "h3" : "h2", {}, text(block.words)),
  text: (block) => node("p", { class: "pw-tone", "data-tone": text(block.tone), role: block.tone === "good" || block.tone === "note" ? "status" : "" }, text(block.words)),
  empty: (block) => node("div", { class: "pw-empty" }, node("strong", {}, text(block.words)), node("p", {}, text(block.next))),
  list: (block) => node(block.ordered ? "ol" : "ul", {}, ...block.items.map((item) => node("li", {}, text(item)))),
  files: (block) => filesWritten(block),
  facts: (block) => node("dl", {}, ...block.items.map(([name, words]) => node("div", {}, node("dt", {}, text(name)), node("dd", {}, text(words))))),
  table, progress, bar, choose, sections, action, ask, timer, door, arrivals, stage, say, hands, lines, dots, ranks, tally, turns, projector, picture,
};

function table(block) {
  const head = node("tr", {}, ...block.columns.map((words) => node("th", { scope: "col" }, text(words))));
  const rows = block.rows.map((row) => node("tr", {}, ...row.map((value, place) => node(place ? "td" : "th", place ? {} : { scope: "row" }, cell(value)))));
  return scrolled(block, node("table", {}, node("caption", {}, text(block.caption)), node("thead", {}, head), node("tbody", {}, ...rows)));
}

function progress(block) {
  const head = node("tr", {}, node("th", { scope: "col" }, text(block.corner)), node("th", { scope: "col" }, "Done"),
    ...block.columns.map((words, place) => node("th", { scope: "col", title: text(words) }, node("span", { "aria-hidden": "true" }, String(place + 1)), node("span", { class: "pw-away" }, text(words)))));
  const rows = block.rows.map((row) => {
    return node("tr", {}, node("th", { scope: "row" }, text(row.name), row.note ? node("span", { class: "pw-note" }, text(row.note)) : null), node("td", { class: "pw-sum" }, text(row.sum)), ...row.states.map((state) => {
      const [sign, name] = STATES[state] ?? ["", "Not asked"];
      return node("td", { class: "pw-cell", "data-state": state in STATES ? state : "" }, node("span", { "aria-hidden": "true" }, sign), node("span", { class: "pw-away" }, name));
    }));
  });
  const made = scrolled(block, node("table", { class: "pw-matrix" }, node("caption", {}, text(block.caption)), node("thead", {}, head), node("tbody", {}, ...rows)));
  const key = node("p", { class: "pw-key" }, ...["agreed", "proposed", "tied", "open", ...(block.rows.some((row) => row.note) ? ["paper"] : [])].map((state) => chip(state)));
  return node("div", {}, made, key);
}

function filesWritten(block) {
  const made = scrolled(block, node("ul", {}, ...block.items.map((name) => node("li", {}, text(name)))));
  made.classList.add("pw-files");
  return made;
}

function scrolled(block, inside) {
  return node("div", { class: "pw-scroll", tabindex: "0", role: "region", "aria-label": text(block.caption) }, inside);
}

function bar(block) {
  const share = block.of ? Math.round((100 * block.done) / block.of) : 0;
  const filled = node("div", { class: "pw-filled" });
  filled.style.inlineSize = `${share}%`;
  return node("div", {}, node("p", { role: "status" }, text(block.words)),
    node("div", { class: "pw-track", role: "progressbar", "aria-label": text(block.label), "aria-valuemin": "0", "aria-valuemax": String(block.of), "aria-valuenow": String(block.done) }, filled));
}

// Every board of a page has a module of its own, so a count alone would name two things alike.
const OWN = Math.random().toString(36).slice(2, 10);
let groups = 0;

// A card that was refused is not the chosen one: when nothing new has come by then, what was chosen before is shown.
const DECIDED_AFTER = 3000;

function choose(block, host) {
  const group = `pw-choose-${OWN}-${groups++}`;
  const inputs = [];
  const asDecided = () => inputs.forEach((input) => { input.checked = input.value === text(block.value); });
  const cards = block.options.map((option, place) => {
    const id = `${group}-${place}`;
    const input = node("input", { type: "radio", name: group, id, value: text(option.id), "aria-describedby": `${id}-more` });
    input.checked = option.id === block.value;
    input.dataset.key = `${block.id}/${option.id}`;
    input.addEventListener("change", () => { choosing(host, block.id, option.id); setTimeout(asDecided, DECIDED_AFTER); });
    inputs.push(input);
    return node("div", { class: "pw-pick" }, input, node("label", { for: id }, text(option.title)),
      node("p", { id: `${id}-more` }, text(option.words), option.more ? node("span", { class: "pw-why" }, text(option.more)) : null));
  });
  return node("fieldset", {}, node("legend", {}, text(block.legend)), node("div", { class: "pw-picks" }, ...cards));
}

function draw(block, host) {
  const made = block && DRAW[block.type] ? DRAW[block.type](block, host) : null;
  if (made) made.classList.add("pw-block");
  return made;
}

// Puts blocks into a page; a block that stays the same stays untouched, and the focus stays where it was.
function painter(page, host) {
  let shown = [];
  return (blocks) => {
    const focused = page.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    blocks.forEach((block, place) => {
      const said = JSON.stringify(block);
      const old = page.children[place];
      if (shown[place] === said && old) return;
      shown[place] = said;
      if (old?.takes?.(block)) return;
      const made = draw(block, host) ?? node("span", {});
      old ? old.replaceWith(made) : page.append(made);
    });
    while (page.children.length > blocks.length) page.lastElementChild.remove();
    shown = shown.slice(0, blocks.length);
    if (focused) page.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
}

// What answers behind the page may be gone; then nobody hears its buttons, and the page says so. Where our part of
// JupyterLab is there, it loads the page again.
const ALIVE = Symbol.for("policy-workshop/alive"); // one for all boards of the page: any answer counts
const ASK_EVERY = 5000, MISSED = 4;
const NO_ANSWER = "policy-workshop/no-answer";

function lifeline(host, page) {
  const alive = (globalThis[ALIVE] ??= { missed: 0, asked: 0, note: null });
  const heard = () => { alive.missed = 0; alive.note?.remove(); alive.note = null; };
  const look = () => {
    if (!page.isConnected) return;
    if (document.documentElement.dataset.noConnection) return; // JupyterLab's own page says so, and waits for it
    if (Date.now() - alive.asked < ASK_EVERY) return;
    Object.assign(alive, { asked: Date.now(), missed: alive.missed + 1 });
    if (alive.missed > MISSED && !alive.note) {
      page.before((alive.note = gone()));
      dispatchEvent(new CustomEvent(NO_ANSWER));
    }
    try { host.send({ type: "time" }); } catch { /* it is gone, and that is what we are finding out */ }
  };
  const looking = setInterval(look, 1000);
  host.on("msg:custom", heard);
  host.on("change:blocks", heard);
  return () => { clearInterval(looking); host.off("msg:custom", heard); host.off("change:blocks", heard); };
}

function gone() {
  const again = node("button", { type: "button" }, "Load this page again");
  again.addEventListener("click", () => location.reload());
  const words = "This page has had no answer for a while, so its buttons may do nothing. What was saved is kept.";
  return node("div", { class: "pw pw-board pw-gone", role: "alert" }, node("p", {}, words), again);
}

export function render({ model, el }) {
  const page = node("section", { class: "pw pw-board" });
  const put = painter(page, model);
  const paint = () => put(model.get("blocks") ?? []);
  const stopAsking = askTime(model);
  model.on("change:blocks", paint);
  paint();
  el.append(page);
  const letGo = lifeline(model, page);
  return () => { letGo(); model.off("change:blocks", paint); stopAsking(); };
}

export default { render };
