"""The schemas that editors read: as the code makes them, and sound for every worksheet that comes along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolkit.worksheets import loader


def test_the_schemas_are_current(house: Path, tmp_path: Path) -> None:
    loader.write_schemas(tmp_path)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (house / "worksheets" / "schema").iterdir()}
    assert kept == made, "run: python -m toolkit.worksheets.loader"


@pytest.mark.parametrize("name", loader.FILES)
def test_a_schema_refuses_unknown_keys_and_lets_an_entry_be_taken_by_use(name: str) -> None:
    schema = loader.schemas()[name.replace(".yaml", ".schema.json")]
    objects = [schema, *schema["$defs"].values()]
    assert all(each["additionalProperties"] is False for each in objects if each.get("type") == "object")
    assert schema["$defs"]["Question"]["anyOf"] == [{"required": ["id", "kind", "ask"]}, {"required": ["use"]}]


def test_every_reference_in_a_schema_leads_somewhere() -> None:
    for schema in loader.schemas().values():
        text = json.dumps(schema)
        named = {part.split('"', 1)[0] for part in text.split("#/$defs/")[1:]}
        assert named <= set(schema["$defs"])


def test_each_key_of_a_worksheet_belongs_into_one_file() -> None:
    schemas = loader.schemas()
    spread = [key for schema in schemas.values() for key in schema.get("properties", {})]
    assert len(spread) == len(set(spread))
    assert {"id", "stages", "agendas", "scripts", "scenarios"} <= set(spread)
