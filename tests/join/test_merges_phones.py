"""Phones that came in under two names of one organization, on a real server: merged while they are in, and apart."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from join_server import Server, joined, served

from toolkit import Workshop

pytestmark = pytest.mark.slow

ALDER, TWIN, BIRCH = "Alder House", "Alder Haus", "Birch Line"
NOTES = "stakeholders_notes"


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER, TWIN, BIRCH)
    with served(tmp_path / "room", request) as server:
        yield server


def put(phone: httpx.Client, value: str, id_: str = "") -> httpx.Response:
    return phone.put(f"/api/answers/{id_ or secrets.token_hex(16)}", json={"question": NOTES, "value": value})


def soon(holds: Callable[[], bool]) -> None:
    """Wait until the server has looked: it looks twice a second."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def name(phone: httpx.Client) -> str:
    return str(phone.get("/api/me").json()["organization"])


def until_moved(phone: httpx.Client, begun: Callable[[], None]) -> list[str]:
    """The kinds of lines that a phone hears until it is told to ask anew; `begun` is called once it listens."""
    heard: list[str] = []
    with phone.stream("GET", "/api/changes") as stream:
        for row in stream.iter_lines():
            if row.startswith("event: "):
                heard.append(row.removeprefix("event: "))
            if heard == ["room", "answers"] and not row:
                begun()
            if "moved" in heard:
                break
    return heard


def test_phones_of_a_twin_speak_for_the_organization_from_their_next_request_on(server: Server) -> None:
    key = server.way().key
    ann, bo, table = (joined(server, key, each) for each in (ALDER, TWIN, BIRCH))
    bo_words = server.phone().post("/api/join", json={"code": key, "organization": TWIN}).json()["rejoin"]
    laptop = joined(server, key, ALDER, table=True)
    put(laptop, "What Alder's table wrote")
    put(table, "Birch's own")
    kept = secrets.token_hex(16)
    put(bo, "What Bo said", kept)
    who = bo.get("/api/me").json()["identity"]

    with Workshop.open(server.folder) as workshop:
        heard = until_moved(bo, lambda: workshop.roster.merge(TWIN, ALDER) and None)
        alder = workshop.roster.organization(ALDER)
    assert heard[:2] == ["room", "answers"]

    assert name(bo) == ALDER
    assert bo.get("/api/me").json()["identity"] == who
    told = bo.get("/api/answers").json()
    assert (told["ours"], told["mine"]) == ({NOTES: "What Alder's table wrote"}, {NOTES: "What Bo said"})
    assert put(bo, "What Bo said", kept).json()["repeated"] is True
    put(bo, "What Bo says now")
    with Workshop.open(server.folder) as workshop:
        said = {each.value for each in workshop.discussion.history(alder.id)}
        assert said == {"What Alder's table wrote", "What Bo said", "What Bo says now"}
        assert {each.organization for each in workshop.discussion.history(alder.id)} == {alder.id}
    assert bo.get("/api/draft.docx").headers["content-disposition"].startswith("attachment; filename=draft.docx")

    again = server.phone()
    assert again.post("/api/rejoin", json={"code": key, "words": bo_words}).status_code == 200
    assert name(again) == ALDER
    assert server.phone().post("/api/door", json={"code": key}).json()["organizations"] == [ALDER, BIRCH]
    assert name(joined(server, key, TWIN)) == ALDER
    assert (name(ann), name(table)) == (ALDER, BIRCH)
    assert table.get("/api/answers").json()["mine"] == {NOTES: "Birch's own"}
    assert table.get("/api/answers").json()["ours"] == {}


def test_colleagues_under_both_names_hear_each_other_and_after_taking_apart_no_more(server: Server) -> None:
    key = server.way().key
    laptop, twin, birch = (joined(server, key, each, table=True) for each in (ALDER, TWIN, BIRCH))
    with Workshop.open(server.folder) as workshop:
        workshop.roster.merge(TWIN, ALDER)
        soon(lambda: name(twin) == ALDER)
        put(twin, "Written at the twin's table")
        assert laptop.get("/api/answers").json()["ours"] == {NOTES: "Written at the twin's table"}
        assert birch.get("/api/answers").json()["ours"] == {}

        workshop.roster.take_apart(TWIN)
        soon(lambda: name(twin) == TWIN)
    assert laptop.get("/api/answers").json()["ours"] == {}
    assert twin.get("/api/answers").json()["ours"] == {NOTES: "Written at the twin's table"}
    put(laptop, "Alder alone")
    assert twin.get("/api/answers").json()["ours"] == {NOTES: "Written at the twin's table"}


@pytest.mark.own_process
def test_a_restarted_server_knows_who_was_merged(server: Server) -> None:
    twin = joined(server, server.way().key, TWIN, "Bo")
    with Workshop.open(server.folder) as workshop:
        workshop.roster.merge(TWIN, ALDER)
    server.kill()
    server.start()
    assert name(twin) == ALDER
