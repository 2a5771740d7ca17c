"""What a report should say of the lines that were left out."""

from collections import Counter
from typing import Final

from soso.sources.json_lines.rows import Row

_SHOWN: Final = 5
_MAX_NAMES: Final = 100


class Report:
    """Counts of lines left out, with the first few line numbers, and of unknown fields."""

    def __init__(self) -> None:
        self.understood = 0
        self.skipped: Counter[str] = Counter()
        self._lines: dict[str, list[int]] = {}
        self._counts: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()

    def skip(self, reason: str, number: int) -> None:
        """Count a line that was left out."""
        if reason not in self._counts and len(self._counts) >= _MAX_NAMES:
            reason = "for other reasons"
        self.skipped[reason] += 1
        self._counts[reason] += 1
        lines = self._lines.setdefault(reason, [])
        if len(lines) < _SHOWN:
            lines.append(number)

    def count(self, row: Row) -> None:
        """Count a row that was understood, and the fields that were not."""
        self.understood += 1
        for name in row.unknown:
            if name in self._unknown or len(self._unknown) < _MAX_NAMES:
                self._unknown[name] += 1

    def take_skipped(self) -> dict[str, int]:
        """Return what was left out since the last time."""
        skipped = dict(self.skipped)
        self.skipped.clear()
        return skipped

    def notices(self) -> tuple[str, ...]:
        """Return sentences on the whole reading: where the bad lines are, which fields are new."""
        found = []
        for reason, lines in self._lines.items():
            rest = self._counts[reason] - len(lines)
            more = f" and {rest} more" if rest else ""
            found.append(f"{reason}: line {', '.join(map(str, lines))}{more}")
        if self._unknown:
            names = [f"{name[:40]!r} ({n})" for name, n in self._unknown.most_common(_SHOWN)]
            rest = len(self._unknown) - len(names)
            found.append(f"unknown fields: {', '.join(names)}{f' and {rest} more' if rest else ''}")
        return tuple(found)

    def failure(self) -> str:
        """Return why nothing could be made of the lines."""
        sentences = self.notices()
        return f"no line is a row of ours ({sentences[0]})" if sentences else "there are no rows"
