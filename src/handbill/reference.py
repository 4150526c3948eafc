"""The declared fields as tables in Markdown, for the manual."""

from datetime import time

from handbill.model import TABLES, Field, Kind, fields_of


def reference(table: str) -> str:
    """Every field of the *table* of that dotted name: how it is written, what it means, and an example."""
    rows = [_row(field) for field in fields_of(TABLES[table]).values() if field.kind is not Kind.TABLES]
    return "\n".join(["| field | is written as | meaning | example |", "|---|---|---|---|", *rows]) + "\n"


def _row(field: Field) -> str:
    name = f"`{field.name}`{' *' if field.required else ''}"
    default = "" if field.default in (None, (), False) else f"; without it: {_default(field.default)}"
    return f"| {name} | {field.kind.value} | {field.declared.doc}{default} | `{field.declared.example}` |"


def _default(value: object) -> str:
    return (
        f'`"{value:%H:%M}"`' if isinstance(value, time) else f'`"{value}"`' if isinstance(value, str) else f"`{value}`"
    )
