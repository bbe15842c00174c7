"""Reads a folder of YAML as a Worksheet, or says file, line, fault and fix. The only module that reads YAML."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from toolkit.errors import WorksheetError
from toolkit.system.project_files import WORKSHEETS
from toolkit.worksheets.kinds import clean_value
from toolkit.worksheets.model import Worksheet, holds
from toolkit.worksheets.references import wrong_names

COMMON = "common"
FILES: Mapping[str, tuple[str, ...]] = {
    "worksheet.yaml": (),
    "policy.yaml": ("policy",),
    "checks.yaml": ("checks",),
    "agenda.yaml": (),
    "scenarios.yaml": (),
}
"""Each file of a worksheet folder, and the field that its content fills; () spreads it over the worksheet."""

NEEDED = ("worksheet.yaml", "policy.yaml")
MAY_HOLD_ANCHOR = re.compile(r"(^|[\s\[{,:-])[&*]\S", re.MULTILINE)
LARGEST = 2_000_000
"""Characters that one file may hold."""

YAML_SIGN = re.compile(r":(?=\s)|^[ ]*-(?=\s)|[,\[{]", re.MULTILINE)
MOST_SIGNS, MOST_LINES = 12_000, 30_000
"""Signs of keys and list items, and lines, that one file may have: several times those of our longest."""

DEEPEST_NESTING = 40
DEEPEST_USE = 8
"""Levels of shared entries inside shared entries."""

LARGEST_UNFOLDED = 4_000_000
"""Characters of a worksheet with all that `use` puts in; a value costs as much as COST_OF_A_VALUE characters."""

COST_OF_A_VALUE = 20


def worksheet_names(root: Path) -> list[str]:
    """Return the names of the worksheet folders under `root`, in order."""
    return sorted(path.parent.name for path in root.glob("*/worksheet.yaml"))


Sources = Mapping[Path, bytes]
"""The YAML files that one worksheet is made of, as they were read: its own first, then the shared ones."""


def sources(folder: Path, ours: Path | None = None) -> Sources:
    """Return the files of the worksheet in `folder`, with the shared ones beside it, else, when it uses any, `ours`."""
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise WorksheetError(f"there is no {missing[0]}", where=str(folder), mend="A worksheet folder needs it.")
    own = {folder / name: _bytes(folder / name) for name in FILES if (folder / name).is_file()}
    shared = _shared_folder(folder, own, ours)
    shared_files = sorted(shared.glob("*.yaml")) if shared else []
    return own | {path: _bytes(path) for path in shared_files if path.is_file()}


def _shared_folder(folder: Path, own: Sources, ours: Path | None) -> Path | None:
    """Return the folder of shared files beside `folder`, else, when the worksheet uses any, `ours`."""
    beside = folder.parent / COMMON
    if beside.is_dir():
        return beside
    return ours if any(b"use:" in content for content in own.values()) else None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        mend = "Let this account read the file."
        raise WorksheetError(f"the file cannot be read ({fault.strerror})", where=str(path), mend=mend) from None


def read_worksheet(folder: Path, files: Sources | None = None) -> Worksheet:
    """Return the worksheet in `folder`, made of `files`; WorksheetError says file, line, fault and mend."""
    files = sources(folder) if files is None else files
    parts = {name: _load(folder / name, files) for name in FILES if folder / name in files}
    shared = _Shared({path: _load(path, files) for path in files if path.parent != folder})
    whole = _whole({name: shared.put_in(content, folder / name) for name, content in parts.items()}, folder, parts)
    worksheet = _checked(whole, folder, parts, shared)
    _check_names(worksheet, folder, parts, shared)
    return worksheet


def read_cached(folder: Path, files: Sources, caches: Sequence[Path]) -> Worksheet:
    """Return the worksheet as `read` does, from the first of the `caches` that holds it already checked.

    YAML with the line of every fault takes a second or two for a long worksheet, its checked content a few
    thousandths. A content's name is made of all files and of the rules that checked them, so that it never is an
    old one; where no folder of the caches can be written to, the files are read each time.
    """
    name = f"{folder.name}-{fingerprint(folder, files)[:16]}.json"
    for cache in caches:
        with contextlib.suppress(OSError, ValidationError):
            return Worksheet.model_validate_json((cache / name).read_bytes())
    worksheet = read_worksheet(folder, files)
    for cache in caches:
        with contextlib.suppress(OSError):
            _keep(worksheet, cache / name)
            break
    return worksheet


MOST_CACHED = 20
"""Checked worksheets that a cache holds; the oldest make room."""


def _keep(worksheet: Worksheet, path: Path) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    beside.write_text(worksheet.model_dump_json(by_alias=True, exclude_defaults=True), encoding="utf-8")
    beside.replace(path)
    newest_first = sorted(path.parent.glob("*-*.json"), key=_changed, reverse=True)
    for old in newest_first[MOST_CACHED:]:
        old.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another process made room already
        return 0.0


def fingerprint(folder: Path, files: Sources) -> str:
    """Return a mark of the files, where they lie, and the rules that check them: equal marks, equal worksheets."""
    return hashlib.sha256(f"{_rules()} {folder} {hash_of(folder, files)}".encode()).hexdigest()


def hash_of(folder: Path, files: Sources) -> str:
    """Return the SHA-256 of a worksheet's files in hex."""
    digest = hashlib.sha256()
    for name, content in by_name(folder, files).items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def by_name(folder: Path, files: Sources) -> dict[str, bytes]:
    """Return the files by a name that says which are shared: "worksheet.yaml", "common/questions.yaml"."""
    return {path.name if path.parent == folder else f"{COMMON}/{path.name}": content for path, content in files.items()}


@lru_cache(maxsize=1)
def _rules() -> str:
    """Return a mark of the code that says what a sound worksheet is."""
    modules = (Path(__file__), *(Path(function.__code__.co_filename) for function in (wrong_names, holds, clean_value)))
    schema = json.dumps(Worksheet.model_json_schema(), sort_keys=True).encode()
    return hashlib.sha256(b"".join([schema, *(path.read_bytes() for path in modules)])).hexdigest()


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each file of a worksheet folder, for editors; `use` entries are allowed."""
    whole = Worksheet.model_json_schema(by_alias=True)
    return {name.replace(".yaml", ".schema.json"): _schema_of(whole, name) for name in FILES}


def _schema_of(whole: dict[str, Any], name: str) -> dict[str, Any]:
    shared = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, "$defs": _with_use(whole)}
    into = FILES[name]
    if into:
        return shared | {"$ref": f"#/$defs/{into[0].capitalize()}"}
    own = OWN_FIELDS.get(name) or tuple(key for key in whole["properties"] if key not in KEYS_OF_OTHER_FILES)
    needed = [key for key in whole["required"] if key in own]
    fields = {key: whole["properties"][key] for key in own}
    return shared | {"type": "object", "additionalProperties": False, "properties": fields, "required": needed}


def _with_use(whole: dict[str, Any]) -> dict[str, Any]:
    """Let an entry be `{use: id}`, a shared one, wherever the reader lets it be."""
    definitions = json.loads(json.dumps(whole["$defs"]))
    for name in ("Question", "ClauseRule", "TableRule", "GapRule", "CautionRule", "Fact", "Script", "Scenario"):
        model = definitions[name]
        model["properties"]["use"] = {"type": "string", "description": "Take the shared one of this id."}
        model["anyOf"] = [{"required": model.pop("required")}, {"required": ["use"]}]
    return dict(definitions)


OWN_FIELDS = {"agenda.yaml": ("agendas", "scripts"), "scenarios.yaml": ("scenarios",)}
KEYS_OF_OTHER_FILES = {"policy", "checks", *(key for keys in OWN_FIELDS.values() for key in keys)}


def _load(path: Path, files: Sources) -> CommentedMap:
    """Return the mapping in a YAML file, its places kept; refused when too large, too deep or with anchors."""
    try:
        text = files[path].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise WorksheetError("the file cannot be read as text", where=str(path), mend="Save it as UTF-8.") from None
    return _parsed(path, text)


@functools.lru_cache(maxsize=32)
def _parsed(path: Path, text: str) -> CommentedMap:
    """Return the mapping in the text of a file; the same text is parsed once, and what is returned is only read.

    The shared files take most of the time of reading a worksheet, and every worksheet beside them uses them.
    """
    _refuse_bombs(text, path)
    try:
        _refuse_aliases(text, path)
        content = YAML(typ="rt", pure=True).load(text)
    except WorksheetError:
        raise
    except Exception as fault:  # the reader of YAML stumbles over odd files in many ways of its own
        raise _yaml_fault(path, fault, text) from None
    if not isinstance(content, CommentedMap):
        raise WorksheetError("the file does not hold 'key: value' lines", where=f"{path}, line 1", mend=SEE_EXAMPLE)
    return content


SEE_EXAMPLE = "See worksheets/sextech-2010 for an example."


def _refuse_bombs(text: str, path: Path) -> None:
    """Refuse a file that would take long to read, before it is read as YAML."""
    if len(text) > LARGEST:
        raise WorksheetError(f"the file is larger than {LARGEST // 1_000_000} MB", where=str(path), mend="Shorten it.")
    if text.count("\n") > MOST_LINES:
        where = f"{path}, line {MOST_LINES + 1}"
        raise WorksheetError(f"the file has more than {MOST_LINES:,} lines", where=where, mend="Shorten it.")
    _refuse_depth(text, path)
    sign = next(islice(YAML_SIGN.finditer(text), MOST_SIGNS, None), None)
    if sign:
        where = f"{path}, line {1 + text.count(chr(10), 0, sign.start())}"
        raise WorksheetError("the file holds too many keys and list items", where=where, mend="Shorten it.")


def _refuse_depth(text: str, path: Path) -> None:
    open_brackets = 0
    for number, line in enumerate(text.splitlines(), 1):
        open_brackets = max(0, open_brackets + sum(map(line.count, "[{")) - sum(map(line.count, "]}")))
        deepest = max(open_brackets, line.count("["), line.count("{"), (len(line) - len(line.lstrip())) // 4)
        if deepest > DEEPEST_NESTING or line.lstrip().startswith("- " * DEEPEST_NESTING):
            raise WorksheetError("the brackets go too deep", where=f"{path}, line {number}", mend="Use fewer levels.")


def _refuse_aliases(text: str, path: Path) -> None:
    """Refuse anchors: a few hundred bytes of them unfold to gigabytes (a "billion laughs")."""
    if not MAY_HOLD_ANCHOR.search(text):
        return
    for token in YAML(typ="rt", pure=True).scan(text):
        if isinstance(token, (AliasToken, AnchorToken)):
            where = f"{path}, line {token.start_mark.line + 1}"
            raise WorksheetError("'&' and '*' names are not allowed", where=where, mend="Write the text out.")


def _yaml_fault(path: Path, fault: Exception, text: str) -> WorksheetError:
    words = str(getattr(fault, "problem", "") or "the file cannot be read as YAML").splitlines()[0]
    line = _yaml_line(fault, text)
    where = f"{path}, line {line}" if line else str(path)
    return WorksheetError(
        f"the line breaks the rules of YAML ({words})", where=where, mend="Mend the line or put quotes."
    )


def _yaml_line(fault: Exception, text: str) -> int:
    """Return the line of a fault, where an unclosed bracket or quote was opened; 0 when nobody knows."""
    if isinstance(fault, MarkedYAMLError):
        unclosed = "end of stream" in str(fault.problem) and fault.context_mark
        mark = fault.context_mark if unclosed else fault.problem_mark
        return int(mark.line) + 1 if mark else 0
    position = getattr(fault, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 0


class _Shared:
    """The shared entries of worksheets/common by their id; `use: id` takes one."""

    def __init__(self, parts: Mapping[Path, CommentedMap]) -> None:
        self.entries: dict[str, Mapping[str, Any]] = {}
        self.files: dict[str, Path] = {}
        self._unfolded = 0
        for path, content in parts.items():
            for key, entries in content.items():
                if not isinstance(entries, CommentedSeq):
                    where = f"{path}, line {_line_of(entries)}"
                    raise WorksheetError(
                        f"'{key}' does not hold a list of shared entries", where=where, mend=SEE_EXAMPLE
                    )
                self._keep(path, entries)

    def _keep(self, path: Path, entries: Sequence[Any]) -> None:
        for entry in entries:
            id_ = entry.get("id") if isinstance(entry, Mapping) else None
            if not isinstance(id_, str):
                where = f"{path}, line {_line_of(entry) if id_ is None else _step_line(entry, 'id')}"
                raise WorksheetError("a shared entry has no 'id'", where=where, mend=SEE_EXAMPLE)
            if id_ in self.entries:
                where = f"{path}, line {_line_of(entry)}"
                raise WorksheetError(f"the shared id '{id_}' is used twice", where=where, mend="Rename one.")
            self.entries[id_], self.files[id_] = entry, path

    def put_in(self, content: Any, path: Path, outer: tuple[str, ...] = ()) -> Any:
        """Return `content` with every `use` replaced by the shared entry, its own keys on top."""
        self._unfolded += COST_OF_A_VALUE + (len(content) if isinstance(content, str) else 0)
        if isinstance(content, Mapping):
            filled = {key: self.put_in(value, path, outer) for key, value in content.items() if key != "use"}
            return self._shared_piece(content, path, outer) | filled if "use" in content else filled
        if isinstance(content, Sequence) and not isinstance(content, (str, bytes)):
            return [self.put_in(item, path, outer) for item in content]
        return content

    def _shared_piece(self, content: Mapping[str, Any], path: Path, outer: tuple[str, ...]) -> dict[str, Any]:
        name, where = content["use"], f"{path}, line {_step_line(content, 'use') or _line_of(content)}"
        if not isinstance(name, str) or name not in self.entries:
            raise WorksheetError(f"there is no shared '{name}'", where=where, mend=f"See worksheets/{COMMON}.")
        if name in outer:
            raise WorksheetError(f"the shared '{name}' uses itself", where=where, mend="Write the entry out.")
        if len(outer) >= DEEPEST_USE or self._unfolded > LARGEST_UNFOLDED:
            mend = "Write the entry out, or take fewer shared ones into it."
            raise WorksheetError("the shared entries unfold to too much", where=where, mend=mend)
        entry, file, way = self.entries[name], self.files[name], (*outer, name)
        return {key: self.put_in(value, file, way) for key, value in entry.items()}


def _line_of(content: object) -> int:
    return content.lc.line + 1 if isinstance(content, (CommentedMap, CommentedSeq)) else 1


def _whole(parts: Mapping[str, Any], folder: Path, files: Mapping[str, CommentedMap]) -> dict[str, Any]:
    """Return the files as one mapping; a key that belongs into another file is refused."""
    whole: dict[str, Any] = {}
    for name, content in parts.items():
        allowed = OWN_FIELDS.get(name)
        for key in content if not FILES[name] else ():
            if key in KEYS_OF_OTHER_FILES if allowed is None else key not in allowed:
                where = f"{folder / name}, line {_step_line(files[name], key) or 1}"
                raise WorksheetError(f"'{key}' is not known here", where=where, mend=SEE_EXAMPLE)
        whole |= {FILES[name][0]: content} if FILES[name] else content
    return whole


def _checked(whole: dict[str, Any], folder: Path, parts: Mapping[str, CommentedMap], shared: _Shared) -> Worksheet:
    try:
        return Worksheet.model_validate(whole)
    except ValidationError as faults:
        errors = [error for error in faults.errors() if not _of_the_other_shape(whole, error["loc"])]
        fault = (errors or faults.errors())[0]
        where = _where(folder, parts, shared, [step for step in fault["loc"] if not _is_shape(step)])
        raise WorksheetError(_fault_text(fault), where=where, mend=SEE_EXAMPLE) from None


def _is_shape(step: object) -> bool:
    """Whether a step of the way is the name of a shape (clause or table), not a key of the file."""
    return isinstance(step, str) and ("ClauseRule" in step or "TableRule" in step)


def _of_the_other_shape(whole: Any, way: Sequence[Any]) -> bool:
    """Whether a fault is said of a table where a clause is written, or the other way round."""
    for step in way:
        if _is_shape(step):
            return ("TableRule" in step) != (isinstance(whole, Mapping) and bool(TABLE_KEYS & whole.keys()))
        try:
            whole = whole[step]
        except (KeyError, IndexError, TypeError):
            return False
    return False


TABLE_KEYS = {"caption", "header", "rows", "rows_from"}


def _fault_text(fault: Any) -> str:
    """Return a fault of pydantic's in our words."""
    name = next((step for step in reversed(fault["loc"]) if isinstance(step, str) and not _is_shape(step)), "worksheet")
    context = {key: value for key, value in fault.get("ctx", {}).items() if isinstance(value, (int, str))}
    text = FAULT_TEXTS.get(fault["type"])
    if text is None:
        return str(fault["msg"]).removeprefix("Value error, ")
    return text.format_map({"name": name} | context)


FAULT_TEXTS: Mapping[str, str] = {
    "extra_forbidden": "'{name}' is not known here",
    "missing": "'{name}' is missing",
    "string_pattern_mismatch": "'{name}' must be small letters, digits and _ (a letter first)",
    "string_type": "'{name}' must be text; put quotes around it",
    "string_unicode": "'{name}' holds signs that no file can hold",
    "string_too_long": "'{name}' is longer than {max_length} characters",
    "string_too_short": "'{name}' is empty",
    "too_short": "'{name}' needs at least {min_length}",
    "too_long": "'{name}' holds more than {max_length}",
    "literal_error": "'{name}' must be one of {expected}",
    "int_parsing": "'{name}' must be a whole number",
    "int_type": "'{name}' must be a whole number",
    "int_from_float": "'{name}' must be a whole number",
    "greater_than_equal": "'{name}' must be {ge} or more",
    "less_than_equal": "'{name}' must be {le} or less",
    "bool_parsing": "'{name}' must be true or false",
    "bool_type": "'{name}' must be true or false",
    "date_from_datetime_parsing": "'{name}' must be a date like 2026-01-31",
    "date_from_datetime_inexact": "'{name}' must be a date like 2026-01-31",
    "date_type": "'{name}' must be a date like 2026-01-31",
    "date_parsing": "'{name}' must be a date like 2026-01-31",
    "tuple_type": "'{name}' must be a list",
    "model_type": "'{name}' must hold 'key: value' lines",
    "model_attributes_type": "'{name}' must hold 'key: value' lines",
    "invalid_key": "a key is not text; put quotes around it",
}
"""What pydantic finds, in the words of the person who writes the worksheet."""


def _where(folder: Path, parts: Mapping[str, CommentedMap], shared: _Shared, way: Sequence[Any]) -> str:
    """Return "file, line n" of the nearest place on the `way` (keys and indexes) that has a line."""
    name, rest = _file_of(parts, list(way))
    path, line = folder / name, 1
    content: Any = parts[name]
    for step in rest:
        while isinstance(content, Mapping) and step not in content and content.get("use") in shared.entries:
            path, content = shared.files[content["use"]], shared.entries[content["use"]]
            line = _line_of(content)
        line = _step_line(content, step) or line
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            break
    return f"{path}, line {line}"


def _file_of(parts: Mapping[str, CommentedMap], way: list[Any]) -> tuple[str, list[Any]]:
    for name in parts:
        into = FILES[name]
        if into and way[:1] == [into[0]]:
            return name, way[1:]
        if not into and way and way[0] in parts[name]:
            return name, way
    return "worksheet.yaml", way


def _step_line(content: Any, step: Any) -> int:
    try:
        position = content.lc.item(step) if isinstance(content, CommentedSeq) else content.lc.key(step)
    except (KeyError, AttributeError, TypeError):
        return 0
    return int(position[0]) + 1


def _check_names(worksheet: Worksheet, folder: Path, parts: Mapping[str, CommentedMap], shared: _Shared) -> None:
    """Refuse ids used twice and names of questions, stages and clauses that do not exist."""
    for way, fault in wrong_names(worksheet):
        raise WorksheetError(fault, where=_where(folder, parts, shared, way), mend=SEE_EXAMPLE)


def write_schemas(folder: Path) -> None:
    """Write the JSON Schemas that editors read into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":  # python -m toolkit.worksheets.loader, after a change of the worksheet model
    write_schemas(WORKSHEETS / "schema")
