"""Puts headings and fields together as TOML does, and notices what stands twice."""

from typing import Any, NamedTuple

from handbill.read.checking import Path

NOWHERE: Path = (-1,)
"""The path of a table that cannot be."""


class Clash(NamedTuple):
    """Something cannot stand where it does, because of what stands at *first* (an offset). *kind* is what that is."""

    kind: str
    first: int


class Tables:
    """The tables so far: *data* as TOML gives it, and *current*, the path of the table that fields go to."""

    def __init__(self) -> None:
        """Start with an empty document."""
        self.data: dict[str, Any] = {}
        self.current: Path = ()
        self._here: dict[str, Any] = self.data
        self._defined: dict[Path, tuple[str, int]] = {}

    def defined(self, path: Path) -> tuple[str, int] | None:
        """What stands at *path* ("heading", "above", "dotted", "value" or "array"), and since which offset."""
        return self._defined.get(path)

    def heading(self, name: tuple[str, ...], offset: int, *, array: bool) -> Clash | None:
        """Begin the table of this *name*; with a clash, fields go on to the table that is there, if there is one."""
        path: Path = ()
        node: Any = self.data
        for part in name[:-1]:
            path = (*path, part)
            kind, first = self._defined.get(path, ("", offset))
            if not kind:
                node[part] = {}
                self._defined[path] = ("above", offset)
            elif kind == "value":
                return self._aside(Clash(kind, first))
            node = node[part]
            if kind == "array":
                path = (*path, len(node) - 1)
                node = node[-1]
        last = name[-1]
        path = (*path, last)
        kind, first = self._defined.get(path, ("", offset))
        if array:
            if kind not in ("", "array"):
                return self._aside(Clash(kind, first))
            items = node.setdefault(last, [])
            items.append({})
            self._defined[path] = ("array", first)
            path = (*path, len(items) - 1)
            self._defined[path] = ("heading", offset)
            self.current, self._here = path, items[-1]
            return None
        if kind in ("value", "array"):
            return self._aside(Clash(kind, first))
        self.current, self._here = path, node.setdefault(last, {})
        if kind in ("heading", "dotted"):
            return Clash(kind, first)
        self._defined[path] = ("heading", offset)
        return None

    def aside(self) -> None:
        """Let the fields that follow go nowhere."""
        self.current, self._here = NOWHERE, {}

    def _aside(self, clash: Clash) -> Clash:
        self.aside()
        return clash

    def pair(self, name: tuple[str, ...], value: Any, offset: int) -> Clash | None:
        """Give the current table a field."""
        node: Any = self._here
        path = self.current
        for part in name[:-1]:
            path = (*path, part)
            kind, first = self._defined.get(path, ("", offset))
            if kind not in ("", "above", "dotted"):
                return Clash(kind, first)
            node.setdefault(part, {})
            self._defined[path] = ("dotted", first)
            node = node[part]
        path = (*path, name[-1])
        if path in self._defined:
            return Clash(*self._defined[path])
        self._defined[path] = ("value", offset)
        node[name[-1]] = value
        return None

    def reserve(self, name: str, offset: int) -> None:
        """Note that the current table has a field of this *name*, whose value is not known."""
        self._defined.setdefault((*self.current, name), ("value", offset))
