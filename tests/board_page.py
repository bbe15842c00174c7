"""A facilitator's board in a real browser, without JupyterLab around it: the real widget's blocks and what it hears."""

from __future__ import annotations

from playwright.sync_api import Page

from toolkit.notebook.board_widget import CSS, ESM, Board

SHOW = """async ({ script, style, count }) => {
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const board = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const looks = [];
  const begin = async (place) => {
    const ears = {};
    const known = { blocks: await boardHears(place, {}) };
    const tell = () => (ears["change:blocks"] ?? []).forEach((ear) => ear());
    const look = async () => { known.blocks = await boardHears(place, {}); tell(); };
    const send = async (message) => { await boardHears(place, message); for (const each of looks) await each(); };
    const model = { get: (name) => known[name], send, on: (name, ear) => (ears[name] ??= []).push(ear), off() {} };
    const part = document.createElement("div");
    document.querySelector("main").append(part);
    board.default.render({ model, el: part });
    looks.push(look);
  };
  for (let place = 0; place < count; place++) await begin(place);
  window.look = async () => { for (const each of looks) await each(); };
}"""
PLAIN = '<!doctype html><html lang="en"><title>Board</title><main class="pw pw-desk"><h1>Facilitator</h1></main></html>'


def show(page: Page, *boards: Board) -> None:
    """Let `page` show the blocks of boards below each other, and these hear what is chosen there."""

    def hears(place: int, message: dict[str, object]) -> list[dict[str, object]]:
        if message:
            boards[place]._handle_custom_msg(message, [])
        return list(boards[place].blocks)

    page.set_content(PLAIN)
    page.expose_function("boardHears", hears)
    style = f"{CSS}\nbody {{ margin: 0; padding: 1.5rem; }}"
    page.evaluate(SHOW, {"script": ESM, "style": style, "count": len(boards)})


def look(page: Page) -> None:
    """Show how the board stands now."""
    page.evaluate("look()")


def choose(board: Board, id_: str, value: str) -> None:
    """Choose something on a board, as its page would."""
    board._handle_custom_msg({"type": "chose", "id": id_, "value": value}, [])
