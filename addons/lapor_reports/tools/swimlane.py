"""The flow of an SOP in its actor columns: which shape stands where, and the lines between.

Positions are shares of a cell (0 to 1), because the height of a row is known only when its text
has been set. The result is drawn as backgrounds of the cells.
"""

from typing import NamedTuple

START, PROCESS, DECISION, END = "start", "process", "decision", "end"
MIDDLE, LANE = 0.5, 0.1


class Line(NamedTuple):
    """A stroke inside one cell, along one axis."""

    x0: float
    y0: float
    x1: float
    y1: float
    style: str


class Arrow(NamedTuple):
    """From a row to another, both counted from 0; ``kind`` is that of the SOP's arrow."""

    source: int
    target: int
    kind: str


def shapes(columns: list[int | None], arrows: list[Arrow]) -> list[str]:
    """The shape of each row: a row that decides has more ways out than on."""
    found = []
    for row in range(len(columns)):
        ways = {arrow.kind for arrow in arrows if arrow.source == row}
        if row == 0:
            found.append(START)
        elif row == len(columns) - 1:
            found.append(END)
        else:
            found.append(DECISION if ways - {"forward", "close"} else PROCESS)
    return found


def draw(columns: list[int | None], arrows: list[Arrow]) -> dict[tuple[int, int], list[Line]]:
    """The lines in each cell.

    Ways on leave sideways in their own row and come down in the column of their target; ways
    back go up in a lane at its left side.

    :param columns: for each row the column of its shape; None: the row has none
    :returns: lines by (row, column)
    """
    cells: dict[tuple[int, int], list[Line]] = {}

    def add(row, column, x0, y0, x1, y1, style):
        line = Line(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), style)
        lines = cells.setdefault((row, column), [])
        if line not in lines:
            lines.append(line)

    def across(row, start, end, to, style):
        """From the middle of one column to ``to`` in another, at half height."""
        if start == end:
            add(row, start, MIDDLE, MIDDLE, to, MIDDLE, style)
            return
        step = 1 if end > start else -1
        add(row, start, MIDDLE, MIDDLE, 1 if step > 0 else 0, MIDDLE, style)
        for column in range(start + step, end, step):
            add(row, column, 0, MIDDLE, 1, MIDDLE, style)
        add(row, end, 0 if step > 0 else 1, MIDDLE, to, MIDDLE, style)

    for arrow in arrows:
        start, end = columns[arrow.source], columns[arrow.target]
        if start is None or end is None or arrow.source == arrow.target:
            continue
        if arrow.target > arrow.source:
            between = range(arrow.source + 1, arrow.target)
            blocked = any(columns[row] == end for row in between)
            x = 1 - LANE if blocked else MIDDLE
            style = {"quick": "thick", "branch": "thin"}.get(arrow.kind, "line")
            if start != end or blocked:
                across(arrow.source, start, end, x, style)
            add(arrow.source, end, x, MIDDLE, x, 1, style)
            for row in between:
                add(row, end, x, 0, x, 1, style)
            add(arrow.target, end, x, 0, x, MIDDLE, style)
            if blocked:
                add(arrow.target, end, x, MIDDLE, MIDDLE, MIDDLE, style)
        else:
            across(arrow.source, start, end, LANE, "dashed")
            add(arrow.source, end, LANE, 0, LANE, MIDDLE, "dashed")
            for row in range(arrow.target + 1, arrow.source):
                add(row, end, LANE, 0, LANE, 1, "dashed")
            add(arrow.target, end, LANE, MIDDLE, LANE, 1, "dashed")
            add(arrow.target, end, LANE, MIDDLE, MIDDLE, MIDDLE, "dashed")
    return cells


def line_svg(style: str, upright: bool) -> str:
    """A stroke to be stretched to its length; dashed ones are nine dashes, whatever it is."""
    if style != "dashed":
        marks = '<rect width="90" height="90"/>'
    else:
        place = "y" if upright else "x"
        size = 'width="90" height="6"' if upright else 'width="6" height="90"'
        marks = "".join(f'<rect {place}="{at}" {size}/>' for at in range(2, 90, 10))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" viewBox="0 0 90 90" '
        f'preserveAspectRatio="none">{marks}</svg>'
    )


def background(lines: list[Line], address) -> str:
    """CSS that draws these lines behind a cell's content.

    :param address: function that gives the address of an SVG
    """
    layers = []
    for line in lines:
        upright = line.x0 == line.x1
        width = "2.2pt" if line.style == "thick" else "0.8pt"
        length = f"{((line.y1 - line.y0) if upright else (line.x1 - line.x0)) * 100:g}%"
        x = _offset(line.x0, line.x1, upright)
        y = _offset(line.y0, line.y1, not upright)
        size = f"{width} {length}" if upright else f"{length} {width}"
        image = address(line_svg(line.style, upright))
        layers.append(f"url({image}) {x} {y} / {size} no-repeat")
    return f"background: {', '.join(layers)}" if layers else ""


def _offset(low, high, thin):
    """Percentage that puts a layer of this extent where it belongs."""
    if thin:
        return f"{low * 100:g}%"
    rest = 1 - (high - low)
    return f"{low / rest * 100 if rest > 0 else 0:g}%"


def shape_svg(shape: str, entered: bool) -> str:
    """One shape, with an arrow head above it when something leads into it."""
    head = '<path d="M15,7 L11.5,0 L18.5,0 Z" fill="#000"/>' if entered else ""
    body = {
        PROCESS: '<rect x="1" y="7" width="28" height="14" fill="#fff" stroke="#000"/>',
        DECISION: '<path d="M15,7 L29,15.5 L15,24 L1,15.5 Z" fill="#fff" stroke="#000"/>',
    }.get(shape, '<rect x="1" y="7" width="28" height="14" rx="7" fill="#fff" stroke="#000"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 31">{head}{body}</svg>'
