"""The widget that shows one stage as a form. It reports "saved" only after the answer is stored."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import traitlets

from toolkit.errors import AnswerError, WorkshopError
from toolkit.notebook.widget_output import OwnWidget
from toolkit.web import WEB
from toolkit.web.linker import link
from toolkit.web.styles import FORM, style_sheet
from toolkit.worksheets.kinds import Value

ESM = link(WEB / "form" / "widget.js")
CSS = style_sheet(FORM)

Reply = dict[str, object]
"""What the browser is told about one message, as JSON."""

Message = Mapping[str, object]
"""What the browser says, as JSON."""

Save = Callable[[str, str, Value], None]
"""Keeps one answer (id, question, value): returns after the commit, or raises a WorkshopError."""

Act = Callable[[Message], Reply | None]
"""Does what one message asks for ("propose", "opinion", …): returns after the commit what to tell, or raises."""

UNAWAITED = frozenset({"writing", "tripwire", "cautions"})
"""Messages that nobody waits for: somebody writes, client details were asked about, may a wording be too broad."""


@dataclass(frozen=True, slots=True)
class Colleagues:
    """What the people of an organization see of each other: `voices` (see toolkit.answers.visibility), and the acts.

    `values` are what the form shows when it is looked at again; None leaves what is there.
    """

    voices: Callable[[], Reply] = dict
    acts: Mapping[str, Act] = field(default_factory=dict)
    values: Callable[[], Mapping[str, Value] | None] = lambda: None


class _Widget(OwnWidget):
    """What the browser sees; JSON only."""

    _esm = traitlets.Unicode(ESM).tag(sync=True)
    _css = traitlets.Unicode(CSS).tag(sync=True)
    _anywidget_id = traitlets.Unicode("toolkit.notebook.form_widget._Widget").tag(sync=True)
    stage = traitlets.Dict().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    identity = traitlets.Unicode().tag(sync=True)
    editable = traitlets.Bool(True).tag(sync=True)
    waits = traitlets.Bool(True).tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    voices = traitlets.Dict().tag(sync=True)


class Form:
    """One stage on the page; owns the widget, and passes what people type to `save`.

    With `colleagues` it also shows what they say, and passes on what people propose, think and reveal.
    """

    def __init__(
        self,
        stage: Mapping[str, object],
        values: Mapping[str, Value],
        identity: str,
        save: Save,
        colleagues: Colleagues = Colleagues(),
    ) -> None:
        self._save, self._voices, self._values = save, colleagues.voices, colleagues.values
        self._acts = {"save": self._keep, **colleagues.acts}
        self.widget = _Widget(stage=dict(stage), values=_answered(values), identity=identity, voices=self._voices())
        self.widget.on_msg(self._on_message)

    def refresh(self) -> None:
        """Show what colleagues have said meanwhile."""
        values = self._values()
        if values is not None:
            self.fill(values)
        self.widget.voices = self._voices()

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

    def _on_message(self, _: object, message: object, __: object) -> None:
        act = self._acts.get(str(message.get("type"))) if isinstance(message, Mapping) else None
        if act is None or not isinstance(message, Mapping):
            return
        about = {part: message.get(part) for part in ("id", "question")}
        if message["type"] in UNAWAITED:
            with suppress(WorkshopError):  # a sign, a count or a hint that is lost is no answer lost
                self._tell(act(message))
        elif all(isinstance(each, str) for each in about.values()):
            self.widget.send(about | self._answer(act, message))
            self.refresh()

    def _tell(self, reply: Reply | None) -> None:
        if reply:
            self.widget.send(reply)

    def _keep(self, message: Message) -> None:
        question, value = str(message["question"]), message.get("value")
        self._save(str(message["id"]), question, value)
        self.fill({**self.widget.values, question: value})

    def _answer(self, act: Act, message: Message) -> Reply:
        try:
            act(message)
        except AnswerError as fault:
            return {"type": "refused", "says": _sentence(fault)}
        except WorkshopError as fault:
            return {"type": "failed", "says": str(fault)}
        return {"type": "saved", "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")}


def _answered(values: Mapping[str, Value]) -> dict[str, Value]:
    return {question: value for question, value in values.items() if value is not None}


def _sentence(fault: AnswerError) -> str:
    """The fault without its address: it is shown at the field itself."""
    words = f"{fault.fault[:1].upper()}{fault.fault[1:]}".rstrip(".")
    return f"{words}. {fault.mend}" if fault.mend else f"{words}."
