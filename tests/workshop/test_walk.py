"""The walk of one answer: typed into the form, kept, put together, and read again in Word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from docx.document import Document
from sheets import written

from toolkit import Workshop
from toolkit.answers.model import SCRIBE, Answer
from toolkit.notebook.form_widget import Form
from toolkit.storage.store import new_id
from toolkit.worksheets.kinds import Value, pieces
from toolkit.worksheets.stage_json import stage_view

QUESTIONS = """
- {id: who, kind: text, ask: Who may post?}
- {id: groups, kind: list, ask: Which groups?}
- id: photos
  kind: choice
  ask: Which rule for photos?
  options:
    - {id: never, label: Never, clause: We post no photos.}
    - {id: signed, label: Signed, clause: We post a photo when the person signed.}
"""
CLAUSES = """
- {id: people, text: "{who} may post for {organization}."}
- {id: photo_rule, decision: photos}
- {id: served, text: "We serve:", bullets_from: groups}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workshop.open(tmp_path / "w", worksheet=str(written(tmp_path / "sheet", QUESTIONS, CLAUSES))) as workshop:
        workshop.roster.register("Harbor Lane")
    return tmp_path / "w"


@pytest.fixture
def opened(folder: Path) -> Iterator[Workshop]:
    with Workshop.open(folder) as workshop:
        yield workshop


class Page:
    """A form on the page of one person, or of the table, as the browser sees it."""

    def __init__(self, workshop: Workshop, person: str = SCRIBE) -> None:
        self.workshop, self.person = workshop, person
        (self.context,) = workshop.organizations
        voice = "ours" if person == SCRIBE else "mine"
        self.voice = voice
        values = workshop.discussion.values(self.context.id, person, voice)  # type: ignore[arg-type]
        self.form = Form(stage_view(workshop.worksheet, "one", "core"), values, "w", self._save)
        self.said: list[dict[str, object]] = []
        self.form.widget.send = self.said.append

    def _save(self, id_: str, question: str, value: Value) -> None:
        self.workshop.discussion.save(Answer(id_, self.context.id, self.person, question, value, self.voice))  # type: ignore[arg-type]

    def type(self, question: str, value: Value) -> str:
        """Type an answer; return what the form says then."""
        self.form.widget._handle_custom_msg({"type": "save", "id": new_id(), "question": question, "value": value}, [])
        return str(self.said[-1]["type"])

    @property
    def shown(self) -> dict[str, Value]:
        return dict(self.form.widget.values)


def texts(file: Document) -> str:
    """Every word of a Word file: paragraphs, tables in tables, and what stands in the margin."""
    body = file.element.body.iter("{*}p")
    lines = ["".join(part.text or "" for part in line.iter("{*}t", "{*}br", "{*}noBreakHyphen")) for line in body]
    margin = [paragraph.text for comment in file.comments for paragraph in comment.paragraphs]
    return "\n".join([*lines, *margin])


def in_word(workshop: Workshop, tmp_path: Path, organization: str = "Harbor Lane") -> str:
    (exported,) = workshop.export(tmp_path / "drafts", organization)
    return texts(docx.Document(str(exported.files[0])))


def plain(words: str) -> str:
    return "".join(words.split())


def test_an_answer_goes_from_the_form_into_word(opened: Workshop, tmp_path: Path) -> None:
    page = Page(opened)
    assert page.type("who", "The director") == "saved"
    assert page.type("groups", ["Teens", "Parents"]) == "saved"
    assert page.type("photos", "never") == "saved"
    draft = in_word(opened, tmp_path)
    assert "The director may post for Harbor Lane." in draft
    assert "We post no photos." in draft
    assert {"Teens", "Parents"} <= set(draft.splitlines())
    assert "Which groups?]" not in draft


def test_an_emptied_box_takes_the_answer_back_out_of_the_draft(opened: Workshop, tmp_path: Path) -> None:
    page = Page(opened)
    page.type("who", "The director")
    assert page.type("who", None) == "saved"
    assert page.shown == {}
    draft = in_word(opened, tmp_path)
    assert "The director" not in draft
    assert "Who may post?" in draft
    assert [answer.value for answer in opened.discussion.history(page.context.id)] == ["The director", None]


def test_a_tie_shows_both_sides_and_decides_nothing(opened: Workshop, tmp_path: Path) -> None:
    for person, value in (("ann", "never"), ("bob", "signed")):
        assert Page(opened, person).type("photos", value) == "saved"
    draft = in_word(opened, tmp_path)
    assert "Not decided: the group is split." in draft
    assert "We post no photos." in draft
    assert "We post a photo when the person signed." in draft
    position = opened.discussion.positions(opened.organizations[0].id)["photos"]
    assert (position.value, position.status) == (None, "tied")


def test_a_form_is_filled_in_again_after_reopening(folder: Path, tmp_path: Path) -> None:
    with Workshop.open(folder) as first:
        Page(first).type("groups", ["Teens"])
        Page(first, "ann").type("who", "Ann says so")
    with Workshop.open(folder) as second:
        assert Page(second).shown == {"groups": ["Teens"]}
        assert Page(second, "ann").shown == {"who": "Ann says so"}
        assert Page(second, "bob").shown == {}
        assert Page(second).type("groups", ["Teens", "Parents"]) == "saved"
        assert "Parents" in in_word(second, tmp_path).splitlines()


def test_a_refused_answer_is_said_at_its_field_and_the_draft_keeps_the_last_good_one(
    opened: Workshop, tmp_path: Path
) -> None:
    page = Page(opened)
    page.type("photos", "never")
    assert page.type("photos", "sometimes") == "refused"
    assert page.said[-1]["says"] == (
        "That option is not on the list. Choose one of the options, or use your own words."
    )
    assert page.shown == {"photos": "never"}
    assert "We post no photos." in in_word(opened, tmp_path)


def test_a_form_of_a_closed_workshop_says_not_saved_and_does_not_hang(folder: Path) -> None:
    workshop = Workshop.open(folder)
    page = Page(workshop)
    workshop.close()
    assert page.type("who", "Too late") == "failed"


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with Workshop.open(tmp_path_factory.mktemp("six") / "w") as workshop:
        workshop.rehearsals.rehearse(6, 30, 1)
        yield workshop


@pytest.mark.slow
def test_each_of_six_drafts_holds_all_words_of_its_organization_and_only_those(six: Workshop, tmp_path: Path) -> None:
    exported = six.export(tmp_path / "drafts")
    assert len(exported) == 6
    own = {each.name: words_of(six, each.id) for each in six.organizations}
    contacts = {each.name: contacts_of(six, each.id) for each in six.organizations}
    for each in exported:
        draft = plain(texts(docx.Document(str(each.files[0]))))
        missing = [words for words in own[each.organization] if plain(words).rstrip(".") not in draft]
        assert missing == []
        for name, said in contacts.items():
            assert said
            assert name == each.organization or not [words for words in said if plain(words) in draft]
        assert not [name for name in own if name != each.organization and plain(name) in draft]


def words_of(workshop: Workshop, organization: str) -> set[str]:
    """Every piece of every standing answer of an organization, as it reads; who ticked what of a profile stays out."""
    questions = workshop.worksheet.questions
    mine = [answer for answer in workshop.discussion.standing() if answer.organization == organization]
    said = [answer for answer in mine if not questions[answer.question].profile]
    return {
        piece
        for answer in said
        for piece in pieces(
            questions[answer.question].kind, answer.value, questions[answer.question].labels
        )
    }  # fmt: skip


def contacts_of(workshop: Workshop, organization: str) -> set[str]:
    """What no other organization says: how its own people are reached."""
    values = [each.value for each in workshop.discussion.standing() if each.organization == organization]
    return {str(value["reach"]) for value in values if isinstance(value, dict) and "reach" in value}


@pytest.mark.slow
def test_the_same_rehearsal_gives_the_same_files(six: Workshop, tmp_path: Path) -> None:
    name = six.organizations[0].name
    (first,), (second,) = six.export(tmp_path / "a", name), six.export(tmp_path / "b", name)
    assert [path.name for path in first.files] == [path.name for path in second.files]
    assert [path.read_bytes() for path in first.files] == [path.read_bytes() for path in second.files]
