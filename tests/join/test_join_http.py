"""What phones may ask, over real HTTP from a real process: come in, save once, read only one's own."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import httpx
import pytest
from join_server import NO_TLS, Server, joined, served
from loops import finished
from sheets import HARDEST
from stored import events_of, opinions_of

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import SCRIBE, Answer
from toolkit.facilitation import report_back, stages
from toolkit.facilitation.events import BallotEvent, ReleaseEvent
from toolkit.join.app import COOKIE, api
from toolkit.join.join_link import announce_join_link, digest, join_link_of
from toolkit.join.rate_limits import CODES, TRIES
from toolkit.join.request_guard import HEADERS
from toolkit.join.server import listen
from toolkit.join.static_files import FILES
from toolkit.web import WEB
from toolkit.web.linker import link

pytestmark = pytest.mark.slow

ALDER, BIRCH = "Alder House", "Birch Line"
QUESTION = "who_do_you_serve"
NOTES = "stakeholders_notes"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("join") / "room"
    with Workshop.open(folder, title="Spring") as workshop:
        workshop.roster.register(ALDER, BIRCH)
    started = Server(folder).start()
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.way().key


def put(phone: httpx.Client, value: object, question: str = NOTES, id_: str = "", **more: object) -> httpx.Response:
    said = {"question": question, "value": value} | more
    return phone.put(f"/api/answers/{id_ or secrets.token_hex(16)}", json=said)


def held(server: Server, organization: str, voice: str = "mine") -> list[object]:
    with Workshop.open(server.folder) as workshop:
        asked = workshop.roster.organization(organization)
        return [answer.value for answer in workshop.discussion.history(asked.id) if answer.voice == voice]


PUBLIC = {
    "/healthz": {"get"},
    "/api/join": {"post"},
    "/api/worksheet": {"get"},
    "/api/answers": {"get"},
    "/api/answers/{id}": {"put"},
    "/api/changes": {"get"},
    "/api/draft.docx": {"get"},
}
"""The routes that programs other than our own pages may rely on."""


def test_the_public_routes_are_described_to_everyone_and_nothing_of_the_workshop_is(server: Server, key: str) -> None:
    with server.phone() as stranger:
        described = stranger.get("/openapi.json")
        assert stranger.get("/docs").status_code == stranger.get("/redoc").status_code == 404
    assert described.status_code == 200
    paths = described.json()["paths"]
    assert {path: set(paths.get(path, {})) for path in PUBLIC} == PUBLIC
    assert set(paths["/api/answers/{id}"]["put"]["responses"]) >= {"200", "201"}
    for told in (ALDER, BIRCH, "Spring", key, server.way().code, QUESTION, str(server.folder)):
        assert told not in described.text


def lines(phone: httpx.Client, count: int, **headers: str) -> list[tuple[str, dict[str, object], str]]:
    """The first `count` server-sent events as (kind, what, id)."""
    told: list[tuple[str, dict[str, object], str]] = []
    event: dict[str, str] = {}
    with phone.stream("GET", "/api/changes", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for row in stream.iter_lines():
            name, _, said = row.partition(": ")
            event[name] = said
            if not row and "event" in event:
                told.append((event["event"], json.loads(event["data"]), event["id"]))
                event = {}
            if len(told) == count:
                return told
    return told


# Coming in


def test_the_key_of_the_link_and_the_code_on_the_screen_let_people_in(server: Server) -> None:
    way, phone = server.way(), server.phone()
    for said in (way.key, way.code, way.grouped_code.lower(), "-".join(way.grouped_code.split())):
        told = phone.post("/api/door", json={"code": said}).json()
        assert told == {"title": "Spring", "key": way.key, "organizations": [ALDER, BIRCH], "me": None}


def test_the_door_and_joining_say_who_one_is(server: Server, key: str) -> None:
    phone = server.phone()
    answer = phone.post("/api/join", json={"code": key, "organization": ALDER, "name": "Io"}).json()
    me = phone.get("/api/me").json()
    assert (me["organization"], me["name"]) == (ALDER, "Io")
    assert answer["me"] == me
    assert phone.post("/api/door", json={"code": key}).json()["me"] == me
    assert server.phone().post("/api/rejoin", json={"code": key, "words": answer["rejoin"]}).json()["me"] == me


@pytest.mark.parametrize("wrong", ["", "ABC DEF GHJ", "x" * 22, "\ud800", "0" * 60_000])
def test_a_wrong_code_lets_nobody_in(server: Server, wrong: str) -> None:
    body = json.dumps({"code": wrong}).encode()
    answer = server.phone().post("/api/door", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 403
    assert set(answer.json()) == {"says"}


def test_joining_gives_a_session_that_no_script_can_read_and_three_words(server: Server, key: str) -> None:
    phone = server.phone()
    answer = phone.post("/api/join", json={"code": key, "organization": ALDER, "name": "Bo"})

    assert answer.status_code == 201
    assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", answer.json()["rejoin"])
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    me = phone.get("/api/me").json()
    assert (me["organization"], me["name"], me["table"], me["title"]) == (ALDER, "Bo", False, "Spring")


def test_joining_again_ends_the_session_before(server: Server, key: str) -> None:
    phone = joined(server, key, ALDER)
    before = phone.cookies[COOKIE]
    assert phone.post("/api/join", json={"code": key, "organization": BIRCH}).status_code == 201
    assert phone.cookies[COOKIE] != before
    other = server.phone()
    other.cookies.set(COOKIE, before)
    assert other.get("/api/me").status_code == 401


def test_a_new_organization_is_registered_once(server: Server, key: str) -> None:
    for name in ("Cedar  Clinic", "cedar clinic"):
        assert joined(server, key, name).get("/api/me").json()["organization"] == "Cedar Clinic"
    assert server.phone().post("/api/join", json={"code": key, "organization": "  "}).status_code == 409


def test_a_table_that_its_words_bring_to_another_device_is_counted_once(server: Server, key: str) -> None:
    table = {"code": key, "organization": ALDER, "table": True}
    with Workshop.open(server.folder) as workshop:
        before = workshop.roster.shared_devices.total()
        words = server.phone().post("/api/join", json=table).json()["rejoin"]
        other = server.phone()
        assert other.post("/api/rejoin", json={"code": key, "words": words}).status_code == 200
        assert workshop.roster.shared_devices.total() == before + 1
        server.phone().post("/api/join", json=table)
        assert workshop.roster.shared_devices.total() == before + 2
        workshop.current.store.add_event(
            "session", "a session of before", ["table", workshop.roster.organization(ALDER).id, True]
        )
        assert workshop.roster.shared_devices.total() == before + 3


def test_a_table_of_an_older_version_is_counted_once_however_often_its_words_bring_it_back(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """An older version kept no id beside the words: the person, the organization, and that a table shares it."""
    with Workshop.open(tmp_path / "room") as workshop:
        (alder,) = workshop.roster.register(ALDER)
        for words in ("acorn-apple-arrow", "badge-basil-beach"):
            workshop.current.store.add_event("rejoin", digest(f"{workshop.id}/{words}"), [SCRIBE, alder.id, True])
    with served(tmp_path / "room", request) as server, Workshop.open(tmp_path / "room") as workshop:
        key = server.way().key
        for words, so_far in (("acorn-apple-arrow", 1), ("badge-basil-beach", 2)):
            for _ in range(3):
                assert server.phone().post("/api/rejoin", json={"code": key, "words": words}).status_code == 200
                assert workshop.roster.shared_devices.total() == so_far


def test_three_words_bring_the_same_person_back(server: Server, key: str) -> None:
    phone = server.phone()
    words = phone.post("/api/join", json={"code": key, "organization": ALDER}).json()["rejoin"]
    put(phone, "Mine")
    second = server.phone()
    assert second.post("/api/rejoin", json={"code": key, "words": "no-such-words"}).status_code == 403
    assert second.post("/api/rejoin", json={"code": "wrong", "words": words}).status_code == 403
    assert second.post("/api/rejoin", json={"code": key, "words": words.upper().replace("-", "  ")}).status_code == 200
    assert second.get("/api/answers").json()["mine"] == {NOTES: "Mine"}
    assert second.get("/api/me").json()["identity"] == phone.get("/api/me").json()["identity"]


def test_guessing_codes_waits_while_the_link_goes_on_and_others_save(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER)
    with served(tmp_path / "room", request) as server:
        way, guesser = server.way(), server.phone()
        began = time.monotonic()
        with ThreadPoolExecutor() as pool:
            guesses = [pool.submit(guessed, guesser, each) for each in range(400)]
            writer = joined(server, way.key, ALDER)
            saved = [put(writer, f"While codes are guessed {each}").status_code for each in range(20)]
            met = [joined(server, way.key, ALDER).get("/api/me").status_code for _ in range(20)]
        answers = Counter(each.result() for each in guesses)
        seconds = time.monotonic() - began
        most = sum(limit.burst + limit.each_second * seconds for limit in (CODES, TRIES))
        assert set(answers) == {403, 429}
        assert CODES.burst <= answers[403] <= most
        assert saved == [201] * 20
        assert met == [200] * 20


def guessed(phone: httpx.Client, place: int) -> int:
    return phone.post("/api/door", json={"code": f"WRONG{place:04}"}).status_code


# Saving


def test_an_answer_is_saved_once_whatever_is_repeated(server: Server, key: str) -> None:
    phone, id_ = joined(server, key, "Once"), secrets.token_hex(16)
    answers = [put(phone, "One", id_=id_) for _ in range(5)]
    assert [each.status_code for each in answers] == [201, 200, 200, 200, 200]
    assert len({each.json()["sequence"] for each in answers}) == 1
    assert held(server, "Once") == ["One"]


def test_an_emptied_answer_is_an_answer(server: Server, key: str) -> None:
    phone = joined(server, key, "Emptied")
    assert [put(phone, value).status_code for value in ("One", None)] == [201, 201]
    assert phone.get("/api/answers").json()["mine"] == {}
    assert held(server, "Emptied") == ["One", None]


@pytest.mark.parametrize(
    ("question", "value", "status"),
    [
        ("no_such_question", "x", 422),
        (NOTES, "x" * 20_001, 422),
        (NOTES, {"a": 1}, 422),
        (NOTES, ["x"], 422),
        (QUESTION, "not a list", 422),
        ("\ud800", "x", 422),
        (NOTES, "x" * 66_000, 413),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    server: Server, key: str, question: str, value: object, status: int
) -> None:
    phone = joined(server, key, "Refused")
    body = json.dumps({"question": question, "value": value}).encode()
    headers = {"content-type": "application/json"}
    answer = phone.put(f"/api/answers/{secrets.token_hex(16)}", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.json()["says"].endswith(".")
    assert held(server, "Refused") == []


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("PUT", "/api/answers/{id}", {"value": "Words"}),
        ("PUT", "/api/proposals/{id}", {"value": "Words"}),
        ("POST", "/api/reveal", {}),
        ("POST", "/api/writing", {}),
        ("GET", "/api/cautions?question=question_x9", None),
    ],
)
def test_who_writes_to_a_question_that_was_never_asked_reads_no_id_of_ours(
    server: Server, key: str, method: str, path: str, said: dict[str, object] | None
) -> None:
    phone = joined(server, key, "Refused")
    body = None if said is None else said | {"question": "question_x9"}
    answer = phone.request(method, path.replace("{id}", secrets.token_hex(16)), json=body)
    assert answer.status_code == 422
    assert answer.json()["says"] == (
        "This question is not in the workshop any more, so these words could not be saved. They are still on this "
        "device. Copy them, then reload the page."
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"value": 1}', b"\xff\xfe", b"[" * 30_000, b'{"question": 3}'])
def test_what_is_no_answer_at_all_is_refused(server: Server, key: str, body: bytes) -> None:
    phone = joined(server, key, "Refused")
    headers = {"content-type": "application/json"}
    answer = phone.put(f"/api/answers/{secrets.token_hex(16)}", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"says"}


def test_a_long_message_without_a_length_is_cut_off(server: Server, key: str) -> None:
    phone = joined(server, key, "Refused")
    answer = phone.put(f"/api/answers/{secrets.token_hex(16)}", content=(b"x" * 1000 for _ in range(200)))
    assert answer.status_code == 413


def test_limits_belong_to_the_session_and_not_to_its_connections(server: Server, key: str) -> None:
    phone, heavy = joined(server, key, "Flood"), "x" * 60_000
    got = []
    for _ in range(30):
        device = httpx.Client(base_url=server.url, headers=phone.headers, cookies=phone.cookies, verify=NO_TLS)
        with device as fresh:
            got.append(put(fresh, "x", ballast=heavy).status_code)
    assert got[:8] == [201] * 8
    assert 429 in got
    assert put(joined(server, key, "Calm"), "x").status_code == 201


# Apart


def test_a_table_writes_for_its_organization_and_both_versions_stay(server: Server, key: str) -> None:
    one, two = joined(server, key, "Table", table=True), joined(server, key, "Table", table=True)
    assert put(one, "First").status_code == 201
    assert put(two, "Second").status_code == 201
    assert put(one, "x", voice="mine").status_code == 409
    seen = one.get("/api/answers").json()
    assert (seen["mine"], seen["ours"], seen["colleagues"]) == ({}, {NOTES: "Second"}, [])
    assert seen["upto"] >= 2
    assert held(server, "Table", "ours") == ["First", "Second"]


def test_colleagues_are_hidden_until_they_are_revealed(server: Server, key: str) -> None:
    ann, bo, other = (joined(server, key, name) for name in ("Apart", "Apart", "Elsewhere"))
    put(ann, "Ann's words")
    assert bo.get("/api/answers").json()["colleagues"] == []
    with Workshop.open(server.folder) as workshop:
        workshop.record(stages.reveal("stakeholders"))
    assert "stakeholders" in _until(bo, "room", lambda told: told["revealed"])["revealed"]
    assert [each["value"] for each in bo.get("/api/answers").json()["colleagues"]] == ["Ann's words"]
    assert ann.get("/api/answers").json()["colleagues"] == []
    assert other.get("/api/answers").json()["colleagues"] == []
    with Workshop.open(server.folder) as workshop:
        workshop.record(stages.reveal("stakeholders", yes=False))
    _until(bo, "room", lambda told: not told["revealed"])
    assert bo.get("/api/answers").json()["colleagues"] == []


def _until(phone: httpx.Client, kind: str, holds: object) -> dict[str, object]:
    """Listen until an event of this kind says what is waited for; the client's own patience is the limit."""
    event: dict[str, str] = {}
    with phone.stream("GET", "/api/changes") as stream:
        for row in stream.iter_lines():
            name, _, said = row.partition(": ")
            event[name] = said
            if not row and event.get("event") == kind and holds(json.loads(event["data"])):  # type: ignore[operator]
                return dict(json.loads(event["data"]))
    raise AssertionError("the line ended")


def test_an_agreed_text_is_made_of_ones_own_organizations_answers(server: Server, key: str) -> None:
    ann, other = joined(server, key, "Agreeing"), joined(server, key, "Stranger")
    mine, theirs = secrets.token_hex(16), secrets.token_hex(16)
    put(ann, "Mine", id_=mine)
    put(other, "Theirs", id_=theirs)
    assert put(ann, "Ours", voice="ours", made_from=[mine]).status_code == 201
    assert put(ann, "Ours", voice="ours", made_from=[mine, theirs]).status_code == 422
    assert held(server, "Agreeing", "ours") == ["Ours"]


def test_the_organization_is_never_taken_from_what_is_sent(server: Server, key: str) -> None:
    phone = joined(server, key, "Honest")
    before = held(server, ALDER)
    assert put(phone, "x", organization=ALDER, person="somebody").status_code == 201
    assert held(server, ALDER) == before
    assert held(server, "Honest") == ["x"]


def test_the_line_tells_the_whole_and_then_what_changes(server: Server, key: str) -> None:
    one, two = joined(server, key, "Line", table=True), joined(server, key, "Line", table=True)
    put(one, "Before")
    (state, answers) = lines(two, 2)
    assert (state[0], answers[0]) == ("room", "answers")
    assert answers[1]["ours"] == {NOTES: "Before"}
    with two.stream("GET", "/api/changes", headers={"last-event-id": answers[2]}) as stream:
        rows = stream.iter_lines()
        while not next(rows).startswith("event: answers"):
            pass
        put(one, "After")
        while not next(rows).startswith("event: changed"):
            pass
        told = json.loads(next(rows).removeprefix("data: "))
        assert (told["question"], told["value"], told["voice"]) == (NOTES, "After", "ours")
        assert told["sequence"] > answers[1]["upto"]


def test_what_a_notebook_writes_reaches_the_phones(server: Server, key: str) -> None:
    phone = joined(server, key, "Noted", table=True)
    with phone.stream("GET", "/api/changes") as stream, Workshop.open(server.folder) as workshop:
        rows = stream.iter_lines()
        while not next(rows).startswith("event: answers"):
            pass
        notebook = workshop.form("stakeholders", "Noted")
        notebook.widget.send = lambda _: None
        notebook._on_message(
            None, {"type": "save", "id": secrets.token_hex(16), "question": NOTES, "value": "Noted"}, []
        )
        while not next(rows).startswith("event: changed"):
            pass
        assert json.loads(next(rows).removeprefix("data: "))["value"] == "Noted"


def test_a_hand_is_seen_by_the_room(server: Server, key: str) -> None:
    phone = joined(server, key, ALDER)
    assert phone.post("/api/help", json={"asks": True}).json() == {"asks": True}
    person = phone.get("/api/me").json()["identity"].rsplit("/", 1)[1]
    with Workshop.open(server.folder) as workshop:
        assert person in stages.fold(workshop.current.store.events()).needs_help


def test_the_draft_is_the_organizations_own(server: Server, key: str) -> None:
    phone = joined(server, key, "Draft Makers")
    answer = phone.get("/api/draft.docx")
    assert answer.status_code == 200
    assert downloaded_as(answer) == "Draft Makers - policy draft.docx"
    text = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    assert "Draft Makers" in text
    assert ALDER not in text


def downloaded_as(answer: httpx.Response) -> str:
    """Return the name that a browser gives a download: RFC 6266, in the letters of RFC 5987 and no others."""
    sent = answer.headers["content-disposition"]
    found = re.fullmatch(r"attachment; filename=draft\.docx; filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)", sent)
    assert found, sent
    return unquote(found[1], errors="strict")


@pytest.mark.parametrize(
    ("organization", "called"),
    [
        ('Women\'s Hilfe: Żółta/Łódź; "süd"', "Women's Hilfe- Żółta-Łódź; 'süd' - policy draft.docx"),
        ("مركز دعم الأسرة", "مركز دعم الأسرة - policy draft.docx"),
        ("性暴力被害者支援 🏠", "性暴力被害者支援 🏠 - policy draft.docx"),
    ],
)
def test_a_download_is_called_as_the_file_of_an_export(
    server: Server, key: str, organization: str, called: str
) -> None:
    assert downloaded_as(joined(server, key, organization).get("/api/draft.docx")) == called


# Together


def voices(phone: httpx.Client, question: str = NOTES) -> dict[str, Any]:
    return dict(phone.get("/api/voices", params={"stage": "stakeholders"}).json()[question])


def propose(phone: httpx.Client, value: object, id_: str = "", **more: object) -> httpx.Response:
    return phone.put(f"/api/proposals/{id_ or secrets.token_hex(16)}", json={"question": NOTES, "value": value} | more)


def judge(phone: httpx.Client, answer: str, *, agrees: bool, id_: str = "", note: str = "") -> httpx.Response:
    said = {"question": NOTES, "answer": answer, "agrees": agrees, "note": note}
    return phone.put(f"/api/opinions/{id_ or secrets.token_hex(16)}", json=said)


def test_colleagues_show_each_other_their_answers_and_agree(server: Server, key: str) -> None:
    ann, bo, other = (joined(server, key, name, "Wren") for name in ("Pair", "Pair", "Other pair"))
    mine, ours = secrets.token_hex(16), secrets.token_hex(16)
    put(ann, "Ann's words", id_=mine)
    assert [voices(bo)[part] for part in ("answered", "of", "voices")] == [1, 2, []]
    assert bo.post("/api/reveal", json={"question": NOTES}).status_code == 200
    assert [each["value"] for each in voices(bo)["voices"]] == ["Ann's words"]

    assert propose(bo, "Our words", ours, made_from=[mine], note="Short").status_code == 201
    assert propose(bo, "Our words", ours, made_from=[mine], note="Short").status_code == 200
    assert judge(ann, ours, agrees=True).status_code == 200
    (seen,) = voices(ann)["proposals"]
    assert (seen["reads"], seen["status"], seen["supporters"], seen["note"]) == ("Our words", "agreed", 2, "Short")

    assert propose(other, "Theirs", made_from=[mine]).status_code == 422
    assert judge(other, ours, agrees=False).status_code == 422
    assert voices(other)["proposals"] == voices(other)["voices"] == []
    assert not voices(other)["revealed"]


def test_a_repeated_opinion_changes_nothing(server: Server, key: str) -> None:
    ann, bo = joined(server, key, "Repeated"), joined(server, key, "Repeated")
    ours, first = secrets.token_hex(16), secrets.token_hex(16)
    propose(ann, "Ours", ours)
    assert judge(bo, ours, agrees=True, id_=first).status_code == 200
    assert judge(bo, ours, agrees=False, note="Not yet").status_code == 200
    assert judge(bo, ours, agrees=True, id_=first).status_code == 200
    with Workshop.open(server.folder) as workshop:
        thought = [(each.agrees, each.note) for each in opinions_of(workshop) if each.answer == ours]
    assert thought == [(True, ""), (False, "Not yet")]


def test_who_writes_is_told_to_colleagues_alone_and_kept_nowhere(server: Server, key: str) -> None:
    ann, bo, other = joined(server, key, "Pen", "Wren"), joined(server, key, "Pen"), joined(server, key, "Ink")
    with Workshop.open(server.folder) as workshop:
        before = {each.kind for each in workshop.current.store.events()}
    assert ann.post("/api/writing", json={"question": NOTES}).status_code == 200
    assert [voices(each)["writing"] for each in (ann, bo, other)] == [[], ["Wren"], []]
    with Workshop.open(server.folder) as workshop:
        assert {each.kind for each in workshop.current.store.events()} <= before | {"presence"}


def test_client_details_are_counted_without_their_words(server: Server, key: str) -> None:
    phone = joined(server, key, "Counted")
    assert phone.post("/api/tripwire", json={"rule": RULE, "kept": False, "found": "555-0142"}).status_code == 200
    assert phone.post("/api/tripwire", json={"rule": "call 555-0142", "kept": True}).status_code == 422
    with Workshop.open(server.folder) as workshop:
        counted = [(each.about, each.value) for each in workshop.current.store.events("tripwire")]
    assert counted == [(RULE, False)]


def told_voices(rows: Iterator[str]) -> dict[str, Any]:
    """What the next line about voices says, by question."""
    while not next(rows).startswith("event: voices"):
        pass
    told: dict[str, Any] = json.loads(next(rows).removeprefix("data: "))
    return told


def test_phones_are_told_which_voices_changed_also_by_a_notebook(server: Server, key: str) -> None:
    ann, bo = (joined(server, key, "Stirred", name) for name in ("Wren", "Otter"))
    ours = secrets.token_hex(16)
    put(ann, "Ann's words")
    person = ann.get("/api/me").json()["identity"].rsplit("/", 1)[1]
    with bo.stream("GET", "/api/changes") as stream, Workshop.open(server.folder) as workshop:
        rows, group = stream.iter_lines(), workshop.roster.organization("Stirred").id
        assert voices(bo)["voices"] == []
        acts = (
            lambda: workshop.discussion.reveal(group, NOTES),
            lambda: workshop.discussion.propose(Answer(ours, group, person, NOTES, "Ours")),
            lambda: workshop.discussion.judge(group, Opinion(ours, person, agrees=True)),
        )
        for act in acts:
            act()
            told = told_voices(rows)
            while told[NOTES] != voices(bo):
                told = told_voices(rows)
        assert set(told) == {NOTES}, "nothing but what changed"
        assert [each["value"] for each in told[NOTES]["voices"]] == ["Ann's words"]


def test_a_phone_is_told_of_hidden_answers_only_how_many_there_are(server: Server, key: str) -> None:
    ann, bo = (joined(server, key, "Discreet", name) for name in ("Wren", "Otter"))
    with bo.stream("GET", "/api/changes") as stream:
        rows = stream.iter_lines()
        assert voices(bo)["answered"] == 0
        put(ann, "Nobody may read this yet")
        told = told_voices(rows)
    assert told[NOTES] == voices(bo)
    assert (told[NOTES]["answered"], told[NOTES]["voices"]) == (1, [])
    assert "Nobody" not in json.dumps(told)


# Report back


@pytest.fixture
def voting(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Server, dict[str, httpx.Client]]]:
    """Two organizations with their hardest point, on the board and released by the first alone; five devices."""
    with Workshop.open(tmp_path / "voting") as workshop:
        workshop.roster.register(ALDER, BIRCH)
    with served(tmp_path / "voting", request) as server:
        key = server.way().key
        phones = {name: joined(server, key, ALDER, name) for name in ("Ann", "Bo")}
        phones |= {"Zoe": joined(server, key, BIRCH, "Zoe"), "table": joined(server, key, ALDER, table=True)}
        put(phones["Ann"], "Alder finds this hard", HARDEST)
        put(phones["Zoe"], "Birch finds this hard", HARDEST)
        assert release(phones["Ann"]).status_code == 201
        drive(server, report_back.show(), report_back.open_vote())
        yield server, phones


def drive(server: Server, *acts: tuple[str, str, Any]) -> None:
    """As the facilitator's notebook does it: in a store of its own."""
    with Workshop.open(server.folder) as workshop:
        for each in acts:
            workshop.record(each)


def report(phone: httpx.Client) -> dict[str, Any]:
    return dict(phone.get("/api/report").json())


def release(phone: httpx.Client, id_: str = "", *, yes: bool = True, mark: str | None = None) -> httpx.Response:
    said = {"yes": yes, "mark": report(phone)["release"]["mark"] if mark is None else mark, "organization": BIRCH}
    return phone.put(f"/api/releases/{id_ or secrets.token_hex(16)}", json=said)


def ballot(phone: httpx.Client, dots: dict[str, object], id_: str = "", **more: object) -> httpx.Response:
    return phone.put(f"/api/ballots/{id_ or secrets.token_hex(16)}", json={"dots": dots} | more)


def on_board(phone: httpx.Client) -> str:
    (point,) = report(phone)["vote"]["points"]
    return str(point["id"])


def counted(server: Server) -> dict[str, dict[str, int]]:
    with Workshop.open(server.folder) as workshop:
        names = {each.id: each.name for each in (*workshop.roster.people, *workshop.organizations)}
        return {names[voter]: dict(dots) for voter, dots in workshop.report_back.reported().back.ballots.items()}


Voting = tuple[Server, dict[str, httpx.Client]]


def test_a_phone_is_shown_what_was_released_and_its_own_dots_and_no_count(voting: Voting) -> None:
    server, phones = voting
    point = on_board(phones["Zoe"])
    for name, dots in {"Ann": 3, "Bo": 2, "Zoe": 1, "table": 3}.items():
        assert ballot(phones[name], {point: dots}).status_code == 201
    for name, dots in {"Ann": 3, "Bo": 2, "Zoe": 1, "table": 3}.items():
        seen = report(phones[name])["vote"]
        assert (seen["state"], seen["of"], seen["result"]) == ("open", 3, [])
        (shown,) = seen["points"]
        assert shown == {
            "id": point, "title": "Alder finds this hard", "group": False, "mine": dots,
            "lines": [{"who": ALDER, "words": "Alder finds this hard"}],
        }  # fmt: skip
    assert "Birch finds" not in phones["Ann"].get("/api/report").text
    assert counted(server) == {"Ann": {point: 3}, "Bo": {point: 2}, "Zoe": {point: 1}, ALDER: {point: 3}}
    drive(server, report_back.close_vote())
    assert report(phones["Zoe"])["vote"]["result"] == []

    drive(server, report_back.show_votes())
    seen = report(phones["Zoe"])["vote"]
    assert (seen["state"], seen["points"]) == ("shown", [])
    assert [(each["title"], each["words"]) for each in seen["result"]] == [("Alder finds this hard", "9 dots")]


@pytest.mark.own_process
def test_a_ballot_counts_once_and_the_latest_counts(voting: Voting) -> None:
    server, phones = voting
    point, first = on_board(phones["Ann"]), secrets.token_hex(16)
    assert [ballot(phones["Ann"], {point: 2}, first).status_code for _ in range(3)] == [201, 200, 200]
    assert ballot(phones["Ann"], {point: 1}).status_code == 201
    assert ballot(phones["Ann"], {point: 2}, first).status_code == 200
    assert counted(server) == {"Ann": {point: 1}}
    with Workshop.open(server.folder) as workshop:
        assert len(events_of(workshop, BallotEvent)) == 2
    server.kill()
    server.start()
    assert report(phones["Ann"])["vote"]["points"][0]["mine"] == 1


def test_nobody_votes_as_somebody_else_or_for_what_is_not_there_or_with_more_dots(voting: Voting) -> None:
    server, phones = voting
    point = on_board(phones["Ann"])
    bo = phones["Bo"].get("/api/me").json()["identity"].rsplit("/", 1)[1]
    with Workshop.open(server.folder) as workshop:
        birch = report_back.point(HARDEST, workshop.roster.organization(BIRCH).id)

    for dots in ({birch: 1}, {"no such point": 1}, {point: 4}, {point: -1}, {point: 1.5}, {point: True}):
        answer = ballot(phones["Ann"], dots)
        assert answer.status_code == 422
        assert answer.json()["says"].endswith(".")
    assert counted(server) == {}
    assert ballot(phones["Ann"], {point: 1}, voter=bo, person=bo, about="room").status_code == 201
    assert counted(server) == {"Ann": {point: 1}}


def test_after_the_close_and_before_the_opening_no_dot_is_taken(voting: Voting) -> None:
    server, phones = voting
    point = on_board(phones["Ann"])
    assert ballot(phones["Ann"], {point: 1}).status_code == 201
    drive(server, report_back.close_vote())
    late = ballot(phones["Ann"], {point: 3})
    assert (late.status_code, "closed" in late.json()["says"]) == (409, True)
    drive(server, report_back.open_vote(), report_back.show(yes=False))
    assert ballot(phones["Ann"], {point: 3}).status_code == 409
    assert report(phones["Ann"])["vote"] == {"state": "", "of": 3, "points": [], "result": []}
    assert counted(server) == {"Ann": {point: 1}}


def test_any_member_says_what_the_room_may_see_and_the_others_see_who(voting: Voting) -> None:
    server, phones = voting
    assert [report(phones[each])["release"]["who"] for each in ("Ann", "Bo", "table")] == ["You", "Ann", "Ann"]
    assert not report(phones["Zoe"])["release"]["yes"]
    with Workshop.open(server.folder) as workshop:
        (first,) = (event.id for event in events_of(workshop, ReleaseEvent))

    assert release(phones["table"], yes=False).status_code == 201
    assert release(phones["Ann"], first).status_code == 200
    assert not report(phones["Ann"])["release"]["yes"]
    assert report(phones["Zoe"])["vote"]["points"] == []


def test_words_that_are_not_there_or_changed_meanwhile_are_not_released(voting: Voting) -> None:
    _, phones = voting
    assert release(phones["Bo"], yes=False).status_code == 201
    assert release(phones["Bo"]).status_code == 409  # Ann's words, which she has not shown to colleagues yet
    seen = report(phones["Ann"])["release"]["mark"]
    put(phones["Ann"], "Something else", HARDEST)
    assert release(phones["Ann"], mark=seen).status_code == 409
    assert release(phones["Ann"]).status_code == 201
    put(phones["Ann"], "Later words", HARDEST)

    assert report(phones["Ann"])["release"]["changed"]
    assert [each["title"] for each in report(phones["Zoe"])["vote"]["points"]] == ["Something else"]


def test_phones_are_told_how_the_vote_stands_and_of_words_only_that_they_changed(voting: Voting) -> None:
    server, phones = voting
    seen = _until(phones["Zoe"], "room", lambda told: told["vote"] == "open")
    drive(server, report_back.close_vote())
    assert _until(phones["Zoe"], "room", lambda told: told["vote"] == "closed")["ballot"] == seen["ballot"]
    release(phones["Zoe"])
    changed = _until(phones["Ann"], "room", lambda told: told["ballot"] != seen["ballot"])
    assert "hard" not in json.dumps(changed)


# Around


def test_everything_kept_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    server = Server(tmp_path / "room").start()
    way = server.way()
    phone = joined(server, way.key, ALDER)
    words = server.phone().post("/api/join", json={"code": way.key, "organization": BIRCH}).json()["rejoin"]
    put(phone, "Kept")
    server.kill()
    server.start()
    try:
        assert server.way() == way
        assert phone.get("/api/answers").json()["mine"] == {NOTES: "Kept"}
        assert server.phone().post("/api/rejoin", json={"code": way.key, "words": words}).status_code == 200
    finally:
        server.stop()


def test_no_secret_is_kept_and_no_id_or_word_is_logged(server: Server, key: str) -> None:
    phone, id_ = joined(server, key, "Silent House", "Silent Person"), secrets.token_hex(16)
    put(phone, "silent words", id_=id_)
    phone.get("/api/silent-path", params={"q": "silent-query"})
    log = (server.folder / ".workshop" / "join.log").read_text()
    assert "PUT /api/answers/{id} 201" in log
    assert "ilent" not in log
    for secret in (id_, phone.cookies[COOKIE], key):
        assert secret not in log
    with Workshop.open(server.folder) as workshop:
        kept = json.dumps(
            [[event.kind, event.about, event.value] for event in workshop.current.store.events("session")]
        )
    assert phone.cookies[COOKIE] not in kept


def test_a_folder_that_is_gone_is_said_and_nothing_is_acknowledged_into_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server, id_ = Server(tmp_path / "room").start(), secrets.token_hex(16)
    try:
        way = server.way()
        phone = joined(server, way.key, ALDER)
        assert put(phone, "Before").status_code == 201
        (tmp_path / "room").rename(tmp_path / "elsewhere")
        refused = [put(phone, "While it was gone", id_=id_), phone.get("/api/me"), phone.get("/healthz")]
        refused += [server.phone().post("/api/join", json={"code": way.key, "organization": ALDER})]
        assert {(each.status_code, each.json()["says"]) for each in refused} == {(503, GONE)}
        seen = _awaited(capfd, "until then nothing new is saved.")

        (tmp_path / "elsewhere").rename(tmp_path / "room")
        assert put(phone, "While it was gone", id_=id_).status_code == 201
        seen += _awaited(capfd, "Phones now send what they kept.")
        rmtree(tmp_path / "room")
        assert put(phone, "Nowhere").status_code == 503
        assert not (tmp_path / "room").exists()
        assert server.stop() == 0
    finally:
        server.kill()
    assert str(tmp_path / "room") in seen
    assert "Traceback" not in seen + capfd.readouterr().err


GONE = "The facilitator's computer cannot save just now: the workshop's folder is gone, or was replaced."
GONE += " Tell the facilitator."


def _awaited(capfd: pytest.CaptureFixture[str], words: str) -> str:
    """What the window that started the server shows, until these words are there."""
    seen, end = "", time.monotonic() + 60
    while words not in seen:
        assert time.monotonic() < end, f"{words!r} was not said"
        time.sleep(0.1)
        seen += capfd.readouterr().err
    return seen


def test_a_workshop_has_one_join_page(tmp_path: Path) -> None:
    server = Server(tmp_path / "room").start()
    try:
        way = server.way()
        command = [sys.executable, "-P", "-m", "toolkit.join.server", str(server.folder), "--port", "0"]
        second = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert second.stderr == f"{server.folder}: {TWICE}\n"
        assert server.way() == way
        server.kill()
        server.start()
    finally:
        server.stop()


TWICE = (
    "another program is running this workshop's join page. "
    "Nothing is lost. End that program, or restart this computer, then start again."
)

JUPYTER = """
/lab /tree /notebooks /api/kernels /api/kernelspecs /api/sessions /api/contents /api/contents/answers.db /api/terminals
/api/status /api/config /api/nbconvert /api/spec.yaml /api/events /api/security/csp-report /api/shutdown /nbconvert
/files /files/answers.db /edit /view /terminals/1 /terminals/websocket/1 /kernelspecs /static/notebook /voila /login
/logout /lab/api/settings /lab/extensions /docs /redoc /metrics /../answers.db /%2e%2e/answers.db /static/../answers.db
""".split()  # noqa: SIM905


@pytest.mark.parametrize("path", JUPYTER)
def test_nothing_of_jupyter_answers_here(server: Server, path: str) -> None:
    assert server.phone().get(path).status_code == 404


HOSTS = ("127.0.0.1", "localhost", "evil.example", "")
ORIGINS = ("own", "http://evil.example", None)
RIGHT = {("127.0.0.1", "own"), ("localhost", "own")}


@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("host", HOSTS)
def test_only_our_own_page_at_our_own_address_may_change_anything(
    server: Server, key: str, host: str, origin: str | None
) -> None:
    named = f"{host}:{server.port}" if host else ""
    given = {"host": named, "content-type": "application/json"}
    if origin:
        given["origin"] = f"http://{named}" if origin == "own" else origin
    answer = httpx.post(f"{server.url}/api/door", json={"code": key}, headers=given, verify=NO_TLS)
    assert (answer.status_code == 200) == ((host, origin) in RIGHT)


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "evil.example@127.0.0.1", "127.0.0.1/x", "8.8.8.8", "[::"])
def test_a_host_that_only_looks_like_ours_is_refused(server: Server, host: str) -> None:
    assert httpx.get(f"{server.url}/", headers={"host": host}, verify=NO_TLS).status_code in {400, 421}


def test_another_page_may_not_even_read(server: Server) -> None:
    assert httpx.get(f"{server.url}/api/me", headers={"origin": "http://evil.example"}).status_code == 403
    assert httpx.get(f"{server.url}/", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_every_answer_carries_the_headers(server: Server, key: str) -> None:
    phone = joined(server, key, ALDER)
    answers = [phone.get(route.path) for route in routes() if route.path != "/api/changes" and "GET" in route.methods]
    answers += [phone.post(route.path, json={}) for route in routes() if "POST" in route.methods]
    answers += [phone.put(route.path, json={}) for route in routes() if "PUT" in route.methods]
    answers += [phone.get("/nowhere"), phone.delete("/"), phone.put("/api/answers/x", json={}), phone.post("/api/join")]
    answers += [httpx.get(server.url, headers={"host": "evil.example"}), put(phone, "x" * 66_000)]
    assert {each.status_code for each in answers} >= {200, 404, 405, 413, 421, 422}
    for answer in answers:
        for name, value in HEADERS:
            assert answer.headers[name.decode()] == value.decode()
        assert answer.headers["cache-control"] in {"no-store", "no-cache"}
        assert "server" not in answer.headers


def test_the_first_load_is_small(server: Server, key: str) -> None:
    phone = joined(server, key, ALDER)
    size = 0
    for path in (*FILES, "/api/worksheet"):
        with phone.stream("GET", path) as stream:
            assert stream.headers["content-encoding"] == "gzip"
            size += sum(map(len, stream.iter_raw()))
    assert size < 60 * 1024


def test_a_file_that_a_phone_has_is_not_sent_again(server: Server) -> None:
    phone = server.phone()
    mark = phone.get("/page.js").headers["etag"]
    again = phone.get("/page.js", headers={"if-none-match": mark})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)


def test_a_file_comes_packed_only_to_who_unpacks(server: Server) -> None:
    phone = server.phone()
    plain = phone.get("/page.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert phone.get("/page.js").headers["content-encoding"] == "gzip"
    assert phone.get("/page.js").content == plain.content
    head = phone.head("/page.js", headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.content))


def test_small_answers_do_not_wait_for_the_phones_receipt() -> None:
    """40 ms for each file, when the system gathers small packets (TCP_NODELAY is off)."""

    async def options() -> int:
        got: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def taken(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(taken, sock=listen("127.0.0.1", 0)) as serving:
            _, writer = await asyncio.open_connection(*serving.sockets[0].getsockname())
            try:
                return await got
            finally:
                writer.close()

    assert finished(options())


def test_the_form_is_the_very_code_of_the_notebooks(server: Server) -> None:
    sent = server.phone().get("/page.js").text
    entry = WEB / "form" / "form_in_page.js"
    for name in re.findall(r"(?m)^// (\S+)$", link(entry)):
        module = WEB / name
        lines = [line.partition(" // ")[0].lstrip() for line in _without_imports(module).split("\n")]
        code = [line.removeprefix("export ") for line in lines if line and not line.startswith("//")]
        assert "\n".join(code) in sent, name


def _without_imports(module: Path) -> str:
    text = re.sub(r'(?m)^import \{[^}]*\} from "[^"]+";\n', "", module.read_text(encoding="utf-8"))
    return re.sub(r"(?s)/\*.*?\*/ ?", "", text)


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.js")), ids=lambda path: path.relative_to(WEB).as_posix())
def test_no_text_in_the_browser_code_goes_on_over_a_line_end(path: Path) -> None:
    """Phones get the files without indentation, which would change such a text."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        assert line.count("`") % 2 == 0, line


# Who may what: each route and each kind of visitor; a new route without a row fails


def routes() -> list[Any]:
    """Every route of the application; one of a kind that we do not know has no path, and fails."""
    with TemporaryDirectory() as folder, Workshop.open(Path(folder) / "room") as workshop:
        return list(_flat(api(workshop, announce_join_link(workshop, 8000, ["127.0.0.1"])).routes))


def _flat(found: list[Any]) -> Iterator[Any]:
    for route in found:
        inside = getattr(route, "original_router", None)
        yield from _flat(inside.routes) if inside else [route]


NOBODY, OWN, OTHER, TABLE, ENDED = "nobody", "own", "other", "table", "ended"
OPEN = dict.fromkeys((NOBODY, OWN, OTHER, TABLE, ENDED), 200)
INSIDE = OPEN | {NOBODY: 401}
MATRIX: dict[str, dict[str, int]] = {
    "GET /": OPEN, "GET /page.js": OPEN, "GET /old.js": OPEN,
    "GET /page.css": OPEN, "GET /form.css": OPEN,
    "GET /icon.svg": OPEN, "GET /healthz": OPEN, "GET /openapi.json": OPEN,
    "POST /api/door": dict.fromkeys(OPEN, 403) | {ENDED: 410},
    "POST /api/join": dict.fromkeys(OPEN, 403) | {ENDED: 410},
    "POST /api/rejoin": dict.fromkeys(OPEN, 403) | {ENDED: 410},
    "GET /api/me": INSIDE,
    "GET /api/worksheet": INSIDE,
    "GET /api/answers": INSIDE,
    "PUT /api/answers/{id}": dict.fromkeys(OPEN, 201) | {NOBODY: 401, ENDED: 410},
    "GET /api/changes": INSIDE,
    "POST /api/help": INSIDE | {ENDED: 410},
    "GET /api/draft.docx": INSIDE, "GET /api/naming": INSIDE, "PUT /api/naming": INSIDE,
    "GET /api/outline": INSIDE,
    "GET /api/voices": INSIDE,
    "PUT /api/proposals/{id}": dict.fromkeys(OPEN, 201) | {NOBODY: 401, ENDED: 410},
    "PUT /api/opinions/{id}": INSIDE | {OTHER: 422, TABLE: 422, ENDED: 410},
    "POST /api/reveal": INSIDE | {ENDED: 410},
    "POST /api/writing": INSIDE | {ENDED: 410},
    "GET /api/cautions": INSIDE,
    "POST /api/tripwire": INSIDE | {ENDED: 410},
    "GET /api/report": INSIDE,
    "PUT /api/ballots/{id}": dict.fromkeys(OPEN, 201) | {NOBODY: 401, ENDED: 410},
    "PUT /api/releases/{id}": dict.fromkeys(OPEN, 201) | {NOBODY: 401, ENDED: 410},
    "POST /api/leave": OPEN,
}  # fmt: skip
"""What each visitor gets, without the key in hand."""

SECRET, SECRET_ID = "Only Alder may read this", "a" * 32
RULE = "c1_phone"


def asked(phone: httpx.Client, row: str) -> tuple[int, str]:
    """Ask one route as this visitor, again when it was too fast; return the status and all the words that came back."""
    while (answer := _asked(phone, row))[0] == 429:
        time.sleep(0.5)
    return answer


def _asked(phone: httpx.Client, row: str) -> tuple[int, str]:
    method, path = row.split()
    said = {"code": "wrong", "organization": ALDER, "words": "a-b-c", "question": NOTES, "value": "x", "asks": True}
    said |= {"answer": SECRET_ID, "agrees": True, "rule": RULE, "kept": True}
    said |= {"dots": {}, "yes": False, "named": False}
    body, stage = (said if method in {"POST", "PUT"} else None), {"stage": "stakeholders", "question": NOTES}
    with phone.stream(method, path.replace("{id}", secrets.token_hex(16)), json=body, params=stage) as answer:
        if path != "/api/changes" or answer.status_code != 200:
            return answer.status_code, answer.read().decode("utf-8", "replace")
        read = ""
        for part in answer.iter_text():
            read += part
            if "event: answers" in read and read.endswith("\n\n"):
                break
        return answer.status_code, read


def test_an_organization_chooses_whether_its_draft_names_its_people(server: Server, key: str) -> None:
    ann, bo, other = (joined(server, key, name, "Wren-xq") for name in ("Naming", "Naming", "Not naming"))
    for phone in (ann, bo, other):
        put(phone, ["Those who come"], QUESTION)
    assert "-xq" not in package(ann)

    assert bo.put("/api/naming", json={"named": True}).json() == {"named": True}

    assert [each.get("/api/naming").json()["named"] for each in (ann, bo, other)] == [True, True, False]
    assert "Agreed: Wren-xq, Wren-xq (of 2)" in package(ann)
    assert "-xq" not in package(other)


def package(phone: httpx.Client) -> str:
    """The draft that a phone takes home, all its parts as text."""
    with ZipFile(BytesIO(phone.get("/api/draft.docx").content)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_each_route_lets_in_whom_it_should_and_shows_nobody_anothers_words(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = {f"{method} {route.path}" for route in routes() for method in route.methods - {"HEAD"}}
    assert found == set(MATRIX)

    with served(tmp_path / "room", request) as server:
        key = server.way().key
        own, other, table = (
            joined(server, key, ALDER),
            joined(server, key, BIRCH),
            joined(server, key, BIRCH, table=True),
        )
        late = joined(server, key, ALDER)
        put(own, SECRET, id_=SECRET_ID)
        put(own, SECRET, HARDEST)
        with Workshop.open(server.folder) as workshop:
            for act in (stages.reveal("stakeholders"), report_back.show(), report_back.open_vote()):
                workshop.record(act)
        visitors = {NOBODY: server.phone(), OTHER: other, TABLE: table}
        for row, wanted in MATRIX.items():
            for who, phone in visitors.items():
                status, words = asked(phone, row)
                assert (row, who, status) == (row, who, wanted[who])
                assert SECRET not in words
        for row in ("GET /api/answers", "GET /api/voices", "GET /api/report"):
            assert SECRET in asked(own, row)[1]
        for row, wanted in MATRIX.items():
            assert (row, asked(own, row)[0]) == (row, wanted[OWN])
        with Workshop.open(server.folder) as workshop:
            workshop.record(stages.end())
        _until(late, "room", lambda told: told["ended"])
        for row, wanted in MATRIX.items():
            assert (row, asked(late, row)[0]) == (row, wanted[ENDED])


def test_the_way_in_is_written_where_notebooks_read_it(server: Server) -> None:
    with Workshop.open(server.folder) as workshop:
        way = join_link_of(workshop)
    assert way
    assert way.url == f"{server.url}/"
    assert way.link() == f"{server.url}/#{way.key}"
    assert len(way.key) >= 22


def test_a_broad_wording_is_looked_at_again_by_who_wrote_it(server: Server, key: str) -> None:
    own, colleague = joined(server, key, ALDER), joined(server, key, ALDER)
    put(own, {"other": "Staff must give us their passwords."}, "client_requests")
    told = own.get("/api/cautions", params={"question": "client_requests"}).json()["cautions"]
    assert [each["found"] for each in told] == ["must give us their passwords"]
    assert all(each["why"] and each["narrower"] for each in told)
    assert colleague.get("/api/cautions", params={"question": "client_requests"}).json() == {"cautions": []}
    assert own.get("/api/cautions", params={"question": "nothing"}).status_code == 422
