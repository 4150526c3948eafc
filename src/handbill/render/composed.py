"""An issue of the digest, composed: what every recipient gets, and where each one's own goes."""

from dataclasses import dataclass, replace
from html import escape

LEAVE = "https://leave.invalid/6d1f0c5e9b7a43f2"
"""Stands in a composed issue where each recipient's own address for leaving goes."""


@dataclass(frozen=True, slots=True)
class Composed:
    """Subject, HTML (a complete document with its CSS inlined) and plain text (lines end in a bare newline)."""

    subject: str
    html: str
    text: str

    def leaving_at(self, address: str) -> "Composed":
        """The same with *address* (of the web, or ``mailto:``) as the way to leave, to look at."""
        html = self.html.replace(LEAVE, escape(address))
        return replace(self, html=html, text=self.text.replace(LEAVE, address))


def mailto(address: str) -> str:
    """The ``mailto:`` address for *address*, a mail address or already such a one; empty for an empty one."""
    return address if address.startswith("mailto:") or not address else f"mailto:{address}"
