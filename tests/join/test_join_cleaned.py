"""Only the saved value travels on: what the store returns is what every page, stream and file gets, over real HTTP."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from hostile import EVERY
from join_server import Server, joined

from toolkit import Workshop
from toolkit.answers.model import Answer

pytestmark = pytest.mark.slow

ALDER = "Alder House"
NOTES, LIST, CHOICE, CONTACT = "stakeholders_notes", "who_do_you_serve", "easiest", "contact"
MORE = (
    "x\ud83dy", "line one\x0bline two", "page\x0cbreak", "next\x85line", " edges ", "tail \n\n", "a\r\nb\rc", "e\u0301",
    "a\x00\x1b[31m", "\ufeffmark", "\ufffc", "\u200b", "\u3164", "\u2800\u00ad", "a\u2028b",
)  # fmt: skip
WORDS = tuple(dict.fromkeys([*MORE, *(each for each in EVERY if len(each) <= 2_000)]))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("cleaned") / "room"
    with Workshop.open(folder) as workshop:
        workshop.roster.register(ALDER)
    started = Server(folder).start()
    yield started
    started.stop()


@dataclass
class Listener:
    """Another page of the same person, which hears on its stream what is told, in the order in which it comes."""

    phone: httpx.Client
    told: dict[int, dict[str, object]] = field(default_factory=dict)
    has_all: threading.Event = field(default_factory=threading.Event)
    is_there: threading.Event = field(default_factory=threading.Event)

    def listen(self) -> None:
        kind, rest = "", b""
        with self.phone.stream("GET", "/api/changes", timeout=60) as stream:
            for some in stream.iter_bytes():
                *rows, rest = (rest + some).split(b"\n")  # a browser ends a line here only, httpx at U+0085 too
                for row in rows:
                    kind = self.heard(kind, row.decode())
                if self.has_all.is_set():
                    return

    def heard(self, kind: str, row: str) -> str:
        name, _, said = row.partition(": ")
        if name == "data" and kind == "answers":
            self.is_there.set()
        if name == "data" and kind == "changed":
            change = json.loads(said)
            self.told[change["sequence"]] = change
            if change["value"] == "The end":
                self.has_all.set()
        return said if name == "event" else kind


def put(phone: httpx.Client, question: str, value: object, id_: str = "", what: str = "answers") -> httpx.Response:
    body = json.dumps({"question": question, "value": value}).encode()
    place = f"/api/{what}/{id_ or secrets.token_hex(16)}"
    return phone.put(place, content=body, headers={"content-type": "application/json"})


def put_patiently(phone: httpx.Client, question: str, value: object, id_: str) -> httpx.Response:
    """A page waits when it is asked to."""
    for _ in range(200):
        answer = put(phone, question, value, id_)
        if answer.status_code != 429:
            return answer
        threading.Event().wait(0.3)
    return answer


def stored(server: Server) -> dict[str, Answer]:
    with Workshop.open(server.folder) as workshop:
        return {each.id: each for each in workshop.discussion.history(workshop.roster.organization(ALDER).id)}


def test_what_is_saved_is_what_everyone_gets(server: Server) -> None:
    key = server.way().key
    writer, second = server.phone(), server.phone()
    words = writer.post("/api/join", json={"code": key, "organization": ALDER}).json()["rejoin"]
    assert second.post("/api/rejoin", json={"code": key, "words": words}).status_code == 200
    listener = Listener(second)
    hearing = threading.Thread(target=listener.listen, daemon=True)
    hearing.start()
    assert listener.is_there.wait(60)

    acknowledged: dict[str, tuple[object, dict[str, object]]] = {}
    for words in WORDS:
        id_ = secrets.token_hex(16)
        answer = put_patiently(writer, NOTES, words, id_)
        assert answer.status_code == 201, f"{words!r}: {answer.text}"
        acknowledged[id_] = words, answer.json()
    put_patiently(writer, NOTES, "The end", secrets.token_hex(16))
    assert listener.has_all.wait(60)
    hearing.join(60)

    found = stored(server)
    for id_, (sent, told) in acknowledged.items():
        kept = found[id_].value
        assert told.get("value", sent) == kept, f"{sent!r}: the answer to the phone"
        assert ("value" in told) == (kept != sent)
        assert listener.told[told["sequence"]]["value"] == kept, f"{sent!r}: the stream"  # type: ignore[index]
        json.dumps(kept, ensure_ascii=False).encode()


def test_colleagues_the_table_and_files_get_the_saved_words(server: Server, tmp_path: Path) -> None:
    key = server.way().key
    hostile = "\x1b[2J one\x0btwo \ud83d \u202e"
    writer, colleague = joined(server, key, "Cedar Trust"), joined(server, key, "Cedar Trust")
    assert put(writer, NOTES, hostile).status_code == 201
    assert put(writer, LIST, [hostile, "  " + hostile]).status_code in {201, 422}
    offered = put(writer, NOTES, f" offered {hostile}", what="proposals")
    assert offered.status_code == 201
    colleague.post("/api/reveal", json={"question": NOTES})
    with Workshop.open(server.folder) as workshop:
        cedar = workshop.roster.organization("Cedar Trust")
        kept = {(each.question, each.voice): each.value for each in workshop.discussion.history(cedar.id)}
        mine, ours = kept[NOTES, "mine"], kept[NOTES, "ours"]
        workshop.export(tmp_path / "drafts")
        frame = workshop.answers
    assert offered.json()["value"] == ours
    seen = colleague.get("/api/voices", params={"stage": "stakeholders"}).json()[NOTES]
    assert [each["value"] for each in seen["voices"] if not each.get("mine")] == [mine]
    assert ours in [each["value"] for each in seen["proposals"]]
    shown = colleague.get("/api/answers").json()["colleagues"]
    assert [each["value"] for each in shown if each["value"] not in kept.values()] == []
    assert {mine, ours} <= set(frame["value"])
    raw = json.dumps([colleague.get(path).text for path in ("/api/answers", "/api/voices?stage=stakeholders")])
    assert "\\u001b" not in raw
    assert "\\ud83d" not in raw.lower()


@pytest.mark.parametrize("words", MORE, ids=ascii)
def test_no_words_of_anybody_make_the_page_fail(server: Server, words: str) -> None:
    """In every place in which a phone may put words: 2xx or a sentence, never a fault of the workshop."""
    key = server.way().key
    phone = joined(server, key, ALDER)
    json_ = {"content-type": "application/json"}
    bodies = {
        "/api/door": {"code": words},
        "/api/join": {"code": key, "organization": words, "name": words},
        "/api/rejoin": {"code": key, "words": words},
        "/api/reveal": {"question": words},
        "/api/writing": {"question": words},
        "/api/tripwire": {"rule": words, "kept": True},
    }
    answers = [phone.post(path, content=json.dumps(body).encode(), headers=json_) for path, body in bodies.items()]
    phone = joined(server, key, ALDER)
    notes = {"question": NOTES, "value": "x", "note": words, "voice": words, "made_from": [words]}
    answers += [
        phone.put(f"/api/answers/{secrets.token_hex(16)}", content=json.dumps(notes | more).encode(), headers=json_)
        for more in ({}, {"voice": None}, {"voice": None, "made_from": []}, {"question": words})
    ]
    opinion = {"question": NOTES, "answer": words, "agrees": False, "note": words}
    answers.append(
        phone.put(f"/api/opinions/{secrets.token_hex(16)}", content=json.dumps(opinion).encode(), headers=json_)
    )
    given = words.encode("utf-8", "replace").decode()
    answers += [
        phone.get(path, params={name: given})
        for path, name in (("/api/voices", "stage"), ("/api/cautions", "question"))
    ]
    for each in answers:
        assert each.status_code in {200, 201, 403, 409, 422, 429}, f"{each.request.url} {each.status_code} {each.text}"
        assert each.status_code < 300 or each.json()["says"].endswith(".")


# What is told when something is wrong


def test_an_id_that_another_answer_has_is_told_truly(server: Server) -> None:
    phone, id_ = joined(server, server.way().key, ALDER), secrets.token_hex(16)
    assert put(phone, NOTES, "First", id_).status_code == 201
    refused = put(phone, NOTES, "Other words", id_)
    assert refused.status_code == 409
    assert refused.json()["says"] == "Another answer has this id. Nothing that was saved is lost. Load the page again."
    assert stored(server)[id_].value == "First"


def test_a_workshop_that_is_broken_is_never_told_as_a_fault_of_the_answer(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER)
    server = Server(tmp_path / "room").start()
    try:
        phone = joined(server, server.way().key, ALDER)
        with sqlite3.connect(tmp_path / "room" / "answers.db") as harm:
            columns = "name, hash, format, content, sources, after_answer, chosen_at"
            newest = "SELECT name, 'x', format, '{', sources, after_answer, chosen_at FROM worksheets"
            harm.execute(f"INSERT INTO worksheets ({columns}) {newest}")
        harm.close()
        asked = [put(phone, NOTES, "Mine"), put(phone, NOTES, "Ours", what="proposals")]
        asked += [phone.get("/api/voices?stage=stakeholders"), phone.get("/api/outline"), phone.get("/api/draft.docx")]
        for each in asked:
            assert each.status_code == 503, f"{each.request.url} {each.status_code} {each.text}"
            assert "facilitator's computer" in each.json()["says"]
            assert str(tmp_path) not in each.text
            assert "answers.db" not in each.text
    finally:
        server.stop()


def test_a_log_that_is_removed_under_the_page_is_told_to_phones_and_facilitator(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server = Server(tmp_path / "room").start()
    try:
        phone = joined(server, server.way().key, ALDER)
        saved = [put(phone, NOTES, f"Saved {each}").status_code for each in range(20)]
        (tmp_path / "room" / "answers.db-wal").unlink()
        refused = put(phone, NOTES, "While it was gone")
        assert (saved, refused.status_code) == ([201] * 20, 503)
        assert refused.json()["says"] == (
            "The facilitator's computer cannot save just now: another program removed answers.db-wal while the "
            "workshop was open. Tell the facilitator."
        )
        seen = ""
        for _ in range(600):
            seen += capfd.readouterr().err
            if "Everything saved before is safe." in seen:
                break
            threading.Event().wait(0.1)
        assert "Press Ctrl+C in the workshop's window, then start it again. Everything saved before is safe." in seen
        server.kill()
        with Workshop.open(tmp_path / "room") as workshop:
            values = [each.value for each in workshop.discussion.history(workshop.roster.organization(ALDER).id)]
        assert values[:20] == [f"Saved {each}" for each in range(20)]
    finally:
        server.stop()
