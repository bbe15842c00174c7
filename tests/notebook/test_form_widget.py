"""The form's host in a notebook: what it says to the browser after each message; and what form.js may hold."""

from __future__ import annotations

import re

import pytest

from toolkit import Workshop
from toolkit.errors import AnswerError, StoreError, WorkshopError
from toolkit.notebook.board_widget import Board
from toolkit.notebook.form_widget import CSS, ESM, Colleagues, Form
from toolkit.worksheets.kinds import KINDS, UNSURE_LABEL, Value

ID = "0123456789abcdef0123456789abcdef"
STAGE = {"id": "one", "title": "First", "questions": []}


class Kept:
    """A store of the test's own: keeps what `save` is told, or raises what it was given."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.answers = fault, {}

    def __call__(self, id_: str, question: str, value: Value) -> None:
        if self.fault:
            raise self.fault
        self.answers[id_] = (question, value)


def said_after(kept: Kept, value: Value = "Parents", **values: Value) -> tuple[Form, list[dict[str, object]]]:
    """Return a form and what it said to the browser, after the browser sent one save."""
    form = Form(STAGE, values, "w/o/p", kept)
    said: list[dict[str, object]] = []
    form.widget.send = said.append
    form.widget._handle_custom_msg({"type": "save", "id": ID, "question": "who", "value": value}, [])
    return form, said


def test_saved_is_said_with_the_id_after_save_returned() -> None:
    kept = Kept()

    form, said = said_after(kept)

    assert kept.answers == {ID: ("who", "Parents")}
    assert [(each["type"], each["id"], each["question"]) for each in said] == [("saved", ID, "who")]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", str(said[0]["at"]))
    assert form.widget.values == {"who": "Parents"}


def test_an_emptied_field_takes_the_answer_back() -> None:
    kept = Kept()

    form, said = said_after(kept, None, who="Parents", rule="wide")

    assert kept.answers == {ID: ("who", None)}
    assert said[0]["type"] == "saved"
    assert form.widget.values == {"rule": "wide"}


def test_a_value_that_does_not_fit_is_refused_with_words_for_the_field() -> None:
    fault = AnswerError("that is not a date", where="who", mend="Write it as year-month-day.")

    form, said = said_after(Kept(fault), who="Before")

    says = "That is not a date. Write it as year-month-day."
    assert said == [{"id": ID, "question": "who", "type": "refused", "says": says}]
    assert form.widget.values == {"who": "Before"}


@pytest.mark.parametrize(
    "fault", [StoreError("the disk is full", mend="Free some space."), WorkshopError("it is over")]
)
def test_trouble_of_the_store_is_no_fault_of_the_answer(fault: WorkshopError) -> None:
    _, said = said_after(Kept(fault))

    assert said == [{"id": ID, "question": "who", "type": "failed", "says": str(fault)}]


def test_a_fault_nobody_foresaw_is_never_called_saved() -> None:
    form = Form(STAGE, {}, "w/o/p", Kept(RuntimeError("?")))
    said: list[object] = []
    form.widget.send = said.append

    with pytest.raises(RuntimeError):
        form._on_message(form.widget, {"type": "save", "id": ID, "question": "who", "value": "x"}, [])

    assert said == []


@pytest.mark.parametrize(
    "message", [None, "save", {"type": "save"}, {"type": "save", "id": 3, "question": "who"}, {"type": "run"}]
)
def test_a_message_that_is_none_of_ours_is_let_pass(message: object) -> None:
    kept = Kept()
    form = Form(STAGE, {}, "w/o/p", kept)

    form._on_message(form.widget, message, [])

    assert kept.answers == {}


ACTS = {
    "propose": {"value": "Ours", "made_from": ["a"], "note": ""},
    "opinion": {"answer": "b", "agrees": True, "note": ""},
    "reveal": {},
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_is_answered_after_it_is_done_and_the_voices_are_shown_anew(kind: str) -> None:
    done: list[object] = []
    form = Form(STAGE, {}, "w/o/p", Kept(), Colleagues(lambda: {"who": {"of": len(done)}}, {kind: done.append}))
    said: list[dict[str, object]] = []
    form.widget.send = said.append
    message = {"type": kind, "id": ID, "question": "who", **ACTS[kind]}
    before = form.widget.voices

    form._on_message(form.widget, message, [])

    assert (done, before, form.widget.voices) == ([message], {"who": {"of": 0}}, {"who": {"of": 1}})
    assert [(each["type"], each["id"], each["question"]) for each in said] == [("saved", ID, "who")]


@pytest.mark.parametrize(("fault", "type_"), [(AnswerError("that is not one of yours"), "refused"),
                                              (StoreError("the disk is full"), "failed")])  # fmt: skip
def test_an_act_that_cannot_be_done_is_not_called_saved(fault: WorkshopError, type_: str) -> None:
    def refuse(_: object) -> None:
        raise fault

    form = Form(STAGE, {}, "w/o/p", Kept(), Colleagues(acts={"propose": refuse}))
    said: list[dict[str, object]] = []
    form.widget.send = said.append

    form._on_message(form.widget, {"type": "propose", "id": ID, "question": "who", "value": "x"}, [])

    assert [each["type"] for each in said] == [type_]


@pytest.mark.parametrize("message", [{"type": "writing", "question": "who"}, {"type": "tripwire", "rule": "c1_phone"}])
def test_what_nobody_waits_for_is_heard_and_not_answered(message: dict[str, object]) -> None:
    heard: list[object] = []
    form = Form(STAGE, {}, "w/o/p", Kept(), Colleagues(acts={str(message["type"]): heard.append}))
    said: list[object] = []
    form.widget.send = said.append

    form._on_message(form.widget, message, [])

    assert (heard, said) == ([message], [])


def test_two_people_agree_in_notebooks(workshop: Workshop) -> None:
    (group,) = workshop.roster.register("Harbor House")
    stage, question = next((stage.id, each.id) for stage in workshop.worksheet.stages for each in stage.questions
                           if each.kind == "long_text" and not each.show_if)  # fmt: skip
    people = [workshop.roster.join(group.id, name) for name in ("Wren", "Otter")]
    ann, bob = (workshop.form(stage, group.id, person) for person in people)
    said: list[dict[str, object]] = []
    for form, words in ((ann, "Parents"), (bob, "Children")):
        form.widget.send = said.append
        form._on_message(None, {"type": "save", "id": words, "question": question, "value": words}, [])

    ann._on_message(None, {"type": "reveal", "id": "r", "question": question}, [])
    offer = {"value": "Both", "made_from": ["Parents", "Children"], "note": "Shorter"}
    ann._on_message(None, {"type": "propose", "id": "p", "question": question, **offer}, [])
    bob._on_message(None, {"type": "opinion", "id": "o", "question": question, "answer": "p", "agrees": True}, [])
    bob._on_message(None, {"type": "opinion", "id": "o2", "question": question, "answer": "gone", "agrees": True}, [])

    assert [each["type"] for each in said] == ["saved", "saved", "saved", "saved", "saved", "refused"]
    (offered,) = bob.widget.voices[question]["proposals"]
    assert (offered["reads"], offered["status"], offered["note"], offered["i_support"]) == (
        "Both", "agreed", "Shorter", True,
    )  # fmt: skip
    assert workshop.discussion.positions(group.id)[question].status == "agreed"


def test_fill_shows_what_is_answered_and_leaves_out_what_is_not() -> None:
    form = Form(STAGE, {}, "w/o/p", Kept())

    form.fill({"who": "Parents", "rule": None})

    assert form.widget.values == {"who": "Parents"}


def test_a_form_shows_itself_in_a_notebook() -> None:
    form = Form(STAGE, {}, "w/o/p", Kept())

    bundle = form._repr_mimebundle_()

    assert form.widget.model_id in str(bundle)


def test_controls_of_the_form_are_the_kinds_of_the_worksheet() -> None:
    table = re.search(r"^const CONTROLS = \{\n(.*?)^\};", ESM, re.DOTALL | re.MULTILINE)

    assert table
    assert re.findall(r"^  (\w+): ", table[1], re.MULTILINE) == list(KINDS)


def test_the_form_says_unsure_as_the_draft_does() -> None:
    assert f'unsure: "{UNSURE_LABEL}"' in ESM


@pytest.mark.parametrize(
    "door",
    [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "import ",
        "http:",
        "https:",
        "randomUUID",
    ],
)
def test_the_module_opens_no_door(door: str) -> None:
    code = "\n".join(line for line in ESM.splitlines() if not line.startswith("//"))

    assert door not in code


def test_what_is_shown_is_of_one_class_and_brings_its_script_along() -> None:
    """A class for each board made a page slow to open: it took longer than all the rest of a board."""
    forms = [Form({}, {}, "", lambda *_: None).widget for _ in range(2)]
    for one, other in ((Board(), Board()), forms):
        assert type(one) is type(other)
        state = one.get_state()
        assert "export default" in state["_esm"]
        assert ".pw" in state["_css"]
        assert state["_anywidget_id"] == f"{type(one).__module__}.{type(one).__name__}"


def test_every_rule_of_the_stylesheet_stays_in_the_form() -> None:
    css = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    selectors = [line.strip() for line in re.findall(r"^[^{}\n]*(?=\{)", css, re.MULTILINE)]
    rules = [each for each in selectors if each and not each.startswith("@")]

    assert len(rules) > 60
    assert {rule for rule in rules if not re.match(r"\.pw\b", rule)} == {
        ":root",
        ".jp-OutputArea-output:has(> .jupyter-widgets > .pw-form, .pw-form)",
    }
    for tokens in re.findall(r":root \{([^}]*)\}", css):
        assert all(line.strip().startswith("--pw-") for line in tokens.strip().splitlines())
    assert "url(" not in css
    assert "@import" not in css
