"""The worksheet as JSON for phones, made again only when the worksheet or the workshop's length changes."""

from __future__ import annotations

import hashlib
import json

from toolkit.facilitation import report_back_views
from toolkit.join.static_files import StaticFile, static_file
from toolkit.worksheets.model import Depth, Worksheet
from toolkit.worksheets.stage_json import stage_view
from toolkit.workshop.facade import Workshop


class Sheet:
    """The stages with their questions, the same for everyone; `mark` tells one version from another."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._packed_now: tuple[tuple[Worksheet, Depth], str, StaticFile] | None = None

    def packed(self) -> StaticFile:
        """Return the worksheet ready to send; WorkshopError when it cannot be read."""
        return self._current()[2]

    def mark(self) -> str:
        """Return which version it is: a phone that has another one asks for it again; WorkshopError as above."""
        return self._current()[1]

    def _current(self) -> tuple[object, str, StaticFile]:
        sheet, depth = self._workshop.worksheet, self._workshop.settings.depth
        if self._packed_now is None or self._packed_now[0][0] is not sheet or self._packed_now[0][1] != depth:
            stages = [stage_view(sheet, stage.id, depth) for stage in sheet.stages]
            parts = {"title": sheet.title, "credit": sheet.credit, "rules": sheet.ground_rules, "stages": stages}
            parts["report_back"] = [each.id for each in report_back_views.stages(sheet)]
            mark = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]
            content = json.dumps(parts | {"mark": mark}, ensure_ascii=False).encode()
            self._packed_now = (sheet, depth), mark, static_file(content, "application/json")
        return self._packed_now
