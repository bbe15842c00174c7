"""DESK: the hall's side of the notebooks: joins a workshop to the form, the boards and the controls."""

from toolkit.desk.facilitator import facilitator
from toolkit.desk.pages import exporter, form, table

__all__ = ["exporter", "facilitator", "form", "table"]
