"""The preview shows the draft, and nothing that somebody typed becomes HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from sample_documents import RICH, SHORT, said

from toolkit.documents.document import Blank, Clause, Comment, Document, Reference, Section, Table
from toolkit.documents.html import html, register


def test_every_clause_is_shown_with_its_number():
    shown = html(RICH)

    assert '<span class="number">3.2</span>We do not post about clients:' in shown
    assert "[how long releases are kept]" in shown
    assert "Open, not decided yet" in shown
    assert "clause" in html(SHORT) or "See 1 above" in html(SHORT)


@given(st.text(max_size=60))
def test_typed_html_stays_words(typed):
    hostile = f"<script>{typed}</script>&\"'>"
    clause = Clause("a", (*said(hostile), Blank("k", hostile), Reference(hostile)), bullets=(said(hostile),),
                    comments=(Comment(hostile, author=hostile),))  # fmt: skip
    rows = ((said(hostile),),)
    table = Table("t", hostile, hostile, (hostile,), rows)
    document = Document(hostile, hostile, (Section("s", hostile, (clause, table)),), status=hostile, version=hostile,
                        day=hostile,
                        language=hostile, subtitle=hostile, control=((hostile, said(hostile)),))  # fmt: skip

    assert "<script" not in html(document)


def test_a_document_shows_itself_in_a_notebook():
    shell = InteractiveShell.instance()
    try:
        assert register()
        data, _ = shell.display_formatter.format(RICH)
        assert data["text/html"] == html(RICH)
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.usefixtures("_no_shell")
def test_without_a_notebook_nothing_is_registered():
    assert not register()


@pytest.fixture
def _no_shell():
    InteractiveShell.clear_instance()
