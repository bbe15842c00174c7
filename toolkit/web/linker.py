"""LINKER: joins the ES modules of a page into one script: a notebook loads its script from where no import works."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[\w./]+\.js)";\n', re.MULTILINE)
DECLARATION = re.compile(r"^(export )?((?:async )?(?:function\*?|class|const|let) (\w+)\b)", re.MULTILINE)
DEFAULT = "export default "
NOT_UNDERSTOOD = re.compile(r"(?:import|export|var|const|let|class)\b|(?:async )?function\b|.*\bimport\(")
"""How a line begins that is neither of the forms above nor inside a function."""

COMMENT = re.compile(r"(?m)^ *//.*$| // .*$|/\*(?:.|\n)*?\*/ ?")


class LinkError(ValueError):
    """A module does not keep to the forms of import, export and declaration that are joined here."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module's code without its imports, the names it declares, and which of them it exports."""

    path: Path
    code: str
    names: tuple[str, ...]
    exports: frozenset[str]


def link(entry: Path) -> str:
    """Return `entry` and all that it imports as one script, which exports what `entry` exports.

    The modules share one scope, so each name is declared once among them. LinkError says what cannot be joined.
    """
    modules: dict[Path, Module] = {}
    _add(entry.resolve(), (), modules)
    _check_names(modules.values())
    *others, last = modules.values()
    parts = [(other.path, DECLARATION.sub(r"\2", other.code)) for other in others] + [(last.path, last.code)]
    return "\n".join(f"// {path.parent.name}/{path.name}\n{code.strip()}\n" for path, code in parts)


def without_comments(script: str) -> str:
    """Return a script without comments, indentation and empty lines.

    No text in our scripts goes on over a line's end, or holds what begins a comment: eslint.config.js sees to both.
    """
    return re.sub(r"(?m)^\s+", "", COMMENT.sub("", script))


def _add(path: Path, importers: tuple[Path, ...], modules: dict[Path, Module]) -> None:
    """Put what `path` imports into `modules`, then `path` itself."""
    if path in importers:
        raise LinkError(f"{path}: modules import each other: {', '.join(importer.name for importer in importers)}")
    if path in modules:
        return
    if not path.is_file():
        raise LinkError(f"{path}: there is no such module; {importers[-1].name if importers else 'nothing'} imports it")
    text = path.read_text(encoding="utf-8")
    for match in IMPORT.finditer(text):
        target = (path.parent / match[2]).resolve()
        _add(target, (*importers, path), modules)
        missing = {name.strip() for name in match[1].split(",") if name.strip()} - modules[target].exports
        if missing:
            line = text.count("\n", 0, match.start()) + 1
            raise LinkError(f"{path}:{line}: {target.name} does not export {', '.join(sorted(missing))}")
    modules[path] = _module(path, text, is_entry=not importers)


def _module(path: Path, text: str, *, is_entry: bool) -> Module:
    code = IMPORT.sub(lambda declarations: "\n" * declarations[0].count("\n"), text)
    for number, line in enumerate(code.split("\n"), 1):
        is_known = DECLARATION.match(line) or (is_entry and line.startswith(DEFAULT))
        is_known = is_known and "import(" not in line
        if NOT_UNDERSTOOD.match(line) and not is_known:
            raise LinkError(f"{path}:{number}: this cannot be joined to other modules: {line}")
    declarations = DECLARATION.findall(code)
    return Module(
        path,
        code,
        tuple(name for *_, name in declarations),
        frozenset(name for export, _, name in declarations if export),
    )


def _check_names(modules: Iterable[Module]) -> None:
    owners: dict[str, Path] = {}
    for module in modules:
        for name in module.names:
            if name in owners:
                raise LinkError(f"{module.path}: {name} is declared in {owners[name].name} too")
            owners[name] = module.path
