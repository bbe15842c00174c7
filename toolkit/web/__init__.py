"""The browser code of phones, notebooks and the projector: every .js, .css and .html file."""

from pathlib import Path

WEB = Path(__file__).parent
