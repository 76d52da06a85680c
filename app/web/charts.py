"""Where the lines of a chart go: pure geometry, drawn as SVG by templates/charts."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.views.reports.details import FlowDay, WaitChart
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


@dataclass(frozen=True)
class Band:
    """One state of a flow: its area, how many there are now, and where its name stands."""

    state: str
    area: str
    now: int
    label_y: float


@dataclass(frozen=True)
class Flow:
    """A cumulative flow: the end of the way at the bottom, what is still open on top."""

    bands: list[Band]
    ticks: list[tuple[float, int]]
    days: list[tuple[float, str]]


LABEL_HEIGHT = 15


def flow(days: Sequence[FlowDay], *, width: int, height: int) -> Flow:
    """Stack the states of each day in a box of the given size; the axis starts at nought."""
    states = list(days[0].counts) if days else []
    top = _round_up(max([1, *(sum(each.counts.values()) for each in days)]))
    xs = _xs(len(days), width)
    floor, bands, free = [0] * len(days), [], float(height)
    for state in states:
        roof = [below + each.counts[state] for below, each in zip(floor, days, strict=True)]
        edges = [(x, _y(v, top, height)) for x, v in zip(xs, roof, strict=True)]
        back = [(x, _y(v, top, height)) for x, v in zip(xs, floor, strict=True)][::-1]
        now, label = roof[-1] - floor[-1], min((edges[-1][1] + back[0][1]) / 2 + 4, free)
        bands.append(Band(state, _points([*edges, *back]), now, label))
        floor, free = roof, label - LABEL_HEIGHT if now else free
    ticks = [(height - height * i / 4, top * i // 4) for i in range(5)]
    step = max(1, -(-len(days) // 8))
    names = [(x, each.day[5:]) for x, each in zip(xs, days, strict=True)][::step]
    return Flow(bands, ticks, names)


@dataclass(frozen=True)
class Scatter:
    """Dots in a box; `halves` are the heights below which half, and 85 of 100, of them lie."""

    dots: list[tuple[float, float]]
    ticks: list[tuple[float, int]]
    days: list[tuple[float, str]]
    halves: list[tuple[float, str]]


def scatter(waits: WaitChart, *, width: int, height: int) -> Scatter:
    """Lay out how long customers had waited for each fix, by the day of the fix."""
    top = _round_up(max([1, *(each.days for each in waits.fixes)]))
    last = max(1, len(waits.calendar) - 1)
    place = {day: round(i * width / last, 1) for i, day in enumerate(waits.calendar)}
    step = max(1, -(-len(place) // 8))
    return Scatter(
        dots=[(place[f.day], _y(f.days, top, height)) for f in waits.fixes if f.day in place],
        ticks=[(height - height * i / 4, top * i // 4) for i in range(5)],
        days=[(x, day[5:]) for day, x in place.items()][::step],
        halves=[
            (_y(days, top, height), f"{share} %: {days:,} d")
            for share, days in ((50, waits.p50), (85, waits.p85))
            if days is not None
        ],
    )


def _y(value: float, top: float, height: int) -> float:
    return round(height - height * value / top, 1)


def _points(pairs: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in pairs)
