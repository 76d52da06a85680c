"""What a dry run says: how much would come, for how long, and what of the limit that takes."""

import pytest

from app.db.models import Source
from app.views.pace import limit_of
from app.views.runs import sentence
from tests.make import DAWN

COMES = {"tickets": 8_412, "bugs": 0, "customers": 0, "links": 2_905, "unmatched": 41, "refused": 0}


@pytest.mark.parametrize(
    ("pages", "seconds", "limit", "said"),
    [
        (9, 2, 10, "about 9 of 10 requests a minute for 13 seconds."),
        (85, 510, 10, "about 10 of 10 requests a minute for 9 minutes."),
        (85, 510, 30, "about 10 of 30 requests a minute for 9 minutes."),
        (85, 1, 10, "about 10 of 10 requests a minute for 9 minutes."),
        (3, 170, 0, "in about 3 minutes."),
        (0, 5, 10, "in about 16 seconds."),
    ],
)
def test_a_dry_run_says_what_of_the_limit_a_reading_takes_and_for_how_long(
    pages, seconds, limit, said
):
    found = COMES | {"pages": pages, "seconds": seconds}
    whole = "It would import 8,412 tickets, 2,905 links; 41 named bugs are not known; "
    assert sentence(found, limit) == whole + said


def test_the_limit_is_the_sources_own_or_that_of_its_kind():
    def of(kind, **options):
        return limit_of(Source(kind=kind, name=kind, options=options, added_at=DAWN))

    assert of("zendesk") == 10
    assert of("zendesk", requests_per_minute=30) == 30
    assert of("file") == 0
    assert of("no such kind") == 0


def test_when_nothing_would_come_no_limit_is_spoken_of():
    assert sentence(dict.fromkeys([*COMES, "pages", "seconds"], 0), 10) == "Nothing new would come."
