"""The last defence of well-formedness: characters that XML 1.0 (section 2.2) forbids never reach a feed."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The *text* with U+FFFD for each character that XML cannot hold; reading refuses them, so none should come."""
    return text if text.isprintable() else _FORBIDDEN.sub("\ufffd", text)
