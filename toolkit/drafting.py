"""One organization's papers: the policy with its remarks, the short papers beside it, all as Word files."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from toolkit import checks, docx_file, policy
from toolkit.document import Comment, Document, annotated

POLICY = "policy"
"""The id of the policy among an organization's papers."""

PAPERS = "papers"
"""The folder of the short papers, beside the policies."""


def documents(case: policy.Case) -> dict[str, Document]:
    """Return the policy and the papers beside it by their id, the policy first."""
    return {POLICY: draft(case)} | policy.papers(case)


def draft(case: policy.Case) -> Document:
    """Return the policy with a remark beside each wording that may be looked at again."""
    document = policy.draft(case)
    remarks: dict[str, tuple[Comment, ...]] = {}
    for caution in _found(case, document):
        remarks[caution.place] = (*remarks.get(caution.place, ()), Comment(_remark(caution), kind="caution"))
    return annotated(document, remarks)


def gaps(case: policy.Case) -> tuple[checks.Gap, ...]:
    """Return what the draft still lacks on the workshop's day."""
    return checks.gaps(case.worksheet, case.values, case.depth, datetime.date.fromisoformat(case.day))


def cautions(case: policy.Case) -> tuple[checks.Caution, ...]:
    """Return the wordings of the policy that may be looked at again."""
    return _found(case, policy.draft(case))


def write(case: policy.Case, folder: Path, brand: Path | None = None) -> Iterator[Path]:
    """Write every paper of the case into `folder`, the policy at its top; yield the files."""
    for kind, document in documents(case).items():
        name = docx_file.file_name(case.organization, "" if kind == POLICY else kind)
        path = folder / name if kind == POLICY else folder / PAPERS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        docx_file.write(document, path, brand)
        yield path


def write_one(document: Document, path: Path) -> Path:
    """Write one document as a Word file; return the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    docx_file.write(document, path)
    return path


def _found(case: policy.Case, document: Document) -> tuple[checks.Caution, ...]:
    """Return the cautions of the policy itself; the group's own record beside it is no rule."""
    own = tuple(section for section in document.sections if section.id not in policy.MADE_HERE)
    texts = checks.document_texts(replace(document, sections=own))
    return checks.cautions(case.worksheet, texts, case.values)


def _remark(caution: checks.Caution) -> str:
    source = f"{', '.join(caution.sources)}; checked {caution.checked}"
    return f"“{caution.found}”: {caution.why}\nNarrower: {caution.narrower}\nSource: {source}"
