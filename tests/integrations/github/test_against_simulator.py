"""The connector over real HTTP, against the simulated repository and its own truth."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from integrations.contract import IssueRecord, Surroundings
from integrations.github import GitHub
from integrations.simulators import SIMULATORS
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from tests.integrations.github.fake import Limits, walked

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def world():
    return build_world(3, start=NOW - timedelta(days=5), tickets=40, bugs=630)


@contextmanager
def simulated(world, faults=None):
    app, credentials = SIMULATORS["github"](world=world, faults=faults, now=lambda: NOW)
    with serve(app) as url:
        around = Surroundings(
            limiter=Limits(),
            now=lambda: NOW,
            sleep=lambda seconds: None,
            private_hosts=frozenset({urlsplit(url).netloc}),
        )
        source = GitHub({**credentials, "base_url": url}, around)
        try:
            yield source, url
        finally:
            source.close()


def truth(url, *, gone):
    with httpx.Client(trust_env=False) as client:
        rows = client.get(f"{url}/__dump").json()["issues"]
    return {str(row["id"]): row for row in rows if bool(row["gone"]) == gone}


def test_the_walk_brings_exactly_the_issues_that_are_there_and_then_rests(world):
    with simulated(world) as (source, url):
        found, position, _ = walked(source)
        rows = truth(url, gone=False)
        assert found.keys() == rows.keys()
        assert len(rows) > 600
        for key, row in rows.items():
            assert found[key].title == row["title"]
            assert (found[key].status_category == "done") == (row["state"] == "closed")
            assert found[key].labels == tuple(label["name"] for label in row["labels"])
        _, position, _ = walked(source, position)
        assert list(source.pages("issues", position)) == []


def test_faults_change_nothing_in_what_is_read(world):
    faults = "429:0.05,500:0.05,truncate:0.05,reset:0.02,html:0.02,null:0.02"
    with simulated(world, faults) as (source, url):
        assert walked(source)[0].keys() == truth(url, gone=False).keys()


def test_a_world_that_moves_on_during_the_walk_is_caught_up_with(world):
    with simulated(world) as (source, url):
        pages = source.pages("issues", "")
        kept = {record.external_id: record for record in next(pages).records}
        for day in range(5):
            world.advance(NOW - timedelta(days=4 - day))
            for page in (next(pages, None),):
                kept |= {record.external_id: record for record in page.records} if page else {}
        for page in pages:
            kept |= {record.external_id: record for record in page.records}
            position = page.position
        again, _, _ = walked(source, position)
        kept |= again
        for key, row in truth(url, gone=False).items():
            assert (kept[key].title, kept[key].status_raw) == (row["title"], row["state"])


def test_what_is_gone_is_told_apart(world):
    bugs = list(world.store.bugs.values())
    for number, how in enumerate(("deleted", "moved", "hidden")):
        bugs[number].gone = how
    with simulated(world) as (source, url):
        (page,) = source.pages("census", "")
        assert page.present == truth(url, gone=False).keys()
        rows = truth(url, gone=True)
        known = [(key, (f"mozilla-demo/seamonkey#{row['number']}",)) for key, row in rows.items()]
        told = {found.external_id: found for found in source.look_up(known)}
        assert {rows[key]["gone"]: found.visibility for key, found in told.items()} == {
            "deleted": "deleted",
            "moved": "moved",
            "hidden": "deleted",
        }
        readable = [found for found in told.values() if isinstance(found, IssueRecord)]
        assert {found.resolution for found in readable} <= {"moved"}


def test_an_issue_still_there_is_read_again_by_its_name(world):
    with simulated(world) as (source, url):
        key, row = next(iter(truth(url, gone=False).items()))
        (told,) = source.look_up([(key, (row["html_url"],))])
        assert isinstance(told, IssueRecord)
        assert told.visibility == "ok"


def test_the_check_passes(world):
    with simulated(world) as (source, _):
        found = source.check()
        assert found.who == "bugsprint-connector"
        assert len(found.samples) == 3
        assert found.quota is not None
        assert found.clock_skew_seconds is not None
