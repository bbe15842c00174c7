"""Time and memory of many drafts, beside docxtpl and plain python-docx with the same words in the same run.

python benchmarks/drafts.py            300 drafts with each of the three
python benchmarks/drafts.py soak 200   drafts of bad words against every check, with no brand and with two
"""

from __future__ import annotations

import importlib.util
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docx

from toolkit import Workshop
from toolkit.documents.document import Clause, Document, Table, numbers, words
from toolkit.documents.word.writer import to_bytes

TESTS = Path(__file__).resolve().parent.parent / "tests"
WORKSHEETS = ("sextech-2010", "supervised-visitation")
TARGET = 9.0


def documents(organizations: int = 6) -> list[Document]:
    """Return rehearsed policies of both worksheets at the usual depth."""
    found = []
    for name in WORKSHEETS:
        with tempfile.TemporaryDirectory() as folder, Workshop.open(folder, worksheet=name) as workshop:
            workshop.rehearsals.rehearse(organizations, 4 * organizations, seed=7)
            found += [workshop.draft(each.name) for each in workshop.organizations]
    return found


def lines(document: Document) -> list[tuple[str, list[list[str]]]]:
    """Return the words of a draft as headings, lines and tables, for those who know no more."""
    numbered, found = numbers(document), list[tuple[str, list[list[str]]]]()
    for section in document.sections:
        found.append((f"{numbered[section.id]} {section.title}", []))
        for block in section.blocks:
            if isinstance(block, Clause):
                said = [block.parts, *block.bullets]
                found += [(words(each, numbered), []) for each in said]
            elif isinstance(block, Table):
                rows = [[words(cell, numbered) for cell in row] for row in block.rows]
                found.append((block.caption, [list(block.header), *rows]))
    return found


def by_python_docx(document: Document) -> bytes:
    file = docx.Document()
    file.add_heading(document.title, 0)
    for said, rows in lines(document):
        file.add_paragraph(said, style="Body Text")
        if rows:
            table = file.add_table(0, len(rows[0]))
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=False):
                    cell.text = text
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()


def template() -> bytes:
    file = docx.Document()
    file.add_heading("{{ title }}", 0)
    for text in (
        "{%p for said, rows in lines %}", "{{ said }}", "{%p for row in rows %}", "{{ row | join(' | ') }}",
        "{%p endfor %}", "{%p endfor %}",
    ):  # fmt: skip
        file.add_paragraph(text)
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()


def by_docxtpl(document: Document, made: bytes) -> bytes:
    from docxtpl import DocxTemplate  # noqa: PLC0415 - a peer that may be missing

    file = DocxTemplate(io.BytesIO(made))
    file.render({"title": document.title, "lines": lines(document)}, autoescape=True)
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()


def timed(make: Callable[[Document], bytes], drafts: list[Document], count: int) -> tuple[float, float, int]:
    """Return the milliseconds of processor and of clock for one draft, and how many bytes it has."""
    make(drafts[0])
    clock, processor, size = time.perf_counter(), time.process_time(), 0
    for place in range(count):
        size += len(make(drafts[place % len(drafts)]))
    each = 1000 / count
    return (time.process_time() - processor) * each, (time.perf_counter() - clock) * each, size // count


LINE = "{:18} {:7.1f} ms processor {:7.1f} ms clock {:6.1f} kB  {:5.2f} times ours"


def compare(count: int) -> None:
    drafts = documents()
    ours, clock, size = timed(to_bytes, drafts, count)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(LINE.format("ours", ours, clock, size / 1000, 1))
    took = ours * count / 1000
    print(f"{count} drafts: {took:.1f} s processor, {clock * count / 1000:.1f} s clock, peak memory {memory:.0f} MB")
    most = TARGET * count / 300
    print(f"target: {most:.1f} s, {'kept' if took <= most else 'missed'} by processor time")
    peers: dict[str, Callable[[Document], bytes]] = {"plain python-docx": by_python_docx}
    if importlib.util.find_spec("docxtpl"):
        made = template()
        peers["docxtpl"] = lambda document: by_docxtpl(document, made)
    else:
        print("docxtpl is missing: pip install docxtpl==0.20.2, and run again")
    for name, make in peers.items():
        took, clock, size = timed(make, drafts, min(count, 40))
        print(LINE.format(name, took, clock, size / 1000, took / ours))


def soak(count: int) -> int:
    """Check drafts of bad words: the house's look, and two organizations' looks; return how many faults."""
    sys.path[:0] = [str(TESTS / "drafts"), str(TESTS)]
    from brands import english, german  # noqa: PLC0415 - the tests' own samples
    from docx_checks import faults, rule_faults  # noqa: PLC0415
    from test_docx_drafts import SHORT_ONES, hostile_cases  # noqa: PLC0415

    from toolkit.drafts import policy  # noqa: PLC0415

    total = 0
    with tempfile.TemporaryDirectory() as folder:
        brands: list[Path | None] = [None]
        for name, make in (("english", english), ("german", german)):
            brands.append(Path(folder) / f"{name}.docx")
            brands[-1].write_bytes(make())  # type: ignore[union-attr]
        allowed = [set(rule_faults(brand.read_bytes())) if brand else set[str]() for brand in brands]
        for place, case in enumerate(hostile_cases(count, SHORT_ONES)):
            document = policy.draft(case)
            which = place % len(brands)
            content = to_bytes(document, brands[which])
            found = set(rule_faults(content)) - allowed[which]
            found |= set() if which else set(faults(content, document))
            total += len(found)
            for fault in sorted(found):
                print(f"draft {place}: {fault}")
    print(f"{count} drafts of bad words, {total} faults")
    return total


if __name__ == "__main__":
    asked = sys.argv[1:] or ["300"]
    if asked[0] == "soak":
        sys.exit(bool(soak(int(asked[1]) if len(asked) > 1 else 200)))
    compare(int(asked[0]))
