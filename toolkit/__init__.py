"""The policy workshop toolkit: a room of organizations fills a worksheet, each goes home with its own draft.

from toolkit import Workshop
workshop = Workshop.open("my-workshop")
workshop.form("stakeholders", organization="…")   # the form on the page
workshop.answers, workshop.agreed, workshop.wide    # pandas tables
workshop.draft("…")                                 # a draft, shown as a preview
workshop.export("drafts/")                          # one Word file per organization
"""

from toolkit.errors import WorkshopError
from toolkit.workshop import Workshop

__all__ = ["Workshop", "WorkshopError"]
