"""The form in a notebook: hands a stage to form.js, and says "saved" only when `save` has returned."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import anywidget
import traitlets

from toolkit.errors import AnswerError, WorkshopError
from toolkit.kinds import Value
from toolkit.worksheet import Depth, Option, Question, Worksheet, at_depth

ESM = Path(__file__).parent / "form.js"
CSS = Path(__file__).parent / "form.css"

View = dict[str, object]
"""Part of a stage as JSON, as form.js reads it."""

Save = Callable[[str, str, Value], None]
"""Keeps one answer (id, question, value): returns after the commit, or raises a WorkshopError."""


class _Widget(anywidget.AnyWidget):
    """What the browser sees; JSON only."""

    _esm = ESM.read_text(encoding="utf-8")
    _css = CSS.read_text(encoding="utf-8")
    stage = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    identity = traitlets.Unicode().tag(sync=True)
    editable = traitlets.Bool(True).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)


class Form:
    """One stage on the page; owns the widget, and passes what people type to `save`."""

    def __init__(self, stage: Mapping[str, object], values: Mapping[str, Value], identity: str, save: Save) -> None:
        self._save = save
        self.widget = _Widget(stage=dict(stage), values=_answered(values), identity=identity)
        self.widget.on_msg(self._heard)

    def fill(self, values: Mapping[str, Value]) -> None:
        """Show `values` in every field that nobody is writing in."""
        self.widget.values = _answered(values)

    @property
    def editable(self) -> bool:
        """Whether answers can be changed, or only read."""
        return bool(self.widget.editable)

    @editable.setter
    def editable(self, editable: bool) -> None:
        self.widget.editable = editable

    def close(self) -> None:
        """Take the form off the page."""
        self.widget.close()

    def _repr_mimebundle_(self, **options: dict[str, object]) -> object:
        return self.widget._repr_mimebundle_(**options)

    def _heard(self, _: object, message: object, __: object) -> None:
        if not isinstance(message, Mapping) or message.get("type") != "save":
            return
        id_, question = message.get("id"), message.get("question")
        if isinstance(id_, str) and isinstance(question, str):
            self.widget.send({"id": id_, "question": question} | self._kept(id_, question, message.get("value")))

    def _kept(self, id_: str, question: str, value: Value) -> View:
        try:
            self._save(id_, question, value)
        except AnswerError as fault:
            return {"type": "refused", "says": _sentence(fault)}
        except WorkshopError as fault:
            return {"type": "failed", "says": str(fault)}
        self.fill({**self.widget.values, question: value})
        return {"type": "saved", "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}


def stage_view(worksheet: Worksheet, stage_id: str, depth: Depth) -> View:
    """Return the stage `stage_id` at `depth` as the JSON that form.js reads."""
    stage = worksheet.stage(stage_id)
    questions = [_question(worksheet, each) for each in stage.questions if at_depth(depth, each.depth)]
    return {part: getattr(stage, part) for part in STAGE_PARTS} | {"questions": questions}


STAGE_PARTS = ("id", "title", "why", "instruction", "minutes")
QUESTION_PARTS = ("id", "ask", "why", "help", "example")
OPTION_PARTS = ("id", "label", "clause", "reason", "risk", "source")


def _question(worksheet: Worksheet, question: Question) -> View:
    asked = worksheet.questions.get(question.kept_as, question)
    view: View = {part: getattr(question, part) for part in QUESTION_PARTS}
    return view | {
        "key": question.kept_as,
        "kind": asked.kind,
        "options": [_option(option) for option in asked.options],
        "other": asked.other,
        "unsure": asked.unsure,
        "show_if": [{"question": each.question, "is": list(each.among)} for each in question.show_if],
        "first_answer": "",
    }


def _option(option: Option) -> View:
    checked = option.checked.isoformat() if option.checked else ""
    return {part: getattr(option, part) for part in OPTION_PARTS} | {"checked": checked}


def _answered(values: Mapping[str, Value]) -> dict[str, Value]:
    return {question: value for question, value in values.items() if value is not None}


def _sentence(fault: AnswerError) -> str:
    """The fault without its address: it is shown at the field itself."""
    words = f"{fault.fault[:1].upper()}{fault.fault[1:]}".rstrip(".")
    return f"{words}. {fault.mend}" if fault.mend else f"{words}."
