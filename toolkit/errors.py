"""The errors that people are shown: where it went wrong, what is wrong, and how to fix it."""

from __future__ import annotations


class WorkshopError(Exception):
    """A fault that a person can mend: where it is, what it is, what to do."""

    def __init__(self, fault: str, *, where: str = "", mend: str = "") -> None:
        self.fault, self.where, self.mend = fault, where, mend
        super().__init__(str(self))

    def __str__(self) -> str:
        """Return one sentence: "where: fault. mend"."""
        text = f"{self.where}: {self.fault}" if self.where else self.fault
        return f"{text.rstrip('.')}. {self.mend}" if self.mend else text

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in a notebook in place of a traceback."""
        return [str(self)]


class WorksheetError(WorkshopError):
    """A worksheet folder that cannot be read; the address is a file and a line."""


class AnswerError(WorkshopError):
    """An answer that does not fit its question; the address is the question's id."""


class NotAskedError(AnswerError):
    """An answer to a question that no version of the worksheet asks; a page says it in other words than a command."""


class UsedIdError(AnswerError):
    """A message whose id belongs to another one that was saved; it is a fault of the message, not of the workshop."""


class StoreError(WorkshopError):
    """A workshop folder or database that cannot be used; nothing stored is harmed."""


class RowsMissingError(StoreError):
    """An answers file with fewer rows than were saved in it; the facilitator may go on with what is there."""


class ClosedError(StoreError):
    """A workshop that this program has closed: whoever still watches it can stop."""


class DraftError(WorkshopError):
    """A draft that cannot be written; an older draft is left as it was."""
