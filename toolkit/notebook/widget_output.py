"""The base class of our widgets, which shows a page with thirty boards without delay."""

from __future__ import annotations

import anywidget
import traitlets


class OwnWidget(anywidget.AnyWidget):
    """A widget of ours; whoever inherits names `_esm`, `_css` and `_anywidget_id` as traits of its class.

    anywidget adds these to each widget as it is made, and traitlets makes a new class whenever something is added:
    that took longer than all the rest of a board.
    """

    def add_traits(self, **traits: traitlets.TraitType[object, object]) -> None:
        """Add only what the class does not have."""
        new = {name: trait for name, trait in traits.items() if not self.has_trait(name)}
        if new:
            super().add_traits(**new)
