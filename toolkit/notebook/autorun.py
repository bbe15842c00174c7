"""Runs the notebooks' cells inside JupyterLab's own process, and again when what runs behind a page was replaced.

The only module that speaks Jupyter's Python; JupyterLab loads it by jupyter/jupyter_server_config.json.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from toolkit.web.styles import TOKENS, style_sheet

Message = dict[str, Any]
OUTPUT_MESSAGES = frozenset({"stream", "display_data", "execute_result", "error"})
FIRST_PAGE = "facilitator.ipynb"
LOOK_AGAIN = 0.5
LOOKS_FOR_THE_NEXT = 40
RUN_ADDRESS = "workshop/run"
"""Where an open page asks which run of its cells stands behind it; jupyter/labextensions/ has the page's side."""

TOKENS_ADDRESS = "workshop/tokens.css"
"""Where jupyter/custom/custom.css finds the colors and sizes of our pages."""

Behind = tuple[str, int | None]
"""What stands behind a page: its id, which a restart keeps, and its process, which a restart changes."""


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "toolkit.notebook.autorun"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.log.info("the notebooks fill themselves in")


async def _start_jupyter_server_extension(server: Any) -> None:
    pages = sorted(Path(server.root_dir).glob("*.ipynb"), key=lambda page: (page.name != FIRST_PAGE, page.name))
    server.live_pages = LivePages(server, pages)
    server.live_pages.begin()


class LivePages:
    """Which process stands behind each page, and whether the page's cells have run in it."""

    def __init__(self, server: Any, pages: list[Path]) -> None:
        self._server = server
        self._ran: dict[Path, Behind] = {}
        self._runs: dict[str, str] = {}
        self._one_at_a_time = {page: asyncio.Lock() for page in pages}
        self._read = server.contents_manager.get

    def begin(self) -> None:
        """Fill in one page after the other, and let a browser that is faster wait for its page."""
        self._server.contents_manager.get = self._get
        run, tokens = (url_path_join(self._server.base_url, address) for address in (RUN_ADDRESS, TOKENS_ADDRESS))
        handlers = [(run, RunHandler, {"live_pages": self}), (tokens, TokensHandler)]
        self._server.web_app.add_handlers(".*$", handlers)
        self._watching = asyncio.create_task(self._watch())

    def run_of(self, page: str) -> str | None:
        """Return the name of the latest run of a page's cells: a new one each time; None before the first."""
        return self._runs.get(page)

    async def _watch(self) -> None:
        while True:
            for page in self._one_at_a_time:
                await self._keep(page)
            await asyncio.sleep(LOOK_AGAIN)

    async def _get(self, path: str, *arguments: Any, **named: Any) -> Any:
        page = Path(self._server.root_dir, path.strip("/"))
        if page in self._one_at_a_time:
            await self._keep(page)
        model = self._read(path, *arguments, **named)
        return await model if inspect.isawaitable(model) else model

    async def _keep(self, page: Path) -> None:
        """Run the page's cells, when they have not run in the process that stands behind it now."""
        async with self._one_at_a_time[page]:
            try:
                await self._fill(page)
            except Exception as fault:  # one page's fault never stops the others; the next look tries again
                self._server.log.warning("%s is not filled in yet: %s", page.name, type(fault).__name__)

    async def _fill(self, page: Path) -> None:
        kernel = await session_of(self._server, page.name)
        behind = await _behind(self._server, kernel)
        if self._ran.get(page) != behind:
            await run(self._server, page, kernel)
            self._ran[page] = behind
            self._runs[page.name] = uuid4().hex
            Path(self._server.runtime_dir, f"live-{page.stem}").touch()


class RunHandler(APIHandler):
    """Tells an open page which run of its cells stands behind it: after another run, what the page shows is dead."""

    def initialize(self, live_pages: LivePages) -> None:
        """Take the pages of this server."""
        super().initialize()
        self._live_pages = live_pages

    @web.authenticated
    async def get(self) -> None:
        """Answer `{"run": name}`, with null while the page named by `?page=` has not run yet."""
        self.finish(json.dumps({"run": self._live_pages.run_of(self.get_query_argument("page", ""))}))


class TokensHandler(JupyterHandler):
    """Serves the colors and sizes of our pages to the style sheet of the page around them."""

    @allow_unauthenticated
    def get(self) -> None:
        """Answer with the style sheet; it holds nothing of the workshop, so that nobody has to sign in for it."""
        self.set_header("Content-Type", "text/css; charset=utf-8")
        self.finish(style_sheet(TOKENS))


async def session_of(server: Any, name: str) -> str:
    """Return the id of what stands behind that page, started when it is not there."""
    sessions = server.session_manager
    for session in await sessions.list_sessions():
        if session["path"] == name and session["kernel"]["id"] in server.kernel_manager:
            return str(session["kernel"]["id"])
    made = await sessions.create_session(path=name, name=name, type="notebook", kernel_name="python3")
    return str(made["kernel"]["id"])


async def _behind(server: Any, kernel: str) -> Behind:
    """Return which process stands behind a page, waiting for the next one when it has just died."""
    manager = server.kernel_manager.get_kernel(kernel)
    for _ in range(LOOKS_FOR_THE_NEXT):
        if await manager.is_alive():
            break
        await asyncio.sleep(LOOK_AGAIN)
    return kernel, getattr(manager.provisioner, "pid", None)


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
        if message["header"]["msg_type"] in OUTPUT_MESSAGES:
            outputs.append(nbformat.v4.output_from_msg(message))  # type: ignore[no-untyped-call]

    await client.execute_interactive(cell.source, output_hook=take, allow_stdin=False, timeout=120)
    return outputs
