"""A facilitator's board in a real browser, without JupyterLab around it: the real widget's blocks and what it hears."""

from __future__ import annotations

from playwright.sync_api import Page

from toolkit.form.board import Board

SHOW = """async ({ script, style }) => {
  const ears = {};
  const say = (name, ...said) => (ears[name] ?? []).forEach((ear) => ear(...said));
  const known = { blocks: await boardHears({}) };
  const send = async (message) => { known.blocks = await boardHears(message); say("change:blocks"); };
  window.look = () => send({});
  const model = { get: (name) => known[name], send, on: (name, ear) => (ears[name] ??= []).push(ear), off() {} };
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const board = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  board.default.render({ model, el: document.querySelector("main") });
}"""
PLAIN = '<!doctype html><html lang="en"><title>Board</title><main class="pw pw-desk"></main></html>'


def show(page: Page, board: Board) -> None:
    """Let `page` show a board's blocks, and the board hear what is chosen there."""

    def hears(message: dict[str, object]) -> list[dict[str, object]]:
        if message:
            board._handle_custom_msg(message, [])
        return list(board.blocks)

    page.set_content(PLAIN)
    page.expose_function("boardHears", hears)
    page.evaluate(SHOW, {"script": Board._esm, "style": f"{Board._css}\nbody {{ margin: 0; padding: 1.5rem; }}"})


def look(page: Page) -> None:
    """Show how the board stands now."""
    page.evaluate("look()")


def choose(board: Board, id_: str, value: str) -> None:
    """Choose something on a board, as its page would."""
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])
