"""LIVE PAGES: inside JupyterLab's own process, keeps every notebook filled in, whatever happens to what runs behind it.

The only module that speaks Jupyter's Python; JupyterLab loads it by jupyter/jupyter_server_config.json.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import nbformat

Message = dict[str, Any]
SHOWN = frozenset({"stream", "display_data", "execute_result", "error"})
FIRST = "facilitator.ipynb"
LOOK_AGAIN = 0.5


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "toolkit.live_pages"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.log.info("the notebooks fill themselves in")


async def _start_jupyter_server_extension(server: Any) -> None:
    threading.Thread(target=_end_with_starter, args=(server,), daemon=True).start()
    pages = sorted(Path(server.root_dir).glob("*.ipynb"), key=lambda page: (page.name != FIRST, page.name))
    server.live_pages = asyncio.create_task(keep_live(server, pages))


def _end_with_starter(server: Any) -> None:
    """Stop when the program that started us is gone: its end of our input closes, even by kill -9."""
    if not sys.stdin.isatty():
        sys.stdin.buffer.read()
        server.io_loop.add_callback(server.stop)


async def keep_live(server: Any, pages: list[Path]) -> None:
    """Run each page's cells, the facilitator's first, and again whenever a fresh process stands behind a page."""
    ran: dict[Path, tuple[str, int | None]] = {}
    while True:
        for page in pages:
            await _keep_one(server, page, ran)
        await asyncio.sleep(LOOK_AGAIN)


async def _keep_one(server: Any, page: Path, ran: dict[Path, tuple[str, int | None]]) -> None:
    try:
        session = await session_of(server, page.name)
        behind = _behind(server, session)
        if ran.get(page) != behind:
            await run(server, page, session["kernel"]["id"])
            ran[page] = behind
            Path(server.runtime_dir, f"live-{page.stem}").touch()
    except Exception as fault:  # one page's fault never stops the others; the next look tries again
        server.log.warning("%s is not filled in yet: %s", page.name, type(fault).__name__)


async def session_of(server: Any, name: str) -> Message:
    """Return what stands behind that page, started when it is not there."""
    sessions = server.session_manager
    for session in await sessions.list_sessions():
        if session["path"] == name and session["kernel"]["id"] in server.kernel_manager:
            return dict(session)
    return dict(await sessions.create_session(path=name, name=name, type="notebook", kernel_name="python3"))


def _behind(server: Any, session: Message) -> tuple[str, int | None]:
    """Return which process stands behind a page: another one means that the page's cells must run again."""
    kernel = session["kernel"]["id"]
    return kernel, getattr(server.kernel_manager.get_kernel(kernel).provisioner, "pid", None)


async def run(server: Any, page: Path, kernel: str) -> None:
    """Run the cells of a page, write what they show into it, and sign it, so that it is shown at first paint."""
    client = server.kernel_manager.get_kernel(kernel).client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        notebook = nbformat.read(page, as_version=4)  # type: ignore[no-untyped-call]
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = await shown_by(client, cell)
        nbformat.write(notebook, page)  # type: ignore[no-untyped-call]
        server.contents_manager.notary.sign(notebook)
    finally:
        client.stop_channels()


async def shown_by(client: Any, cell: Any) -> list[Any]:
    """Return what one cell shows; a cell that tests is not run here."""
    outputs: list[Any] = []
    if "test" in cell.metadata.get("tags", []):
        return outputs

    def take(message: Message) -> None:
        if message["header"]["msg_type"] in SHOWN:
            outputs.append(nbformat.v4.output_from_msg(message))  # type: ignore[no-untyped-call]

    await client.execute_interactive(cell.source, output_hook=take, allow_stdin=False, timeout=120)
    return outputs
