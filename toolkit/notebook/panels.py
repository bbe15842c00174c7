"""The panels of the facilitator's and the tables' pages; they keep nothing, and ask what they were given.

What people wrote is only ever handed to a board as plain blocks (see toolkit/web/board/board.js), never as markup.
Who builds a board passes `make`, which makes the widget that shows blocks.
"""

from toolkit.notebook.blocks import (
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
from toolkit.notebook.controls import Watcher, watch
from toolkit.notebook.drafts_panel import Exporter, ExporterParts
from toolkit.notebook.facilitator_page import Band, Facilitator
from toolkit.notebook.invitation_panel import InvitationPanel, InvitationState, invitation_blocks
from toolkit.notebook.organizations_panel import OrganizationRow, Organizations, OrganizationsState
from toolkit.notebook.report_back_panel import (
    Column,
    ReportBoard,
    ReportState,
    need_name,
    need_one_question,
    need_two,
    projector_blocks,
    result_blocks,
)
from toolkit.notebook.setup_panel import SetUp, SetUpState
from toolkit.notebook.stages_panel import Console, ConsoleState, StageCard, now_blocks, tally_blocks
from toolkit.notebook.table_page import OneTable, TableParts

__all__ = [
    "Band", "Block", "Blocks", "Choice", "Column", "Console", "ConsoleState", "Exporter", "ExporterParts",
    "Facilitator", "InvitationPanel", "InvitationState", "OneTable", "OrganizationRow", "Organizations",
    "OrganizationsState", "Point", "ReportBoard", "ReportState", "SetUp", "SetUpState", "StageCard", "TableParts",
    "Watcher", "action", "ask", "dots", "facts", "heading", "invitation_blocks", "need_name", "need_one_question",
    "need_two", "now_blocks", "progress_block", "projector_blocks", "ranks", "result_blocks", "table_block",
    "tally_blocks", "text", "watch",
]  # fmt: skip
