"""A file that can be made: where it stands, what its bytes depend on, and how to make them."""

from collections.abc import Callable
from typing import NamedTuple


class Output(NamedTuple):
    """One file below feeds/.

    *path* is where it stands; *depends* is everything but the program and the templates that its bytes depend on, so
    that who has the file from equal facts need not make it again (None: more than is worth comparing). *make* gives
    its bytes; it raises templating.TemplateError, and readback.NotAsMeantError for a feed that would say something
    else than was meant.
    """

    path: str
    depends: object
    make: Callable[[], bytes]
