"""Jinja2, set up in one place: sandboxed, escaping, the user's own templates before the packaged ones.

A user's template of a packaged name replaces that file; one that begins with ``{% extends "handbill/index.html" %}``
replaces only the blocks that it names. Names under ``handbill/`` always mean the packaged files.
"""

from collections.abc import Callable, Mapping
from functools import cache
from traceback import walk_tb
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handbill.failure import FailureError
from handbill.render.address import uri

_OWN = "templates/"  # how the user's files are called in messages

_STEPS = 5_000_000
"""So many steps all loops over `range` may take together, or what a template makes has no end."""

_LARGEST = 10_000_000  # bits or items that one multiplication may make


class TemplateError(FailureError):
    """A mistake in a template: *name* of the file, its *line* (0: unknown), whether it is the user's *own*."""

    def __init__(self, name: str, line: int, message: str, own: bool) -> None:
        """Say what is wrong in *message*."""
        self.name, self.line, self.message, self.own = name, line, message, own
        self.status = 1 if own else 70
        place = f"{name}:{line}" if line else name
        super().__init__(f"{_OWN}{place}: {message}" if own else f"packaged template {place}: {message}")


def environment(overrides: Mapping[str, str]) -> jinja2.Environment:
    """Templates by name; *overrides* are the user's own, as name below their ``templates/`` and text.

    An unknown name in a template is a mistake, except where it asks with ``is defined`` or ``.get()``. The filter
    `uri` makes an address fit for a link.
    """

    def own(name: str) -> tuple[str, str, Any] | None:
        return (overrides[name], _OWN + name, lambda: True) if name in overrides else None

    packaged = jinja2.PackageLoader("handbill", "templates")
    loaders = [jinja2.FunctionLoader(own), jinja2.PrefixLoader({"handbill": packaged}), packaged]
    made = _Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=jinja2.select_autoescape(["html", "xml"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        optimized=False,  # to look for constants costs more than it saves: a process makes each template once
    )
    made.filters["uri"] = uri
    made.globals["range"] = _counted_range()
    return made


def is_own(templates: jinja2.Environment, name: str) -> bool:
    """Whether the user has a file *name* of their own among *templates*."""
    return str(templates.get_template(name).filename).startswith(_OWN)


def source_of(templates: jinja2.Environment, name: str) -> str:
    """The text of the file *name* among *templates*."""
    assert templates.loader
    return templates.loader.get_source(templates, name)[0]


def render(templates: jinja2.Environment, name: str, **values: object) -> str:
    """What the template *name* makes of *values*. Raises TemplateError for any mistake in a template."""
    try:
        return templates.get_template(name).render(**values)
    except Exception as error:
        if fault := _fault(error):
            raise fault from error
        raise


def _counted_range() -> Callable[..., range]:
    """`range` for templates: it says no when all loops over it together take too many steps."""
    taken = 0

    def counted(*numbers: int) -> range:
        nonlocal taken
        steps = range(*numbers)
        taken += len(steps)
        if taken > _STEPS:
            raise OverflowError(f"loops over range() take more than {_STEPS:,} steps together")
        return steps

    return counted


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox, which takes a shorter way to our own frozen values: a page asks very often."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, but nothing that fills the memory or takes for ever."""
        if _size(operator, left, right) > _LARGEST:
            raise OverflowError(f"what “{operator}” makes here is too large")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What is ours as it is; anything else as the sandbox allows."""
        if attribute in _public(type(obj)):  # type: ignore[arg-type]
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def _public(kind: type) -> frozenset[str]:
    """The fields and methods of *kind* that are meant for others, where it is ours."""
    ours = kind.__module__.startswith("handbill.")
    return frozenset(name for name in dir(kind) if ours and not name.startswith("_"))


def _size(operator: str, left: Any, right: Any) -> int:
    """How long, in bits or items, what *operator* makes of *left* and *right* would be, where that may be much."""
    if operator == "**":
        return left.bit_length() * right if isinstance(left, int) and isinstance(right, int) else 0
    lengths = [len(each) for each in (left, right) if hasattr(each, "__len__")]
    counts = [each for each in (left, right) if isinstance(each, int)]
    return lengths[0] * counts[0] if lengths and counts else 0


def _fault(error: Exception) -> TemplateError | None:
    """The mistake behind *error*: the place in a template nearest to where it was raised, if there is one."""
    if isinstance(error, OSError) and not isinstance(error, jinja2.TemplateError):
        return None  # the system does not give us a file of ours just now; no template can open any
    frames = list(walk_tb(error.__traceback__))
    places = [(frame.f_code.co_filename, line) for frame, line in frames if _name_of(frame.f_code.co_filename)]
    # One that Python or the parser cannot take, as deep as it is nested: only who compiles it knows the name.
    compiled = [frame.f_locals.get("filename") for frame, _ in frames if frame.f_code is _COMPILE]
    if isinstance(error, (RecursionError, SyntaxError)):
        places += [(path, 0) for path in compiled if isinstance(path, str) and _name_of(path)]
    if isinstance(error, jinja2.TemplateSyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    if not places:
        return None
    path, line = places[-1]
    message = error.message if isinstance(error, jinja2.TemplateError) and error.message else str(error)
    if isinstance(error, RecursionError) or (isinstance(error, SyntaxError) and compiled):
        message = "its parts are too deep within each other, or one has itself within itself"
    if isinstance(error, jinja2.TemplateNotFound):
        message = f"there is no template “{error.name}”"
    return TemplateError(_name_of(path), line, message or type(error).__name__, path.startswith(_OWN))


_COMPILE = jinja2.Environment.compile.__code__


def _name_of(path: str) -> str:
    """The name of the template whose code says it comes from *path*; empty for other code."""
    if path.startswith(_OWN):
        return path.removeprefix(_OWN)
    return path.rpartition("/handbill/templates/")[2] if "/handbill/templates/" in path else ""
