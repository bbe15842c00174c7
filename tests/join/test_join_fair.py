"""A full room, and somebody who spoils it: 300 phones fit, and nobody can use up what others need to join."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx
import pytest
from join_server import HERE, NO_TLS, Server
from loops import finished

from toolkit import Workshop
from toolkit.answers.model import SCRIBE
from toolkit.join.rate_limits import Fair, Limit, part_of
from toolkit.join.sessions import Sessions

pytestmark = pytest.mark.slow

ALDER = "Alder House"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="phones of several addresses: only Linux has 127.0.0.2")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("fair") / "room"
    with Workshop.open(folder) as workshop:
        workshop.roster.register(ALDER)
    started = Server(folder).start()
    yield started
    started.stop()


def phone_at(server: Server, place: str) -> httpx.Client:
    """A phone with an address of its own."""
    wire = httpx.HTTPTransport(local_address=place, verify=NO_TLS)
    phone = httpx.Client(base_url=server.url, headers={"origin": server.url}, timeout=30, transport=wire)
    server.phones.append(phone)
    return phone


def statuses(phone: httpx.Client, path: str, *bodies: dict[str, object]) -> Counter[int]:
    with ThreadPoolExecutor(8) as pool:
        return Counter(each.status_code for each in pool.map(lambda body: phone.post(path, json=body), bodies))


# 300 phones


class Phone:
    """One connection that joins and then holds its stream open, as cheap as a test needs for 300 of them."""

    async def come(self, port: int, key: str) -> None:
        self.reader, self.writer = await asyncio.open_connection(HERE, port)
        head, _ = await self._ask(port, "POST /api/join", json.dumps({"code": key, "organization": ALDER}))
        assert head.startswith("HTTP/1.1 201")
        cookie = head.split("set-cookie: ")[1].split(";")[0]
        self.writer.write(f"GET /api/changes HTTP/1.1\r\nhost: {HERE}:{port}\r\ncookie: {cookie}\r\n\r\n".encode())
        await self.reader.readuntil(b"event: answers")

    async def _ask(self, port: int, what: str, body: str) -> tuple[str, bytes]:
        host = f"{HERE}:{port}"
        head = f"{what} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncontent-type: application/json\r\n"
        self.writer.write(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())
        told = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        return told, await self.reader.readexactly(int(told.split("content-length: ")[1].split("\r\n")[0]))


@pytest.mark.skipif(sys.platform == "win32", reason="open files: Windows has no such limit")
def test_three_hundred_phones_fit_where_a_program_may_open_256_files(tmp_path: Path) -> None:
    with Workshop.open(tmp_path / "room") as workshop:
        workshop.roster.register(ALDER)
    server = Server(tmp_path / "room")
    served = f"-m toolkit.join.server {server.folder} --port {server.port} --host {HERE} --address {HERE}"
    command = f"ulimit -S -n 256 && ulimit -H -n 4096 && exec {sys.executable} -P {served}"
    server.process = subprocess.Popen(["sh", "-c", command], stdin=subprocess.DEVNULL, env=os.environ)
    try:
        server._await()
        phones = [Phone() for _ in range(300)]

        async def all_come() -> None:
            key = server.way().key
            for some in (phones[place : place + 50] for place in range(0, 300, 50)):
                await asyncio.wait_for(asyncio.gather(*(each.come(server.port, key) for each in some)), 60)
            for each in phones:
                each.writer.close()

        finished(all_come())
        with Workshop.open(server.folder) as workshop:
            assert len(workshop.roster.people) == 300
    finally:
        server.stop()


# Somebody who spoils it


@LINUX
def test_a_storm_of_wrong_codes_keeps_out_nobody_else(server: Server) -> None:
    way = server.way()
    phone = server.phone()
    said = {"code": way.key, "organization": ALDER}
    words = [phone.post("/api/join", json=said).json()["rejoin"] for _ in range(3)]
    phone.cookies.clear()
    places = [f"127.0.1.{each}" for each in range(1, 9)]
    for place in places:
        wrong = statuses(phone_at(server, place), "/api/door", *({"code": f"WRONG{each}"} for each in range(40)))
        assert set(wrong) <= {403, 429}
    assert statuses(phone_at(server, places[0]), "/api/door", {"code": "WRONG"}) == {429: 1}

    honest = phone_at(server, "127.0.2.1")
    assert statuses(honest, "/api/door", *[{"code": way.code}] * 20) == {200: 20}
    assert statuses(honest, "/api/join", *[said] * 20) == {201: 20}
    back = [{"code": way.key, "words": words[each % 3]} for each in range(20)]
    assert statuses(honest, "/api/rejoin", *back) == {200: 20}
    assert statuses(phone_at(server, places[0]), "/api/join", said) == {201: 1}, "the link works even there"


@LINUX
def test_a_storm_of_wrong_return_words_keeps_out_nobody_else(server: Server) -> None:
    key = server.way().key
    words = server.phone().post("/api/join", json={"code": key, "organization": ALDER}).json()["rejoin"]
    for place in (f"127.0.3.{each}" for each in range(1, 9)):
        tried = statuses(phone_at(server, place), "/api/rejoin", *[{"code": key, "words": "no such words"}] * 40)
        assert set(tried) <= {403, 429}
    assert statuses(phone_at(server, "127.0.3.1"), "/api/rejoin", {"code": key, "words": words}) == {429: 1}
    honest = phone_at(server, "127.0.2.2")
    assert statuses(honest, "/api/rejoin", *[{"code": key, "words": words}] * 20) == {200: 20}
    assert statuses(honest, "/api/door", {"code": server.way().code}) == {200: 1}


def test_each_address_has_a_part_that_others_cannot_take() -> None:
    now = [0.0]
    fair = Fair(Limit(2, 0.1), Limit(3, 0.1), clock=lambda: now[0])
    assert [fair.take("10.0.0.1") for _ in range(7)] == [True] * 5 + [False] * 2
    assert not fair.has("10.0.0.1")
    assert [fair.take("10.0.0.2") for _ in range(3)] == [True, True, False]
    now[0] = 10.0
    assert [fair.take("10.0.0.1") for _ in range(3)] == [True, True, False]


def test_looking_takes_nothing() -> None:
    fair = Fair(Limit(1, 0), Limit(0, 0), clock=lambda: 0.0)
    assert [fair.has("a") for _ in range(5)] == [True] * 5
    assert [fair.take("a"), fair.has("a")] == [True, False]


def test_more_addresses_than_a_room_can_have_share_one_part() -> None:
    moments = count(0, 0.000001)
    fair = Fair(Limit(1, 0.001), Limit(0, 0), clock=lambda: next(moments))
    taken = sum(fair.take(f"10.{each >> 8}.{each & 255}.1") for each in range(10_000))
    assert taken < 5_000
    assert len(fair._parts) < 5_000


def test_what_a_device_cannot_choose_itself_counts() -> None:
    same = ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:9::%eth0")
    assert {part_of(each) for each in same} == {"2001:db8::/64"}
    assert part_of("::ffff:10.0.0.1") == part_of("10.0.0.1") == "10.0.0.1"
    assert part_of("") == ""


# A join whose answer was lost


def test_a_repeated_join_is_the_same_person(server: Server) -> None:
    key, id_ = server.way().key, secrets.token_hex(16)
    said = {"code": key, "organization": ALDER, "name": "Ada", "id": id_}
    phones = [server.phone() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda phone: phone.post("/api/join", json=said), phones))
    assert [each.status_code for each in answers] == [201] * 8
    server.kill()
    server.start()
    answers.append(phones[0].post("/api/join", json=said))
    assert len({each.json()["me"]["identity"] for each in answers}) == 1
    with Workshop.open(server.folder) as workshop:
        assert [each.name for each in workshop.roster.people if each.name] == ["Ada"]
    for each in answers:
        back = server.phone().post("/api/rejoin", json={"code": key, "words": each.json()["rejoin"]})
        assert back.json()["me"]["name"] == "Ada", "whichever answer arrived, its words bring the person back"
    assert phones[0].get("/api/me").json()["name"] == "Ada"


def test_another_id_another_organization_or_a_shared_device_is_somebody_else(server: Server) -> None:
    key, id_ = server.way().key, secrets.token_hex(16)
    said = {"code": key, "organization": ALDER, "id": id_}
    others = [said, said | {"id": secrets.token_hex(16)}, said | {"organization": "Birch Line"}, said | {"table": True}]
    met = [server.phone().post("/api/join", json=each).json()["me"]["identity"] for each in others]
    assert len(set(met)) == 4
    plain = {"code": key, "organization": ALDER}
    assert len({server.phone().post("/api/join", json=plain).json()["me"]["identity"] for _ in range(2)}) == 2


@pytest.mark.parametrize("id_", ["x", "0" * 31, "0" * 33, "G" * 32, "0" * 32 + "\n", 5, None])
def test_an_id_that_somebody_could_guess_is_refused(server: Server, id_: object) -> None:
    said = {"code": server.way().key, "organization": ALDER, "id": id_}
    answer = server.phone().post("/api/join", json=said)
    assert answer.status_code == 422
    assert answer.json()["says"] == "This was not understood. Load the page again."


def test_the_id_of_a_join_is_kept_as_a_digest_alone_and_is_no_return_word(workshop: Workshop) -> None:
    (alder,), id_ = workshop.roster.register(ALDER), secrets.token_hex(16)
    sessions = Sessions(workshop)
    first = finished(sessions.begin(alder.id, "Ada", table=False, old=None, id_=id_))
    again = finished(Sessions(workshop).begin(alder.id, "Ada", table=False, old=first[0], id_=id_))
    assert Sessions(workshop).find(first[0]) is None, "the session of before is over on this device"
    assert Sessions(workshop).find(again[0])
    assert id_ not in json.dumps([[each.about, each.value] for each in workshop.current.store.events()])
    assert finished(sessions.again(id_, old=None)) is None
    finished(sessions.begin(alder.id, "", table=True, old=None, id_=id_))
    assert [each.id for each in workshop.roster.people if each.id != SCRIBE] == [workshop.roster.people[0].id]


# The last one here, because it uses up what the module's one server has for all


@LINUX
def test_one_device_uses_up_nobody_elses_joins_and_names(server: Server) -> None:
    key, greedy = server.way().key, phone_at(server, "127.0.4.1")
    made_up = [{"code": key, "organization": f"Invented {each}"} for each in range(80)]
    assert statuses(greedy, "/api/join", *made_up)[429] > 0
    assert statuses(greedy, "/api/join", *[{"code": key, "organization": ALDER}] * 450)[429] > 0
    for each in range(5):
        honest = phone_at(server, f"127.0.5.{each + 1}")
        assert honest.post("/api/join", json={"code": key, "organization": f"Real {each}"}).status_code == 201
        assert honest.post("/api/join", json={"code": key, "organization": ALDER}).status_code == 201
