"""No acknowledged answer is lost, none is kept twice: kill -9 under load, acknowledgements that never arrive."""

from __future__ import annotations

import os
import random
import secrets
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from join_server import NO_TLS, Proxy, Server, joined

from toolkit import Workshop

pytestmark = pytest.mark.slow

NOTES = "stakeholders_notes"
PHONES = 20
KILLS = int(os.environ.get("WORKSHOP_KILLS", "40"))


@dataclass
class Writer(threading.Thread):
    """A phone that writes without pause, sends again what was not acknowledged, and keeps its own journal."""

    phone: httpx.Client
    stopped: threading.Event
    journal: dict[str, str] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        while not self.stopped.is_set():
            self._write(secrets.token_hex(16), f"words {len(self.journal)} {secrets.token_hex(4)}")

    def _write(self, id_: str, words: str) -> None:
        while not self.stopped.is_set():
            self.tries[id_] += 1
            with suppress(httpx.TransportError):
                answer = self.phone.put(f"/api/answers/{id_}", json={"question": NOTES, "value": words})
                if answer.status_code in {200, 201}:
                    self.journal[id_] = words
                    return
            time.sleep(0.05)


def test_no_acknowledged_answer_is_lost_when_the_server_is_killed_again_and_again(tmp_path: Path) -> None:
    server, chance, stopped = Server(tmp_path / "room").start(), random.Random(7), threading.Event()
    key = server.way().key
    writers = [Writer(joined(server, key, f"House {place % 5}"), stopped) for place in range(PHONES)]
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.05, 0.5))
        server.kill()
        server.start()
    stopped.set()
    for writer in writers:
        writer.join(30)
    server.stop()

    journal = {id_: words for writer in writers for id_, words in writer.journal.items()}
    with Workshop.open(server.folder) as workshop:
        kept = [
            (answer.id, answer.value)
            for one in workshop.organizations
            for answer in workshop.discussion.history(one.id)
        ]
    assert len(journal) >= KILLS * PHONES / 2
    assert {id_: words for id_, words in kept if id_ in journal} == journal
    assert [id_ for id_, times in Counter(id_ for id_, _ in kept).items() if times > 1] == []
    assert sum(times - 1 for writer in writers for times in writer.tries.values()) > 0


@pytest.mark.parametrize("dropped", [1000])
def test_an_acknowledgement_that_never_arrives_makes_no_second_answer(tmp_path: Path, dropped: int) -> None:
    server = Server(tmp_path / "room").start()
    wire = Proxy(server.port)
    wire.swallows = True
    phones = [joined(server, server.way().key, "One House") for _ in range(dropped // 25)]
    ids = [secrets.token_hex(16) for _ in range(dropped)]
    repeated = Counter[int]()
    for place, id_ in enumerate(ids):
        phone, said = phones[place % len(phones)], {"question": NOTES, "value": f"words {place}"}
        lost = httpx.Client(base_url=wire.url, headers={"origin": wire.url}, cookies=phone.cookies, verify=NO_TLS)
        with lost, pytest.raises(httpx.TransportError):
            lost.put(f"/api/answers/{id_}", json=said)
        repeated[phone.put(f"/api/answers/{id_}", json=said).status_code] += 1
    wire.close()
    server.stop()

    with Workshop.open(server.folder) as workshop:
        kept = [answer.id for answer in workshop.discussion.history(workshop.roster.organization("One House").id)]
    assert sorted(kept) == sorted(ids)
    assert repeated == {200: dropped}
