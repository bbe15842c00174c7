"""Where phones find the room: addresses, key, code, picture; and the buckets and words behind the way in."""

from __future__ import annotations

import math
import re
from itertools import count

from loops import finished
from stored import sequences

from toolkit import Workshop
from toolkit.facilitation.invitation import join_link_event
from toolkit.join import join_link
from toolkit.join.rate_limits import Bucket, Limit
from toolkit.join.rejoin_words import WORDS
from toolkit.join.sessions import Sessions, new_words


def test_there_is_no_way_in_before_the_page_ran(workshop: Workshop) -> None:
    assert join_link.join_link_of(workshop) is None


def test_key_and_code_stay_when_the_page_starts_again(workshop: Workshop) -> None:
    first = join_link.announce_join_link(workshop, 8000, ["192.168.1.9"])
    again = join_link.announce_join_link(workshop, 8001, ["10.0.0.4"])

    assert (again.key, again.code) == (first.key, first.code)
    assert (again.url, first.url) == ("http://10.0.0.4:8001/", "http://192.168.1.9:8000/")
    assert join_link.join_link_of(workshop) == again


def test_nothing_is_written_when_nothing_changed(workshop: Workshop) -> None:
    join_link.announce_join_link(workshop, 8000, ["192.168.1.9"])
    before = sequences(workshop.current.store)
    join_link.announce_join_link(workshop, 8000, ["192.168.1.9"])
    assert sequences(workshop.current.store) == before


def test_the_facilitator_chooses_which_address_is_shown(workshop: Workshop) -> None:
    join_link.announce_join_link(workshop, 8000, ["192.168.1.9", "10.0.0.4"])
    before = join_link.join_link_of(workshop)
    assert before
    chosen = before.shown_at("10.0.0.4")
    workshop.record(join_link_event(chosen))
    assert chosen.addresses[:2] == ("10.0.0.4", "192.168.1.9")
    assert join_link.join_link_of(workshop) == chosen


def test_the_way_in_reads_well(workshop: Workshop) -> None:
    way = join_link.announce_join_link(workshop, 8000, ["192.168.1.9"])
    assert way.in_words == "192 dot 168 dot 1 dot 9 colon 8000"
    assert re.fullmatch(r"\w{3} \w{3} \w{3}", way.grouped_code)
    assert join_link.typed(way.grouped_code.lower()) == way.code
    assert way.link() == f"{way.url}#{way.key}"
    assert way.squares == join_link.squares(way.link())
    assert {len(row) for row in way.squares} == {len(way.squares)}
    assert join_link.join_link_of(workshop) == way


def test_links_codes_and_words_are_long_enough() -> None:
    assert join_link.KEY_LENGTH * 8 >= 128
    assert join_link.CODE_LENGTH * math.log2(len(set(join_link.ALPHABET))) >= 40
    assert not set(join_link.ALPHABET) & set("01OIL")
    assert len(set(WORDS)) == len(WORDS)
    assert 3 * math.log2(len(WORDS)) >= 25
    assert all(re.fullmatch(r"[a-z]{3,9}", word) for word in WORDS)
    assert len({new_words() for _ in range(200)}) == 200


def test_home_networks_come_before_others() -> None:
    found = ["203.0.113.9", "172.20.0.3", "192.168.1.9", "10.0.0.4"]
    assert sorted(found, key=join_link._likely) == ["192.168.1.9", "10.0.0.4", "172.20.0.3", "203.0.113.9"]


def test_a_bucket_gives_its_burst_and_then_what_time_brings() -> None:
    seconds = count(0, 0.5)
    bucket = Bucket(Limit(burst=3, each_second=1), clock=lambda: next(seconds))
    assert [bucket.take() for _ in range(8)] == [True, True, True, True, True, False, True, False]


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    times = iter([0.0, 1_000.0, 1_000.0, 1_000.0])
    bucket = Bucket(Limit(burst=2, each_second=1), clock=lambda: next(times))
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_sessions_are_the_same_after_everything_was_opened_again(workshop: Workshop) -> None:
    sessions = Sessions(workshop)
    (alder,) = workshop.roster.register("Alder House")
    token, words = finished(sessions.begin(alder.id, "Bo", table=False, old=None))

    again = Sessions(workshop)

    assert again.find(token) == sessions.find(token)
    assert again.find("x" * len(token)) is None
    newer = finished(again.again(words, old=token))
    assert newer
    assert again.find(token) is None
    assert Sessions(workshop).find(token) is None
    assert Sessions(workshop).find(newer) == again.find(newer)
