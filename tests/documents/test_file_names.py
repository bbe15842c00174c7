"""Every paper of an export has a file of its own, whatever an organization is called, on every system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hostile import EVERY
from hypothesis import example, given
from hypothesis import strategies as st

from toolkit import Workshop
from toolkit.documents.word.writer import file_name, file_names, paper_names
from toolkit.drafts import policy
from toolkit.drafts.policy import Case
from toolkit.workshop import exports

LONG = "The Regional Coalition for Health and Social Services of Northern Michigan and the Upper Peninsula"
PAPERS = tuple(exports.PAPER_NAMES.values())
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³")}
NAMES = [
    "Elm House",
    LONG,
    "w" * 200,
    "Sexual Assault and Domestic Violence Center of Yolo County",
    "性暴力被害者支援センター" * 20,
    "مركز دعم الأسرة في المدينة " * 8,
    "한국여성의전화" * 30,
    "🏠🌈👩‍👩‍👧" * 60,
    "é" * 200,
    "e\u0301" * 200,
    "CON",
    "nul",
    "COM1.org",
    "Lpt¹",
    "aux .x",
    "NUL.tar.gz",
    "Acme Inc.",
    "trailing   ",
    "...",
    ".hidden",
    "~$lock",
    "-rf",
    "../../etc/passwd",
    'a/b\\c:d*e?f"g<h>i|j',
    "line\nbreak\tand\x00nul",
    "\u202egnp.exe",
    "\u200b\u2060",
    "\ud800 half",
    "",
]


def assert_allowed(name: str) -> None:
    """Fail when some system would not take `name` as the name of a file, or would hide it."""
    assert not FORBIDDEN.search(name)
    assert name == name.strip(" .")
    assert name.partition(".")[0].rstrip().upper() not in DEVICES
    assert len(name.encode()) <= 255
    assert len(unicodedata.normalize("NFD", name).encode("utf-16-le")) // 2 <= 255
    assert not name.startswith((".", "~", "-"))
    assert not any(unicodedata.bidirectional(each) in {"RLO", "LRO", "RLE", "LRE"} for each in name)


def as_other_systems_see(name: str) -> set[str]:
    """Return what systems that take no notice of case, or of how letters are put together, make of a name."""
    forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    return {change(form) for form in forms for change in (str.casefold, str.lower, str.upper)}


def assert_told_apart(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        forms = as_other_systems_see(name)
        assert not seen & forms, name
        seen |= forms


@pytest.mark.parametrize("organization", [*NAMES, *EVERY])
def test_a_file_name_is_allowed_on_every_system(organization: str) -> None:
    for paper in PAPERS:
        assert_allowed(file_name(file_names([organization])[0], paper))


@given(st.lists(st.text(st.characters()), max_size=6))
@example([LONG + " north", LONG + " south", LONG])
@example(["Straße", "STRASSE", "strasse", "Café", "Cafe\u0301", "ﬁre", "fire"])
@example(["x", "X", "x 2", "X 2", "x 2 2", "", "...", "\u200b"])
def test_no_two_papers_of_one_export_share_a_name(organizations: list[str]) -> None:
    called = file_names(organizations)
    written = [file_name(name, paper) for name in called for paper in PAPERS]
    assert_told_apart(written)
    for name in written:
        assert_allowed(name)


def test_a_name_is_what_people_call_it_in_every_script() -> None:
    assert file_names(["Elm House"]) == ["Elm House"]
    assert file_names(["مركز دعم الأسرة", "社会福祉センター", "Żółta Łódź", "🏠"]) == [
        "مركز دعم الأسرة",
        "社会福祉センター",
        "Żółta Łódź",
        "🏠",
    ]
    assert file_name("Elm House", exports.PAPER_NAMES["client_summary"]) == "Elm House - client page.docx"


def test_a_long_name_is_cut_at_a_word() -> None:
    (called,) = file_names([LONG])
    assert called == "The Regional Coalition for Health and Social Services of"
    assert file_names(["性" * 200]) == ["性" * 50]


def test_a_cut_tears_no_sign_apart() -> None:
    family = "👩‍👩‍👧"
    (called,) = file_names([family * 60])
    assert called == family * (len(called) // len(family))
    sign = unicodedata.normalize("NFC", "e\u0301\u0323")
    (called,) = file_names([sign * 100])
    assert len(sign) > 1
    assert called == sign * (len(called) // len(sign))


def test_a_number_stands_only_where_two_would_be_one() -> None:
    assert file_names(["Elm", "Ash", "ELM", "elm", "Elm 2"]) == ["Elm", "Ash", "ELM 3", "elm 4", "Elm 2"]
    assert file_names([LONG + " North", LONG + " South"])[1].endswith("Services of 2")


def test_two_papers_of_a_worksheet_whose_names_are_alike_are_told_apart() -> None:
    assert paper_names(["policy draft", "client page", "Client page"]) == [
        "policy draft",
        "client page",
        "Client page 2",
    ]


def test_every_paper_of_an_export_is_there_with_its_own_words(tmp_path: Path, workshop: Workshop) -> None:
    twins = [LONG + " North", LONG + " South", LONG.upper() + " WEST"]
    workshop.roster.register(*twins, "CON", "🏠")

    written = workshop.export(tmp_path / "drafts")

    files = [file for each in written for file in each.files]
    assert len(files) == 5 * 4
    assert len({file.read_bytes() for file in files}) == len(files)
    assert {file.resolve() for file in files} == {file.resolve() for file in (tmp_path / "drafts").rglob("*.docx")}
    assert_told_apart([file.name for file in files])


def test_one_organization_alone_gets_the_name_that_it_has_among_all(tmp_path: Path, workshop: Workshop) -> None:
    workshop.roster.register(LONG + " North", LONG + " South")
    every = workshop.export(tmp_path / "all")
    (alone,) = workshop.export(tmp_path / "alone", LONG + " South")

    assert [file.name for file in alone.files] == [file.name for file in every[1].files]


def test_the_longest_name_of_an_own_paper_can_be_written(tmp_path: Path, workshop: Workshop) -> None:
    sheet = workshop.worksheet
    own = tuple(each.model_copy(update={"id": each.id[0] * 40}) for each in sheet.policy.papers)
    changed = sheet.model_copy(update={"policy": sheet.policy.model_copy(update={"papers": own})})
    case = Case(changed, "性" * 200, {}, "core", "2026-11-21")
    (called,) = file_names([case.organization])

    files = list(exports.write(case, called, tmp_path))

    assert len({file.name for file in files}) == 1 + len(own)
    assert all(file.is_file() and len(file.name.encode()) <= 255 for file in files)
    assert policy.papers(case).keys() == {each.id for each in own}
