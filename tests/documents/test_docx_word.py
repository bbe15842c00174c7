"""What a word processor makes of a draft: every sentence is on the pages, and comes back from being saved again."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from brands import LIBREOFFICE, need_arial, office
from docx_checks import W, parts
from lxml import etree
from sample_cases import a_case
from sample_documents import RICH

from toolkit.documents.document import Document, Table, numbers, words
from toolkit.documents.word.builder import Builder
from toolkit.documents.word.pagination import estimate
from toolkit.documents.word.template import default_look
from toolkit.documents.word.writer import to_bytes
from toolkit.drafts import policy
from toolkit.worksheets import catalog

pytestmark = [pytest.mark.word, LIBREOFFICE]


@pytest.fixture(scope="module", params=["sample", "sextech-2010", "supervised-visitation"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Path]:
    """A draft and the folder in which it lies as Word file, as pages, and as saved again."""
    folder = tmp_path_factory.mktemp("word")
    known = request.param == "sample"
    document = RICH if known else policy.draft(a_case(catalog.worksheet(request.param), "core", 0))
    (folder / "draft.docx").write_bytes(to_bytes(document))
    office(folder / "draft.docx", "pdf", folder)
    office(folder / "draft.docx", "docx", folder / "again")
    return document, folder


def pages(folder: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("word: pdftotext is not on this computer")
    said = subprocess.run(
        ["pdftotext", "-layout", str(folder / "draft.pdf"), "-"], capture_output=True, text=True, check=True
    )
    return said.stdout.split("\f")[:-1]


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def test_every_line_of_the_model_is_on_the_pages(opened):
    document, folder = opened
    shown = letters(re.sub(r"(?m)^.*(Page \d+ of \d+|DRAFT$).*$", "", "".join(pages(folder))))
    numbered = numbers(document)
    meant = [words(each, numbered) for clause in document.clauses() for each in (clause.parts, *clause.bullets)]
    meant += [section.title for section in document.sections]
    tables = [block for section in document.sections for block in section.blocks if isinstance(block, Table)]
    meant += [table.caption for table in tables]
    notice = letters(document.notice)[:60]
    lost = [line for line in meant if not _stands(letters(line), shown, notice)]

    assert lost == []


def _stands(line: str, shown: str, notice: str) -> bool:
    """Return whether a line stands there, the notice at the end of a page between its halves or not."""
    if line in shown:
        return True
    half = len(line) // 2
    return line[: half // 2] in shown and line[-half // 2 :] in shown and bool(notice)


def test_every_page_has_its_number_and_no_reference_is_lost(opened):
    _, folder = opened
    shown = pages(folder)

    assert all(f"Page {place} of {len(shown)}" in page for place, page in enumerate(shown, 1))
    assert all("DRAFT" in page for page in shown)
    assert "Error" not in "".join(shown)


def test_the_page_numbers_in_the_contents_are_right(opened):
    need_arial()
    document, folder = opened
    shown, pen = pages(folder), Builder(document, default_look())
    expected = estimate(pen)
    found = {
        section.id: next(n for n, page in enumerate(shown, 1) if _begins(page, pen.numbers[section.id], section.title))
        for section in document.sections
    }

    assert expected.count == len(shown)
    assert found == expected.pages


def _begins(page: str, number: str, title: str) -> bool:
    """Return whether a section begins on this page; a line of the contents ends in dots and a number."""
    start = rf"(?m)^\s*{re.escape(number)}\s+{re.escape(title[:25])}(?!.*\.\.\.)"
    return re.search(start, page) is not None


def test_saved_again_it_keeps_every_anchor_and_the_text_behind_it(opened):
    _, folder = opened
    before, after = (anchored(folder / name) for name in ("draft.docx", "again/draft.docx"))
    lost = {name: (text, after.get(name)) for name, text in before.items() if after.get(name) != text}

    assert len(before) > 20
    assert lost == {}


def anchored(path: Path) -> dict[str, str]:
    root = etree.fromstring(parts(path.read_bytes())["word/document.xml"])
    return {
        mark.get(f"{W}name"): letters("".join(e.text or "" for e in mark.getparent().iter(f"{W}t")))
        for mark in root.iter(f"{W}bookmarkStart")
        if mark.get(f"{W}name", "")[:2] in ("c_", "s_")
    }
