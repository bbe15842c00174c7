"""A folder of YAML read as a Worksheet, or the file, line, fault and mend of what stops it; the only YAML."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from toolkit.errors import WorksheetError
from toolkit.worksheet import BRACES, WORDS_OF_BRACES, ClauseRule, Condition, PolicySection, TableRule, Worksheet

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
MAY_HOLD_ANCHOR = re.compile(r"(^|[\s\[{,:-])[&*][A-Za-z0-9_]", re.MULTILINE)
LARGEST = 2_000_000
DEEPEST = 40


def listed(root: Path) -> list[str]:
    """Return the names of the worksheet folders under `root`, in order."""
    return sorted(path.parent.name for path in root.glob("*/worksheet.yaml"))


def read(folder: Path) -> Worksheet:
    """Return the worksheet in `folder`; WorksheetError says file, line, fault and mend."""
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise WorksheetError(f"there is no {missing[0]}", where=str(folder), mend="A worksheet folder needs it.")
    parts = {name: _load(folder / name) for name in FILES if (folder / name).is_file()}
    shared = _Shared(folder.parent / COMMON)
    whole = _whole({name: shared.put_in(content, folder / name) for name, content in parts.items()})
    worksheet = _checked(whole, folder, parts)
    _check_names(worksheet, folder, parts)
    return worksheet


def read_kept(folder: Path, kept: Path) -> Worksheet:
    """Return the worksheet in `folder` as `read` does, from a copy in `kept` when no file has changed since.

    YAML with the line of every fault takes a second or two for a long worksheet, its checked copy a few
    hundredths; the copy's name is the content of all files and of the rules that checked them.
    """
    copy = kept / f"{folder.name}-{_fingerprint(folder)}.json"
    with contextlib.suppress(OSError, ValidationError):
        return Worksheet.model_validate_json(copy.read_bytes())
    worksheet = read(folder)
    with contextlib.suppress(OSError):
        _keep(worksheet, copy)
    return worksheet


def _keep(worksheet: Worksheet, copy: Path) -> None:
    for older in copy.parent.glob(f"{worksheet.id}-*.json"):
        older.unlink()
    beside = copy.with_suffix(f".{os.getpid()}")
    beside.write_text(worksheet.model_dump_json(by_alias=True, exclude_defaults=True), encoding="utf-8")
    beside.replace(copy)


def _fingerprint(folder: Path) -> str:
    found = hashlib.sha256(json.dumps(Worksheet.model_json_schema(), sort_keys=True).encode())
    for path in (*sorted(folder.glob("*.yaml")), *sorted((folder.parent / COMMON).glob("*.yaml"))):
        found.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each file of a worksheet folder, for editors; `use` entries are allowed."""
    whole = Worksheet.model_json_schema(by_alias=True)
    return {name.replace(".yaml", ".schema.json"): _schema_of(whole, name) for name in FILES}


def _schema_of(whole: dict[str, Any], name: str) -> dict[str, Any]:
    shared = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, "$defs": _with_use(whole)}
    into = FILES[name]
    if into:
        return shared | {"$ref": f"#/$defs/{into[0].capitalize()}"}
    own = OWN_FIELDS.get(name) or tuple(key for key in whole["properties"] if key not in PLACED)
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
PLACED = {"policy", "checks", *(key for keys in OWN_FIELDS.values() for key in keys)}


def _load(path: Path) -> CommentedMap:
    """Return the mapping in a YAML file, its places kept; refused when too large, too deep or with anchors."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WorksheetError("the file cannot be read as text", where=str(path), mend="Save it as UTF-8.") from None
    _refuse_bombs(text, path)
    try:
        _refuse_aliases(text, path)
        content = YAML(typ="rt", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as fault:
        raise _yaml_fault(path, fault) from None
    if not isinstance(content, CommentedMap):
        raise WorksheetError("the file does not hold 'key: value' lines", where=f"{path}, line 1", mend=SEE)
    return content


SEE = "See worksheets/sextech-2010 for an example."


def _refuse_bombs(text: str, path: Path) -> None:
    if len(text) > LARGEST:
        raise WorksheetError(f"the file is larger than {LARGEST // 1_000_000} MB", where=str(path), mend="Shorten it.")
    for number, line in enumerate(text.splitlines(), 1):
        if max(line.count("["), line.count("{")) > DEEPEST or len(line) - len(line.lstrip()) > 4 * DEEPEST:
            raise WorksheetError("the brackets go too deep", where=f"{path}, line {number}", mend="Use fewer levels.")


def _refuse_aliases(text: str, path: Path) -> None:
    """Refuse anchors: a few hundred bytes of them unfold to gigabytes (a "billion laughs")."""
    if not MAY_HOLD_ANCHOR.search(text):
        return
    for token in YAML(typ="rt", pure=True).scan(text):
        if isinstance(token, (AliasToken, AnchorToken)):
            where = f"{path}, line {token.start_mark.line + 1}"
            raise WorksheetError("'&' and '*' names are not allowed", where=where, mend="Write the text out.")


def _yaml_fault(path: Path, fault: Exception) -> WorksheetError:
    mark = fault.problem_mark if isinstance(fault, MarkedYAMLError) else None
    said = str(getattr(fault, "problem", "") or "the file cannot be read as YAML").splitlines()[0]
    where = f"{path}, line {mark.line + 1}" if mark else str(path)
    return WorksheetError(
        f"the line breaks the rules of YAML ({said})", where=where, mend="Mend the line or put quotes."
    )


class _Shared:
    """The shared entries of worksheets/common by their id; `use: id` takes one."""

    def __init__(self, folder: Path) -> None:
        self.entries: dict[str, Mapping[str, Any]] = {}
        for path in sorted(folder.glob("*.yaml")):
            for listed_ in _load(path).values():
                self.entries |= {each["id"]: each for each in listed_ if isinstance(each, Mapping) and "id" in each}

    def put_in(self, content: Any, path: Path) -> Any:
        """Return `content` with every `use` replaced by the shared entry, its own keys on top."""
        if isinstance(content, Mapping):
            filled = {key: self.put_in(value, path) for key, value in content.items() if key != "use"}
            return self._taken(content, path) | filled if "use" in content else filled
        if isinstance(content, Sequence) and not isinstance(content, str):
            return [self.put_in(each, path) for each in content]
        return content

    def _taken(self, content: Mapping[str, Any], path: Path) -> dict[str, Any]:
        wanted = content["use"]
        if wanted not in self.entries:
            where = f"{path}, line {_line_of(content)}"
            raise WorksheetError(f"there is no shared '{wanted}'", where=where, mend=f"See worksheets/{COMMON}.")
        return {key: self.put_in(value, path) for key, value in self.entries[wanted].items()}


def _line_of(content: object) -> int:
    return content.lc.line + 1 if isinstance(content, (CommentedMap, CommentedSeq)) else 1


def _whole(parts: Mapping[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for name, content in parts.items():
        whole |= {FILES[name][0]: content} if FILES[name] else content
    return whole


def _checked(whole: dict[str, Any], folder: Path, parts: Mapping[str, CommentedMap]) -> Worksheet:
    try:
        return Worksheet.model_validate(whole)
    except ValidationError as faults:
        fault = faults.errors()[0]
        where = _place(folder, parts, [each for each in fault["loc"] if not str(each).endswith(("Rule",))])
        raise WorksheetError(_said(fault), where=where, mend=SEE) from None


def _said(fault: Any) -> str:
    name = fault["loc"][-1] if fault["loc"] else "worksheet"
    match fault["type"]:
        case "extra_forbidden":
            return f"'{name}' is not known here"
        case "missing":
            return f"'{name}' is missing"
        case "string_pattern_mismatch":
            return f"'{name}' must be small letters, digits and _ (a letter first)"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def _place(folder: Path, parts: Mapping[str, CommentedMap], way: list[Any]) -> str:
    """Return "file, line n" of the nearest place on the `way` (keys and indexes) that has a line."""
    name, rest = _file_of(parts, way)
    content, line = parts[name], 1
    for step in rest:
        line = _step_line(content, step) or line
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            break
    return f"{folder / name}, line {line}"


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
        place = content.lc.item(step) if isinstance(content, CommentedSeq) else content.lc.key(step)
    except (KeyError, AttributeError, TypeError):
        return 0
    return int(place[0]) + 1


def _check_names(worksheet: Worksheet, folder: Path, parts: Mapping[str, CommentedMap]) -> None:
    """Refuse ids used twice and names of questions, stages and clauses that do not exist."""
    for way, fault in _wrong_names(worksheet):
        raise WorksheetError(fault, where=_place(folder, parts, way), mend=SEE)


Fault = tuple[list[Any], str]


def _wrong_names(worksheet: Worksheet) -> Iterator[Fault]:
    yield from _twice_asked(worksheet)
    yield from _wrong_in_stages(worksheet)
    yield from _wrong_in_policy(worksheet)
    yield from _wrong_in_agendas(worksheet)


def _twice_asked(worksheet: Worksheet) -> Iterator[Fault]:
    seen: set[str] = set()
    for s, stage in enumerate(worksheet.stages):
        for q, question in enumerate(stage.questions):
            if question.id in seen or question.id in WORDS_OF_BRACES:
                yield ["stages", s, "questions", q], f"the question id '{question.id}' is used twice"
            seen.add(question.id)


def _wrong_in_stages(worksheet: Worksheet) -> Iterator[Fault]:
    for s, stage in enumerate(worksheet.stages):
        for q, question in enumerate(stage.questions):
            way = ["stages", s, "questions", q]
            names = [condition.question for condition in question.show_if] + [question.kept_as]
            yield from _unknown(worksheet, way, [name for name in names if name != question.id])


def _unknown(worksheet: Worksheet, way: list[Any], names: list[str]) -> Iterator[Fault]:
    for name in names:
        if name not in worksheet.questions:
            yield way, f"there is no question '{name}'"


def _papers(worksheet: Worksheet) -> Iterator[tuple[list[Any], tuple[PolicySection, ...]]]:
    yield ["policy", "sections"], worksheet.policy.sections
    for place, paper in enumerate(worksheet.policy.papers):
        yield ["policy", "papers", place, "sections"], paper.sections


def _wrong_in_policy(worksheet: Worksheet) -> Iterator[Fault]:
    for way, sections in _papers(worksheet):
        clauses = {block.id for section in worksheet.policy.sections for block in section.clauses}
        clauses |= {block.id for section in sections for block in section.clauses}
        yield from _used_twice(way, sections)
        for s, section in enumerate(sections):
            for b, block in enumerate(section.clauses):
                place = [*way, s, "clauses", b]
                yield from _unknown(worksheet, place, _questions_named(block) + _conditions((*section.when,)))
                yield from ((place, f"there is no clause '{see}'") for see in _seen_by(block) if see not in clauses)


def _used_twice(way: list[Any], sections: tuple[PolicySection, ...]) -> Iterator[Fault]:
    seen: set[str] = set()
    for s, section in enumerate(sections):
        for b, block in enumerate(section.clauses):
            if block.id in seen:
                yield [*way, s, "clauses", b], f"the clause id '{block.id}' is used twice"
            seen.add(block.id)


def _conditions(conditions: tuple[Condition, ...]) -> list[str]:
    return [condition.question for condition in conditions]


def _questions_named(block: ClauseRule | TableRule) -> list[str]:
    return block.questions_read() + _conditions((*block.when, *block.unless))


def _seen_by(block: ClauseRule | TableRule) -> list[str]:
    matches = (match for text in block.texts() for match in BRACES.finditer(text))
    return [(match["words"] or "").strip() for match in matches if match["name"] == "see"]


def _wrong_in_agendas(worksheet: Worksheet) -> Iterator[Fault]:
    stages = {stage.id for stage in worksheet.stages}
    for a, agenda in enumerate(worksheet.agendas):
        for s, step in enumerate(agenda.steps):
            if step.stage and step.stage not in stages:
                yield ["agendas", a, "steps", s], f"there is no stage '{step.stage}'"
