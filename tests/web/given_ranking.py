"""The ranking page to draw."""

from app.core.ranking import BOUNDS
from app.views.policies import MEANINGS, Moved, Parameter, RankingPage, SeverityFactor
from tests.web.given import NOW, TITLES


def ranking(**more):
    weights = [
        Parameter(
            name=name,
            label=bound.label,
            meaning=MEANINGS[name],
            low=bound.low,
            high=bound.high,
            step=0.05,
            value=1,
            tried=1.5 if name == "beta" else 1,
            closed=name == "alpha",
        )
        for name, bound in BOUNDS.items()
    ]
    facts = {
        "version": 3,
        "saved_by": "Ana",
        "saved_at": NOW,
        "as_of": NOW,
        "parameters": weights,
        "severities": [SeverityFactor(severity="S1", value=4, tried=2)],
        "arr_reference": 12_000,
        "trying": True,
        "moved": 3,
        "total": 40,
        "items": [moved(number, up) for number, up in enumerate((3, -2, 0, 1), start=1)],
    }
    return RankingPage(**(facts | more))


def moved(number, up):
    return Moved(
        id=number,
        source="github",
        external_id=str(number),
        url=None,
        key=f"acme/app#{number}",
        title=TITLES[number % len(TITLES)],
        rank=number,
        score=20 - number,
        rank_now=number + up,
        score_now=12.5,
        up=up,
    )
