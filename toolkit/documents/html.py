"""Shows a Document as HTML in a notebook, with every word escaped. The only module that imports IPython."""

from __future__ import annotations

from html import escape

from IPython.core.getipython import get_ipython

from toolkit.documents.document import (
    Bar,
    Blank,
    Block,
    Clause,
    Document,
    Part,
    Parts,
    Reference,
    Section,
    Table,
    Text,
    Writing,
    numbers,
)

_MARKS = {
    "ready": "",
    "proposed": "Proposed, not agreed yet",
    "tied": "Tied, no majority yet",
    "open": "Open, not decided yet",
}
_STYLE = (
    "<style>.draft{max-width:44rem;font:17px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;padding:24px 32px;"
    "border:1px solid #c5ccd8;border-radius:6px}.draft h1,.draft h2{color:#1f3a6e;line-height:1.25}"
    ".draft h1{font-size:1.7em;margin:0 0 8px}.draft h2{font-size:1.25em;margin:32px 0 8px}"
    ".draft p{margin:0 0 12px}.draft .status,.draft .mark{color:#7a4300;font-weight:600}"
    ".draft .mark{font-size:.85em;background:#fdf6e7;padding:0 6px;border-radius:3px}"
    ".draft .blank{background:#fff3bf;color:#5a4300;text-decoration:underline}"
    ".draft .number{color:#1f3a6e;margin-right:.6em}"
    ".draft .example{background:#f2f5fa;border-left:4px solid #5b7db8;padding:8px 16px}"
    ".draft .note{background:#fdf6e7;border:1px solid #d9b25f;padding:8px 16px}"
    ".draft .line{border-bottom:1px solid #c5ccd8;min-height:1.5em}.draft .question{margin-top:20px}"
    ".draft table{border-collapse:collapse;width:100%;margin:0 0 16px;font-size:.95em}"
    ".draft caption{text-align:start;font-weight:600;color:#1f3a6e;padding:8px 0}"
    ".draft th,.draft td{text-align:start;vertical-align:top;border-bottom:1px solid #c5ccd8;padding:6px 8px}"
    ".draft th{background:#f2f5fa;color:#1f3a6e}.draft .bar{display:block;height:1em;min-width:1px;background:#5b7db8}"
    ".draft .remark{font-size:.85em;color:#4a5160}</style>"
)
"""Its own light paper in light and dark notebooks alike: it shows what will stand on paper."""


def html(document: Document) -> str:
    """Return `document` as HTML of its own, as a notebook shows it."""
    numbers_by_id = numbers(document)
    head = f"<h1>{escape(document.title)}</h1><p>{escape(document.subtitle)}</p>"
    status = " · ".join(filter(None, (document.organization, document.status, document.version, document.day)))
    sections = "".join(_section(section, numbers_by_id) for section in document.sections)
    language = escape(document.language)
    text = f'{head}<p class="status">{escape(status)}</p>{_control(document, numbers_by_id)}{sections}'
    return f'{_STYLE}<article class="draft" dir="auto" lang="{language}">{text}</article>'


def _control(document: Document, numbers_by_id: dict[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{_parts(parts, numbers_by_id)}</td></tr>'
        for label, parts in document.control
    )
    return f"<table><caption>About this draft</caption>{rows}</table>" if rows else ""


def _section(section: Section, numbers_by_id: dict[str, str]) -> str:
    blocks = "".join(_block(block, numbers_by_id) for block in section.blocks)
    return f"<h2>{_number(section.id, numbers_by_id)}{escape(section.title)}</h2>{blocks}"


def _number(id_: str, numbers_by_id: dict[str, str]) -> str:
    return f'<span class="number">{numbers_by_id[id_]}</span>' if id_ in numbers_by_id else ""


def _block(block: Block, numbers_by_id: dict[str, str]) -> str:
    text = _text_of(block, numbers_by_id)
    remarks = "".join(f"{escape(comment.author)}: {escape(comment.words)}<br>" for comment in block.comments)
    return text + (f'<p class="remark" dir="auto">{remarks}</p>' if remarks else "")


def _text_of(block: Block, numbers_by_id: dict[str, str]) -> str:
    match block:
        case Table():
            return _table(block, numbers_by_id)
        case Writing(boxes=boxes, lines=lines):
            texts = (
                escape(words) for words in (*("   ".join(f"\u2610 {part}" for part in row) for row in boxes), *lines)
            )
            return "".join(f'<p class="line">{part}</p>' for part in texts)
        case Clause():
            return _clause(block, numbers_by_id)


def _clause(clause: Clause, numbers_by_id: dict[str, str]) -> str:
    mark = f' <span class="mark">{_MARKS[clause.readiness]}</span>' if _MARKS[clause.readiness] else ""
    number = _number(clause.id, numbers_by_id) if clause.counts else ""
    text = f'<p class="{clause.style}" dir="auto">{number}{_parts(clause.parts, numbers_by_id)}{mark}</p>'
    items = "".join(f"<li>{_parts(bullet, numbers_by_id)}</li>" for bullet in clause.bullets)
    kind = "ol" if clause.steps else "ul"
    return text + (f"<{kind}>{items}</{kind}>" if items else "")


def _table(table: Table, numbers_by_id: dict[str, str]) -> str:
    header = "".join(f'<th scope="col">{escape(label)}</th>' for label in table.header)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_parts(cell, numbers_by_id)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<table><caption>{escape(table.caption)}</caption><tr>{header}</tr>{rows}</table>"


def _parts(parts: Parts, numbers_by_id: dict[str, str]) -> str:
    return "".join(_part(part, numbers_by_id) for part in parts)


def _part(part: Part, numbers_by_id: dict[str, str]) -> str:
    match part:
        case Text(words=words, strong=strong):
            text = escape(words).replace("\n", "<br>")
            return f"<strong>{text}</strong>" if strong else text
        case Blank(prompt=prompt):
            return f'<span class="blank">[{escape(prompt)}]</span>'
        case Reference(clause=clause):
            return escape(numbers_by_id.get(clause, clause))
        case Bar(share=share):
            bar = f'<span class="bar" style="width:{100 * (share or 0):.0f}%"></span>'
            return escape(part.words) if share is None else bar


def register() -> bool:
    """Have notebooks show a Document as its preview; return whether there is a notebook."""
    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return False
    shell.display_formatter.formatters["text/html"].for_type(Document, html)
    return True
