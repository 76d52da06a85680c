"""The census tells which issues are left, and each missing one is asked after."""

from datetime import timedelta

import httpx
import pytest

from integrations.contract import Gone
from integrations.errors import Denied, Unavailable
from tests.integrations.github.fake import HOST, T0, Clock, Fake, connected, item, walked

NAMES = ("acme/web#7", "bug-7", "https://api.github.com/repos/acme/web/issues/7", "id:9007")


@pytest.fixture
def fake():
    return Fake()


def asked(fake, names=NAMES, **options):
    (found,) = connected(fake, **options).look_up([("9007", names)])
    return found


def test_the_census_names_every_issue_on_its_last_page(fake):
    fake.fill(*(item(n) for n in range(1, 251)))
    _, _, pages = walked(connected(fake), "", "census")
    assert [page.present is None for page in pages[:-1]] == [True] * (len(pages) - 1)
    assert len(pages[-1].present) == 250


def test_the_census_is_taken_every_six_hours(fake):
    fake.fill(item(1))
    clock = Clock()
    source = connected(fake, clock)
    _, position, _ = walked(source, "", "census")
    clock.now = T0 + timedelta(hours=5)
    assert list(source.pages("census", position)) == []
    clock.now = T0 + timedelta(hours=6)
    assert walked(source, position, "census")[2][-1].present == {"9001"}


def test_a_later_census_brings_what_changed_without_notice(fake):
    fake.fill(item(1))
    clock = Clock()
    source = connected(fake, clock)
    first, position, _ = walked(source, "", "census")
    clock.now += timedelta(hours=7)
    fake.fill(item(1, labels=["renamed"]))
    second, _, _ = walked(source, position, "census")
    assert first == {}
    assert second["9001"].labels == ("renamed",)


def test_a_census_under_way_is_not_yet_taken(fake):
    fake.fill(*(item(n) for n in range(1, 251)))
    clock = Clock()
    source = connected(fake, clock)
    _, position, _ = walked(source, "", "census")
    clock.now += timedelta(hours=7)
    cut_off_at = next(source.pages("census", position)).position
    assert len(walked(source, cut_off_at, "census")[2][-1].present) == 250


def test_another_choice_of_repositories_is_counted_at_once(fake):
    fake.fill(item(1))
    fake.fill(item(2, repo="acme/app"), repo="acme/app")
    _, position, _ = walked(connected(fake), "", "census")
    pages = list(connected(fake, repo="web,app").pages("census", position))
    assert pages[-1].present == {"9001", "9002"}


def test_a_census_that_could_not_see_everything_counts_for_nothing(fake):
    fake.fill(item(1))
    read = []
    with pytest.raises(Denied):
        read.extend(connected(fake, repo="web,hidden").pages("census", ""))
    assert [page for page in read if page.present is not None] == []


def test_a_census_cut_off_by_a_limit_counts_for_nothing(fake):
    fake.fill(*(item(n) for n in range(1, 251)))

    def break_down(count):
        if count == 2:
            fake.answers["/repos/acme/web/issues"] = lambda r: httpx.Response(503, json={})

    fake.between = break_down
    read = []
    with pytest.raises(Unavailable):
        read.extend(connected(fake).pages("census", ""))
    assert [page for page in read if page.present is not None] == []


def test_an_issue_that_is_still_there_comes_back(fake):
    fake.fill(item(7))
    found = asked(fake)
    assert (found.external_id, found.visibility) == ("9007", "ok")
    assert "bug-7" in found.names


@pytest.mark.parametrize("status", [404, 410])
def test_an_issue_that_is_not_found_is_deleted(fake, status):
    fake.answers["/repos/acme/web/issues/7"] = lambda r: httpx.Response(status, json={})
    assert asked(fake) == Gone("9007", "deleted")


def test_an_issue_we_may_not_read_is_forbidden(fake):
    fake.answers["/repos/acme/web/issues/7"] = lambda r: httpx.Response(403, json={})
    assert asked(fake) == Gone("9007", "forbidden")


def test_another_issue_under_its_old_number_is_not_taken_for_it(fake):
    fake.fill(item(7, id=5))
    assert asked(fake) == Gone("9007", "deleted")


def transferred(fake, location):
    fake.answers["/repos/acme/web/issues/7"] = lambda r: httpx.Response(
        301, headers={"location": location}, json={"message": "Moved Permanently"}
    )


def test_an_issue_moved_between_repositories_we_read_keeps_its_id_and_gains_names(fake):
    fake.fill(item(8, id=9007, repo="acme/site"), repo="acme/site")
    transferred(fake, f"{HOST}/repos/acme/site/issues/8")
    found = asked(fake, repo="web,Site")
    assert (found.external_id, found.key, found.visibility) == ("9007", "acme/site#8", "ok")
    assert {"acme/web#7", "acme/site#8"} <= set(found.names)


@pytest.mark.parametrize("new_id", [77, 9007])
def test_an_issue_moved_out_of_our_repositories_is_no_fix_even_when_fixed_there(fake, new_id):
    fixed = {"state": "closed", "state_reason": "completed", "closed_at": "2026-11-02T10:00:00Z"}
    fake.fill(item(3, id=new_id, repo="acme/site", **fixed), repo="acme/site")
    transferred(fake, f"{HOST}/repos/acme/site/issues/3")
    found = asked(fake)
    assert (found.external_id, found.visibility, found.resolution) == ("9007", "moved", "moved")
    assert "acme/site#3" in found.names
    assert found.duplicate_of is None
    assert found.closed_at is None
    again = asked(fake, names=found.names)
    assert (again.visibility, set(again.names)) == ("moved", set(found.names))


def test_an_issue_moved_to_a_repository_we_read_under_a_new_id_points_at_its_new_self(fake):
    fake.fill(item(3, id=77, repo="acme/site"), repo="acme/site")
    transferred(fake, f"{HOST}/repos/acme/site/issues/3")
    found = asked(fake, repo="web,site")
    assert (found.status_category, found.resolution) == ("done", "moved")
    assert (found.external_id, found.visibility, found.duplicate_of) == ("9007", "moved", "77")
    assert "acme/site#3" not in found.names


@pytest.mark.parametrize(
    "location", [f"{HOST}/repos/secret/site/issues/3", "https://evil.example/repos/a/b/issues/3"]
)
def test_an_issue_moved_to_where_we_may_not_look_has_moved(fake, location):
    transferred(fake, location)
    assert asked(fake) == Gone("9007", "moved")
    assert {request.url.host for request in fake.asked} == {"api.github.com"}


def test_each_address_is_asked_once_and_the_newest_home_is_found(fake):
    fake.fill(item(9, id=9007, repo="acme/site"), repo="acme/site")
    found = asked(fake, names=(*NAMES, "https://github.com/ACME/web/issues/7", "acme/site#9"))
    assert found.key == "acme/site#9"
    assert len(fake.asked) == 2


def test_what_is_forbidden_at_one_address_is_not_deleted_for_missing_at_another(fake):
    fake.answers["/repos/acme/web/issues/7"] = lambda r: httpx.Response(403, json={})
    assert asked(fake, names=("acme/web#7", "acme/web#8")) == Gone("9007", "forbidden")


def test_an_issue_without_any_address_is_deleted(fake):
    assert asked(fake, names=("id:9007", "bug-7")) == Gone("9007", "deleted")
    assert fake.asked == []
