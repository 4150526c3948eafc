"""From offsets into the text to lines and columns."""

import re
from bisect import bisect_right

from handbill.findings import Place


class Lines:
    """The lines of *text*, which end with LF or CRLF."""

    def __init__(self, text: str) -> None:
        """Find where each line begins."""
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def number(self, offset: int) -> int:
        """The line, from 1, that *offset* is in."""
        return bisect_right(self._starts, offset)

    def place(self, start: int, end: int) -> Place:
        """The place from *start* to *end*; one over several lines is cut at the end of its first."""
        line = self.number(start)
        begin = self._starts[line - 1]
        line_end = self.text.find("\n", start)
        line_end = len(self.text) if line_end < 0 else line_end
        return Place(line, start - begin + 1, max(min(end, line_end), start) - begin + 1)
