// Options in order: buttons place, move and take out; what moved keeps the focus, and its place is said aloud.

import { node, setText } from "../shared/dom.js";
import { fill } from "../shared/text.js";

export function rankingControl(context) {
  const options = context.question.options ?? [];
  /** @type {{ order: string[] }} */
  const state = { order: [] };
  const heads = ["ranked", "unranked"].map((name) =>
    node("p", { class: "pw-rank-head", id: `${context.id}-${name}` }, context.texts[name]),
  );
  const none = node("p", { class: "pw-rank-none" }, context.texts.no_order);
  const ranked = node("ol", { class: "pw-ranked", "aria-labelledby": heads[0].id });
  const unranked = node("ul", { class: "pw-unranked", "aria-labelledby": heads[1].id });
  const voice = node("p", { class: "pw-away", "aria-live": "polite" });
  const box = node("div", { class: "pw-ranking" }, heads[0], none, ranked, heads[1], unranked, voice);
  const rows = new Map(options.map((option) => [option.id, rankRow(context, option, (act) => move(option, act))]));
  const draw = () => {
    ranked.replaceChildren(...state.order.map((id) => rows.get(id)?.node).filter(Boolean));
    unranked.replaceChildren(
      ...options.filter((option) => !state.order.includes(option.id)).map((option) => rows.get(option.id).node),
    );
    none.hidden = state.order.length > 0;
    heads[1].hidden = unranked.childElementCount === 0;
    rows.forEach((row, id) => row.show(state.order.indexOf(id), state.order.length));
  };
  const move = (option, act) => {
    state.order = RANK_MOVES[act](state.order, option.id);
    draw();
    const number = state.order.indexOf(option.id) + 1;
    setText(
      voice,
      fill(number ? context.texts.is_place : context.texts.is_out, {
        label: option.label,
        number,
        all: state.order.length,
      }),
    );
    rows.get(option.id).focus(act);
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  draw();
  const read = () => (state.order.length ? [...state.order] : null);
  return {
    node: box,
    read,
    write: (value) => {
      state.order = (Array.isArray(value) ? value : []).filter((id) => rows.has(id));
      draw();
    },
  };
}

const RANK_MOVES = {
  place: (order, id) => [...order, id],
  take_out: (order, id) => order.filter((item) => item !== id),
  up: (order, id) => swap(order, order.indexOf(id), -1),
  down: (order, id) => swap(order, order.indexOf(id), 1),
};

function swap(order, at, by) {
  const moved = [...order];
  if (moved[at + by] !== undefined) [moved[at], moved[at + by]] = [moved[at + by], moved[at]];
  return moved;
}

function rankRow(context, option, act) {
  const { texts } = context;
  const buttons = Object.fromEntries(
    Object.keys(RANK_MOVES).map((name) => [
      name,
      node("button", { type: "button", class: "pw-quiet-button" }, texts[name]),
    ]),
  );
  for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", () => act(name));
  const number = node("span", { class: "pw-rank-number", "aria-hidden": "true" });
  const { place: placeButton, ...moves } = buttons;
  const row = node(
    "li",
    { class: "pw-rank" },
    number,
    node("span", { class: "pw-rank-label" }, option.label),
    node("span", { class: "pw-rank-buttons" }, placeButton, moves.up, moves.down, moves.take_out),
  );
  return {
    node: row,
    show(at, all) {
      const facts = { label: option.label, number: at < 0 ? all + 1 : at + 1 };
      setText(number, at < 0 ? "" : String(at + 1));
      placeButton.hidden = at >= 0;
      Object.values(moves).forEach((button) => void (button.hidden = at < 0));
      [
        ["place", "place_option"],
        ["up", "up_option"],
        ["down", "down_option"],
        ["take_out", "out_option"],
      ].forEach(([name, text]) => buttons[name].setAttribute("aria-label", fill(texts[text], facts)));
      moves.up.setAttribute("aria-disabled", String(at === 0));
      moves.down.setAttribute("aria-disabled", String(at === all - 1));
    },
    focus: (name) => (name === "take_out" ? placeButton : name === "place" ? moves.up : buttons[name]).focus(),
  };
}
