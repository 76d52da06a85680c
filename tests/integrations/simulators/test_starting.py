"""The registry starts each simulator from the command's options and prints usable credentials."""

from datetime import timedelta

import httpx
import pytest

from integrations.simulators import SIMULATORS
from integrations.simulators.scenario import build_world
from integrations.simulators.serve import serve
from tests.integrations.simulators.callers import START, Clock


@pytest.mark.parametrize("name", sorted(SIMULATORS))
def test_the_same_options_serve_the_same_truth_byte_for_byte(name):
    seen = []
    for _ in range(2):
        app, _credentials = SIMULATORS[name](seed=9, tickets=60, bugs=90, now=Clock(START))
        with serve(app) as url:
            seen.append(
                httpx.get(f"{url}/__dump", trust_env=False).content.replace(url.encode(), b"")
            )
    assert seen[0] == seen[1]


def test_without_a_start_the_sprint_is_on_its_sixth_day():
    app, credentials = SIMULATORS["zendesk"](seed=9, tickets=300, now=Clock(START))
    assert {"client_id", "client_secret", "bug_field", "arr_field"} <= set(credentials)
    with serve(app) as url:
        dump = httpx.get(f"{url}/__dump", trust_env=False).json()
    moments = [one["solved_at"] for one in dump["tickets"] if one["solved_at"]]
    assert max(moments) < START.isoformat()
    assert max(moments) > (START - timedelta(days=5)).isoformat()
    assert set(dump) == {"tickets", "organizations", "truth"}


def test_one_world_can_be_shared_and_the_trackers_address_named(tmp_path):
    world = build_world(2, start=START, tickets=90)
    address = "http://t.test/"
    SIMULATORS["zendesk"](world=world, now=Clock(START), tracker_url=address, data=tmp_path)
    SIMULATORS["github"](world=world, now=Clock(START))
    assert world.store.bug_url(12) == "http://t.test/mozilla-demo/seamonkey/issues/12"
    assert len((tmp_path / "truth.jsonl").read_text().splitlines()) == 90


def test_the_server_is_gone_when_the_block_ends():
    app, _ = SIMULATORS["github"](seed=9, tickets=10, bugs=20, now=Clock(START), start=START)
    with serve(app) as url:
        assert httpx.get(f"{url}/user", trust_env=False).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/user", trust_env=False)
