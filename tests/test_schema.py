"""What is made from the declared fields: the JSON Schema and the tables of the manual."""

import json
import re
from typing import Any

import tomli
from made_docs import ROOT, made

from handbill.codes import all_codes
from handbill.model import TABLES, Kind, fields_of
from handbill.reference import reference
from handbill.schema import schema


def test_made_files_are_current() -> None:
    stale = [str(path.relative_to(ROOT)) for path, text in made().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run scripts/docs"


def table_of(name: str) -> dict[str, Any]:
    """The part of the schema for the table of that dotted name."""
    part = {"properties": {"": json.loads(schema())}}["properties"][""]
    for each in name.split("."):
        part = part["properties"][each]
        part = part.get("items", part)
    assert isinstance(part, dict)
    return part


def test_the_schema_has_every_field_and_allows_no_other() -> None:
    for name, table in TABLES.items():
        part = table_of(name)
        fields = fields_of(table)
        assert list(part["properties"]) == list(fields)
        assert part["required"] == [field.name for field in fields.values() if field.required]
        assert part["additionalProperties"] is False
        assert list(part["patternProperties"]) == ["^x-"]
        assert part["description"].endswith(".")


def test_every_field_is_explained_and_its_example_fits_its_own_pattern() -> None:
    for name, table in TABLES.items():
        for field in fields_of(table).values():
            part = table_of(name)["properties"][field.name]
            assert part["description"]
            if field.kind is Kind.TABLES:
                continue
            assert f"`{field.name} = {field.declared.example}`" in part["description"]
            (example,) = part["examples"]
            for pattern in filter(None, [part.get("pattern")]):
                assert re.search(pattern, example)


def test_defaults_are_the_declared_ones() -> None:
    site, digest, entry = (table_of(name)["properties"] for name in ("site", "digest", "entry"))
    assert (site["lang"]["default"], site["timezone"]["default"], site["entries-in-feed"]["default"]) == (
        "en",
        "UTC",
        50,
    )
    assert (digest["send-on"]["default"], digest["send-at"]["default"]) == (1, "08:00")
    assert (entry["draft"]["default"], "default" in entry["title"]) == (False, False)


def test_the_manual_has_every_field_with_its_example() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    for name, table in TABLES.items():
        assert reference(name) in manual
        for field in fields_of(table).values():
            if field.kind is not Kind.TABLES:
                assert f"| `{field.name}`" in reference(name)
                tomli.loads(f"{field.name} = {field.declared.example}")


def test_every_code_is_in_the_list() -> None:
    findings = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert [code for code in all_codes() if f"### {code}: " not in findings] == []
