"""What "clean" and "empty" mean, for answers, names, lists, contacts and notes alike: only that is kept and shown."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sheets import written
from stored import opinions_of

from toolkit import Workshop
from toolkit.answers.agreement import Opinion
from toolkit.answers.model import Answer
from toolkit.errors import AnswerError
from toolkit.storage.store import new_id
from toolkit.worksheets.kinds import clean, clean_line, clean_value, is_empty

UNSEEN = [
    "\u200b", "\u2060", "\ufffc", "\u3164", "\u2800", "\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5",
    "\u00a0", "\u2003", "\u2028", "\u2029", "\ufeff", "\u200d", "\u200c", "\u200e", "\u202e", "\u2066", "\u061c",
    "\u180e", "\ufe0f", "\uffa0", "\U000e0041", "\U000e007f", "\U000e0100", "\ue000", "\ud83d", "\udbff", "\x00",
    "\x0b", "\x0c", "\x85", "\x9f", "\x7f", "\uffff", "\U0001ffff", "\U0001d159",
]  # fmt: skip
SEEN = [
    "a",
    "é",
    "李",
    "ع",
    "👩‍⚕️",
    "❤️",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می‌خواهم",
    "क्‍ष",
    "🫩",
    "é",
]
TEXT = some.text(some.characters() | some.sampled_from(UNSEEN), max_size=40) | some.lists(
    some.sampled_from([*UNSEEN, *SEEN, "\n", "\r", "\r\n", " "]), max_size=12
).map("".join)


def never_kept(words: str) -> Iterator[str]:
    """Yield what no kept words may hold."""
    yield from re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffc\ufffe\uffff\ud800-\udfff]", words)
    yield from re.findall("[\u202a-\u202e\u2066-\u2069]", words)


@given(TEXT)
@settings(max_examples=400)
def test_clean_words_are_clean_already_and_hold_nothing_that_must_not_travel(text: str) -> None:
    words = clean(text)
    assert clean(words) == words
    assert not list(never_kept(words))
    assert words == unicodedata.normalize("NFC", words)
    assert words.encode("utf-8").decode("utf-8") == words
    assert (words == "") == is_empty(text)
    assert is_empty(words) == (words == "")
    assert words == words.strip()
    line = clean_line(text)
    assert (clean_line(line), clean(line)) == (line, line)
    assert "\n" not in line


@given(some.lists(some.sampled_from(UNSEEN), max_size=8).map("".join))
def test_what_nobody_can_see_is_empty_everywhere(text: str) -> None:
    assert clean(text) == ""
    for kind in ("text", "long_text", "date"):
        assert clean_value(kind, text) is None
    assert clean_value("list", [text, text]) is None
    assert clean_value("contact", {"name": text, "reach": text}) is None
    assert clean_value("choices", [{"other": text}], {"a": "A"}) is None
    assert clean_value("choice", {"other": text}, {"a": "A"}) is None


@pytest.mark.parametrize("text", SEEN)
def test_what_joins_letters_and_emoji_stays(text: str) -> None:
    assert clean(f"x {text} y") == f"x {unicodedata.normalize('NFC', text)} y"
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_is_a_line_end(end: str) -> None:
    assert clean(f"line one{end}line two") == "line one\nline two"
    assert clean_value("text", f"line one{end}line two") == "line one line two"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("dicta\ufffction", "dictation"),
        ("half \ud83d emoji", "half � emoji"),
        ("whole \ud83d\ude00 emoji", "whole 😀 emoji"),
        ("it\x92s", "it’s"),
        ("a\x00b", "a␀b"),
        ("Juniper \u202eesuoH", "Juniper esuoH"),
        ("\u2068+1 734-555-0117\u2069", "+1 734-555-0117"),
        ("\u200b \u200b Juniper \u2060\u00a0", "Juniper"),
        ("hidden\U000e0068\U000e0069", "hidden"),
    ],
)
def test_what_becomes_of_single_characters(text: str, kept: str) -> None:
    assert clean(text) == kept


# What the store keeps is what was given, cleaned


QUESTIONS = """
- {id: words, kind: long_text, ask: Words?}
- {id: line, kind: text, ask: A line?}
- {id: items, kind: list, ask: Items?}
- {id: who, kind: contact, ask: Who?}
- {id: pick, kind: choice, ask: Which?, other: true, options: [{id: a, label: A}, {id: b, label: B}]}
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    folder = tmp_path_factory.mktemp("clean")
    sheet = written(folder / "sample", QUESTIONS, "- {id: people, text: 'We say {words}.'}")
    with Workshop.open(folder / "room", str(sheet)) as opened:
        yield opened


@given(text=TEXT)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_and_comes_back_is_what_was_given_and_cleaned(room: Workshop, text: str) -> None:
    words, line = clean(text), clean_line(text)
    (organization,) = room.roster.register("Juniper House")
    person = room.roster.join(organization.id, text)
    assert person.name == line[:200].rstrip()
    given_ = {"words": text, "line": text, "items": [text], "who": {"name": text}, "pick": {"other": text}}
    kept = {"words": words, "line": line, "items": [line], "who": {"name": line}, "pick": {"other": words}}
    for question, value in given_.items():
        answer = Answer(new_id(), organization.id, person.id, question, value, "mine", note=text)
        room.discussion.save(answer)
        room.discussion.save(answer)  # a repeat is the same answer
    stands = {each.question: each for each in room.discussion.standing() if each.person == person.id}
    if not words:
        assert stands == {}
        return
    assert {question: each.value for question, each in stands.items()} == kept
    assert {each.note for each in stands.values()} == {words}
    assert room.discussion.values(organization.id, person.id, "mine") == kept
    room.discussion.judge(organization.id, Opinion(stands["words"].id, person.id, agrees=True, note=text, id=new_id()))
    assert opinions_of(room)[-1].note == words


@given(text=TEXT)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_name_is_kept_cleaned_and_one_that_nobody_can_see_is_none(room: Workshop, text: str) -> None:
    found = room.roster.register(text)
    assert [each.name for each in found] == ([clean_line(text)] if clean_line(text) else []) or (
        len(found) == 1 and room.roster.organization(text) == found[0]
    )
    title = room.title
    room.settings.change(title=text)
    assert room.title == (clean_line(text) or title)


def test_names_that_look_the_same_are_one_organization(room: Workshop) -> None:
    (one,) = room.roster.register("Yarrow Recovery Network")
    for twin in (
        "Yar\u00adrow Recovery Network",
        "\u200bYarrow  Recovery\u00a0Network ",
        "YARROW RECOVERY NET\u200bWORK",
    ):
        assert room.roster.register(twin) == [one]
        assert room.roster.organization(twin) == one


def test_an_unseen_offer_is_no_text(room: Workshop) -> None:
    (organization,) = room.roster.register("Juniper House")
    person = room.roster.join(organization.id)
    with pytest.raises(AnswerError, match="the text is still empty"):
        room.discussion.propose(Answer(new_id(), organization.id, person.id, "words", "\u200b\u2060", "ours"))


# The day is the date on the wall

DAY = """
import sys
from pathlib import Path
from toolkit import Workshop
with Workshop.open(Path(sys.argv[1]) / "room") as workshop:
    print(workshop.settings.day)
    print(workshop.lifecycle.erase().day)
"""


def _zone(hours_after_midnight: float) -> tuple[str, datetime.date]:
    """Return a time zone in which it is so late now, and the date there."""
    now = datetime.datetime.now(datetime.UTC)
    since = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds()
    ahead = (hours_after_midnight * 3600 - since) % 86400
    ahead -= 86400 if ahead > 14 * 3600 else 0
    hours, seconds = divmod(abs(int(ahead)), 3600)
    sign = "-" if ahead > 0 else "+"  # POSIX counts to the west
    there = now + datetime.timedelta(seconds=int(ahead))
    return f"XXX{sign}{hours}:{seconds // 60:02}:{seconds % 60:02}", there.date()


ZONES = ["Asia/Tokyo", "America/Los_Angeles", "Etc/GMT-14", "Etc/GMT+12", 0.05, 23.9]


NO_ZONES = pytest.mark.skipif(not hasattr(time, "tzset"), reason="a time zone cannot be set here")


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Yield what sets the time zone of this process, until the test ends."""

    def live_in(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield live_in
    monkeypatch.undo()
    time.tzset()


@NO_ZONES
@pytest.mark.parametrize("zone", ZONES)
def test_the_day_of_a_workshop_and_of_its_receipt_is_the_local_date(
    tmp_path: Path, in_zone: Callable[[str], None], zone: str | float
) -> None:
    if isinstance(zone, float):
        name, expected = _zone(zone)
    else:
        name, expected = zone, datetime.datetime.now(ZoneInfo(zone)).date()
    in_zone(name)
    with Workshop.open(tmp_path / "room") as workshop:
        assert [workshop.settings.day, workshop.lifecycle.erase().day] == [expected.isoformat()] * 2


@NO_ZONES
@pytest.mark.parametrize("hour", [0.05, 23.9])
def test_the_day_is_the_local_date_in_a_program_that_starts_in_another_zone(tmp_path: Path, hour: float) -> None:
    name, expected = _zone(hour)
    command = [sys.executable, "-P", "-c", DAY, str(tmp_path)]
    told = subprocess.run(command, env=os.environ | {"TZ": name}, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [expected.isoformat()] * 2
