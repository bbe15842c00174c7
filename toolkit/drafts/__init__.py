"""Turns answers into papers: policy drafts with their checks, the room report and the paper worksheet."""
