"""Where the lines of a chart go: pure geometry, drawn as SVG by templates/charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.views.strip import Point


@dataclass(frozen=True)
class BurnUp:
    """A burn-up's lines and axis; `top` is the round number at the upper edge."""

    scope: str
    fixed: str
    area: str
    top: int
    ticks: list[tuple[float, int]]
    days: list[tuple[float, str]]
    finding: str


def burn_up(points: Sequence[Point], *, width: int, height: int) -> BurnUp:
    """Lay out a burn-up in a box of the given size; the axis starts at nought."""
    top = _round_up(max([1, *(p.scope for p in points), *(p.fixed for p in points)]))
    fixed = polyline([p.fixed for p in points], top=top, width=width, height=height)
    last = _xs(len(points), width)[-1] if points else 0
    return BurnUp(
        scope=polyline([p.scope for p in points], top=top, width=width, height=height),
        fixed=fixed,
        area=f"0,{height} {fixed} {last:g},{height}" if points else "",
        top=top,
        ticks=[(height - height * i / 4, top * i // 4) for i in range(5)],
        days=_labels(points, width),
        finding=_finding(points),
    )


def polyline(values: Sequence[float], *, top: float, width: int, height: int) -> str:
    """Return the points of a line through the values, evenly spaced."""
    xs = _xs(len(values), width)
    return " ".join(
        f"{x:g},{round(height - height * value / top, 1):g}"
        for x, value in zip(xs, values, strict=True)
    )


def _xs(count: int, width: int) -> list[float]:
    return [round(i * width / max(1, count - 1), 1) for i in range(count)]


def _labels(points: Sequence[Point], width: int) -> list[tuple[float, str]]:
    step = max(1, -(-len(points) // 8))
    return [
        (x, point.day[5:])
        for i, (x, point) in enumerate(zip(_xs(len(points), width), points, strict=True))
        if i % step == 0
    ]


def _round_up(value: int) -> int:
    step = 4 if value <= 40 else 20
    return -(-value // step) * step


def _finding(points: Sequence[Point]) -> str:
    if not points:
        return "Nothing has been measured yet."
    return f"{points[-1].fixed} of {points[-1].scope} bugs fixed by {points[-1].day}"
