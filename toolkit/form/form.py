"""The form in a notebook: hands a stage to form.js, and says "saved" only when `save` has returned."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import anywidget
import traitlets

from toolkit.errors import AnswerError, WorkshopError
from toolkit.kinds import Value

ESM = Path(__file__).parent / "form.js"
CSS = Path(__file__).parent / "form.css"

Said = dict[str, object]
"""What the browser is told about one message, as JSON."""

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

    def _kept(self, id_: str, question: str, value: Value) -> Said:
        try:
            self._save(id_, question, value)
        except AnswerError as fault:
            return {"type": "refused", "says": _sentence(fault)}
        except WorkshopError as fault:
            return {"type": "failed", "says": str(fault)}
        self.fill({**self.widget.values, question: value})
        return {"type": "saved", "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}


def _answered(values: Mapping[str, Value]) -> dict[str, Value]:
    return {question: value for question, value in values.items() if value is not None}


def _sentence(fault: AnswerError) -> str:
    """The fault without its address: it is shown at the field itself."""
    words = f"{fault.fault[:1].upper()}{fault.fault[1:]}".rstrip(".")
    return f"{words}. {fault.mend}" if fault.mend else f"{words}."
