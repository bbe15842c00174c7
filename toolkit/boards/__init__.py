"""BOARDS: the facilitator's and a table's controls and boards; they hold nothing, and ask what they were given.

What people wrote is only ever handed to a board as plain blocks (see toolkit/form/board.js), never as markup.
Who builds a board passes `make`, which makes the widget that shows blocks.
"""

from toolkit.boards.blocks import (
    Block,
    Blocks,
    Choice,
    Point,
    action,
    ask,
    dots,
    facts,
    heading,
    progress_block,
    ranks,
    table_block,
    text,
)
from toolkit.boards.console import Console, ConsoleState, StageCard, now_blocks, tally_blocks
from toolkit.boards.controls import Watcher, watch
from toolkit.boards.doors import Doors, DoorState, door_blocks
from toolkit.boards.exporter import Exporter, ExporterParts
from toolkit.boards.facilitator import Band, Facilitator
from toolkit.boards.organizations import Named, Organizations, OrganizationsState
from toolkit.boards.report_board import (
    Column,
    ReportBoard,
    ReportState,
    need_name,
    need_one_question,
    need_two,
    projector_blocks,
    result_blocks,
)
from toolkit.boards.setup import SetUp, SetUpState
from toolkit.boards.table import OneTable, TableParts

__all__ = [
    "Band", "Block", "Blocks", "Choice", "Column", "Console", "ConsoleState", "DoorState", "Doors", "Exporter",
    "ExporterParts",
    "Facilitator", "Named", "OneTable", "Organizations", "OrganizationsState", "Point", "ReportBoard", "ReportState",
    "SetUp", "SetUpState", "StageCard", "TableParts", "Watcher", "action", "ask", "door_blocks", "dots", "facts",
    "heading", "need_name", "need_one_question", "need_two", "now_blocks", "progress_block", "projector_blocks",
    "ranks", "result_blocks", "table_block", "tally_blocks", "text", "watch",
]  # fmt: skip
