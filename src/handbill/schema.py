"""The declared fields as a JSON Schema, from which editors complete and check while one types.

Draft 7: what taplo (Even Better TOML in Visual Studio Code) and its peers read. Every table stands in its place, since
taplo passes over what stands beside a ``$ref``. TOML's dates reach a schema as text, so patterns describe them. It
refuses nothing that `read` accepts; `read` alone knows all that is wrong.
"""

import json
from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Any, TypeAlias

from handbill.model import TABLES, Field, Kind, fields_of

Schema: TypeAlias = dict[str, Any]

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAYS = [
    f"{ordinal} {day}day"
    for ordinal in ("first", "second", "third", "fourth", "last")
    for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
]
_TEXT: Schema = {"type": "string"}
_ADDRESS: Schema = {"type": "string", "pattern": "^\\s*[Hh][Tt][Tt][Pp][Ss]?://"}
_MAIL: Schema = {"type": "string", "pattern": "@"}
_VALUES: Mapping[Kind, Schema] = MappingProxyType(
    {
        Kind.TEXT: _TEXT,
        Kind.MARKDOWN: _TEXT,
        Kind.ADDRESS: _ADDRESS,
        Kind.LEAVE_MAILTO: _MAIL,
        Kind.MAIL: _MAIL,
        Kind.SENDER: _MAIL,
        Kind.LANGUAGE: {"type": "string", "pattern": "^\\s*[A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*\\s*$"},
        Kind.ZONE: _TEXT,
        Kind.DATE: {"type": "string", "pattern": f"^{_DATE}$"},
        Kind.WHEN: {"type": "string", "pattern": f"^{_DATE}([Tt ][0-9]{{2}}:[0-9]{{2}}:.+)?$"},
        Kind.PARTIAL_DATE: {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"},
        Kind.WHOLE: {"type": "integer"},
        Kind.FLAG: {"type": "boolean"},
        Kind.TEXTS: {"type": "array", "items": _TEXT},
        Kind.ADDRESSES: {"type": "array", "items": _ADDRESS},
        Kind.MAILS: {"type": "array", "items": _MAIL},
        Kind.MEDIA_TYPE: {"type": "string", "pattern": "^\\s*[^/\\s]+/[^/\\s]"},
        Kind.SUBJECT: _TEXT,
        Kind.LIST_ID: _TEXT,
        Kind.DAY: {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 31}, {"enum": _DAYS}]},
        Kind.CLOCK: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
    }
)


_OWN: Schema = {"^x-": {"description": "A field of your own: templates can use it."}}


def schema() -> str:
    """The whole schema as JSON text."""
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "entries.toml of Handbill",
        "description": "A publication: its dated entries, from which feeds and a newsletter are made.",
        **_object({name: _top(name) for name in TABLES if "." not in name}, required=["site"]),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _top(name: str) -> Schema:
    table = _table(name)
    return {"type": "array", "description": table["description"], "items": table} if name == "entry" else table


def _table(name: str) -> Schema:
    """The table of the dotted *name* with all its fields."""
    fields = fields_of(TABLES[name]).values()
    return {
        "description": (TABLES[name].__doc__ or "").replace(f": `[{name}]`", "").replace(f": `[[{name}]]`", ""),
        **_object(
            {field.name: _field(name, field) for field in fields},
            required=[field.name for field in fields if field.required],
        ),
    }


def _object(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "patternProperties": _OWN,
        "additionalProperties": False,
    }


def _field(table: str, field: Field) -> Schema:
    if field.kind is Kind.TABLES:
        return {"description": _told(field), "type": "array", "items": _table(f"{table}.{field.name}")}
    described: Schema = {
        "description": f"{_told(field)}\n\n`{field.name} = {field.declared.example}`",
        **_VALUES[field.kind],
        "examples": [_as_json(_value(field.declared.example))],
    }
    if field.kind is Kind.WHOLE:
        described["minimum"] = field.declared.minimum
    if field.default not in (None, ()):
        described["default"] = _as_json(field.default)
    return described


def _told(field: Field) -> str:
    """What the field is, as a sentence."""
    return f"{field.declared.doc[0].upper()}{field.declared.doc[1:]}."


def _value(written: str) -> Any:
    """The value that is *written* in TOML."""
    import tomli

    return tomli.loads(f"value = {written}")["value"]


def _as_json(value: object) -> object:
    """*value* as a schema's reader gets it from TOML."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value
