"""Tables of plain text."""

from collections.abc import Sequence


def table(head: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> str:
    """``rows`` in aligned columns, below ``head`` and a rule if there is one."""
    lines = [head, *rows] if head else list(rows)
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    if head:
        lines.insert(1, ["-" * width for width in widths])
    text = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(f"  {line}".rstrip() for line in text)
