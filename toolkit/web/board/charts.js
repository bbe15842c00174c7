// Pictures: bars, small multiples, a map and a route, drawn as SVG here; each with its sentence and its table.
// Its law: every word is put into the picture as text, never as markup; what may not be counted has no length.

const SVG = "http://www.w3.org/2000/svg";
let pictures = 0;

function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function wrapped(words, most, rows = 3) {
  const found = [];
  for (const word of String(words).split(/\s+/)) {
    const last = found.length - 1;
    if (last >= 0 && `${found[last]} ${word}`.length <= most) found[last] += ` ${word}`;
    else found.push(word.length > most ? `${word.slice(0, most - 1)}…` : word);
  }
  if (found.length <= rows) return found;
  return [...found.slice(0, rows - 1), `${found[rows - 1].slice(0, most - 1)}…`];
}

function label(words, x, y, most, attributes = {}, rows = 3) {
  const lines = wrapped(words, most, rows);
  return shape("text", { x, y, ...attributes }, ...lines.map((line, place) => shape("tspan", { x, dy: place ? 18 : 0 }, line)));
}

const DRAWN = {
  bars: (shapes) => bars(shapes.bars, 640, 52),
  multiples: (shapes) => multiples(shapes.charts),
  path: (shapes) => route(shapes.nodes),
  map: (shapes) => stakeholders(shapes),
};

function barRow(each, y, wide, most) {
  const length = each.share == null ? 0 : Math.max(each.share * wide, each.share ? 2 : 0);
  const few = each.share == null ? [shape("rect", { x: 0.5, y: y + 8.5, width: 40, height: 13, class: "pw-few" })] : [];
  return shape("g", {}, label(each.label, 0, y, most, { class: "pw-name" }, 1),
    shape("rect", { x: 0, y: y + 8, width: wide, height: 14, class: "pw-ground" }),
    shape("rect", { x: 0, y: y + 8, width: length, height: 14, class: "pw-length" }), ...few,
    shape("text", { x: wide + 10, y: y + 20, class: "pw-count" }, each.words));
}

function bars(items, wide, step) {
  return { width: wide + 120, height: Math.max(items.length, 1) * step, parts: items.map((each, place) => barRow(each, place * step + 16, wide, 80)) };
}

function multiples(charts) {
  const across = 2, wide = 340, column = 500;
  const parts = [];
  let top = 0;
  for (let first = 0; first < charts.length; first += across) {
    const beside = charts.slice(first, first + across);
    beside.forEach((chart, place) => {
      const x = place * column;
      const rows = chart.bars.map((each, row) => barRow(each, 72 + row * 46, wide, 52));
      parts.push(shape("g", { transform: `translate(${x} ${top})` }, label(chart.title, 0, 16, 52, { class: "pw-chart" }), ...rows));
    });
    top += 84 + Math.max(...beside.map((chart) => chart.bars.length)) * 46;
  }
  return { width: across * column - 20, height: Math.max(top, 20), parts };
}

function arrow(x1, y1, x2, y2) {
  const turn = Math.atan2(y2 - y1, x2 - x1);
  const wing = (side) => `${x2 - 9 * Math.cos(turn + side)},${y2 - 9 * Math.sin(turn + side)}`;
  return shape("g", {}, shape("line", { x1, y1, x2, y2, class: "pw-arrow" }), shape("polygon", { points: `${x2},${y2} ${wing(0.45)} ${wing(-0.45)}`, class: "pw-tip" }));
}

function box(words, x, y, wide, high, kind = "") {
  const lines = wrapped(words, Math.floor(wide / 9));
  const first = y + high / 2 - (lines.length - 1) * 9 + 5;
  return shape("g", { class: `pw-node ${kind}` }, shape("rect", { x, y, width: wide, height: high, rx: 8 }),
    shape("text", { x: x + wide / 2, y: first, "text-anchor": "middle" }, ...lines.map((line, place) => shape("tspan", { x: x + wide / 2, dy: place ? 18 : 0 }, line))));
}

function route(nodes) {
  const across = 3, wide = 210, high = 76, gap = 45;
  const at = (place) => ({ x: (place % across) * (wide + gap) + 1, y: Math.floor(place / across) * (high + gap) + 1 });
  const parts = nodes.flatMap((words, place) => {
    const { x, y } = at(place);
    const made = [box(`${place + 1}. ${words}`, x, y, wide, high, place === nodes.length - 1 ? "pw-last" : "")];
    if (place + 1 < nodes.length) {
      const next = at(place + 1);
      made.push(next.y === y ? arrow(x + wide, y + high / 2, next.x, y + high / 2) : arrow(x + wide / 2, y + high, next.x + wide / 2, next.y));
    }
    return made;
  });
  return { width: across * (wide + gap) - gap + 2, height: Math.max(Math.ceil(nodes.length / across), 1) * (high + gap) - gap + 2, parts };
}

function stakeholders({ center, left, right, left_title, right_title }) {
  const wide = 230, high = 58, step = 70, all = Math.max(left.length, right.length, 1);
  const height = all * step + 30, middle = 30 + (all * step) / 2 - 6;
  const side = (words, count, x, draw) => words.map((each, place) => {
    const y = 30 + ((all - count) * step) / 2 + place * step;
    return [box(each, x, y, wide, high), draw(y + high / 2)];
  }).flat();
  return {
    width: 792, height,
    parts: [label(left_title, 1, 14, 40, { class: "pw-chart" }), label(right_title, 561, 14, 40, { class: "pw-chart" }),
      ...side(left, left.length, 1, (y) => arrow(1 + wide, y, 296, middle)), ...side(right, right.length, 561, (y) => arrow(496, middle, 561, y)),
      box(center, 296, middle - 48, 200, 96, "pw-last")],
  };
}

function picture(block) {
  const id = `pw-picture-${pictures++}`;
  const drawn = DRAWN[block.shapes.kind]?.(block.shapes);
  const head = node("figcaption", {}, node("strong", {}, text(block.title)), node("p", {}, text(block.summary)));
  const behind = node("details", {}, node("summary", {}, "The same as a table"), table({ caption: block.title, columns: block.columns, rows: block.rows }));
  if (!drawn || !block.rows.length) return node("figure", { class: "pw-figure" }, head);
  const svg = shape("svg", { viewBox: `0 0 ${drawn.width} ${drawn.height}`, role: "img", "aria-labelledby": `${id}-title ${id}-about`, class: "pw-picture" },
    shape("title", { id: `${id}-title` }, text(block.title)), shape("desc", { id: `${id}-about` }, text(block.summary)), ...drawn.parts);
  svg.style.maxWidth = `${drawn.width}px`;
  return node("figure", { class: "pw-figure" }, head, node("div", { class: "pw-scroll", tabindex: "0", role: "region", "aria-label": text(block.title) }, svg), behind);
}
