"""Injected faults really happen on the wire, are counted, and spare the simulator's own pages."""

from collections import Counter
from typing import Any

import httpx
import pytest

from integrations.simulators import SIMULATORS
from integrations.simulators.faults import KNOWN, parse_faults
from integrations.simulators.serve import serve
from integrations.sockets import trusted
from tests.integrations.simulators.callers import START, Clock


def served(spec: str) -> Any:
    app, _ = SIMULATORS["github"](
        seed=4, tickets=20, bugs=60, faults=spec, now=Clock(START), start=START
    )
    return serve(app)


def ask(url: str, path: str = "/repos/mozilla-demo/seamonkey/issues") -> httpx.Response:
    return httpx.get(url + path, trust_env=False, verify=trusted(), timeout=10)


def test_an_unknown_fault_is_refused_by_name_with_those_that_exist():
    with pytest.raises(ValueError, match="Unknown fault “burp”; known are 429, 500"):
        parse_faults("429:0.1,burp:0.1")


@pytest.mark.parametrize("spec", ["500:often", "500:2", "500:-1", "500:0.6,429:0.6", "500"])
def test_a_share_that_is_no_share_is_refused_in_a_sentence(spec):
    with pytest.raises(ValueError, match=r"must .*\."):
        parse_faults(spec)


@pytest.mark.parametrize("fault", ["429", "500", "502", "503"])
def test_error_answers_have_their_status(fault):
    with served(f"{fault}:1") as url:
        assert ask(url).status_code == int(fault)


def test_html_and_null_come_with_status_200():
    with served("html:1") as url:
        assert ask(url).text.startswith("<!DOCTYPE html>")
    with served("null:1") as url:
        assert ask(url).json() is None


@pytest.mark.parametrize("fault", ["truncate", "reset"])
def test_a_cut_body_breaks_off_under_its_full_length(fault):
    with (
        served(f"{fault}:1") as url,
        pytest.raises(httpx.RemoteProtocolError, match="without sending complete"),
    ):
        ask(url)


def test_a_dripping_answer_is_slow_but_whole():
    with served("drip:1") as url:
        answer = ask(url, "/user")
        assert answer.json()["login"]
        assert answer.elapsed.total_seconds() > 1


def test_every_fault_is_counted_and_own_pages_are_spared():
    with served("429:0.2,500:0.2,html:0.2") as url:
        codes = Counter(ask(url, "/user").status_code for _ in range(60))
        stats = ask(url, "/__stats")
        assert stats.status_code == 200
        faults = stats.json()["faults"]
        assert faults["429"] == codes[429] > 0
        assert faults["500"] == codes[500] > 0
        assert sum(faults.values()) == stats.json()["faults_total"]
        assert all(ask(url, "/__dump").status_code == 200 for _ in range(10))


def test_the_same_seed_spoils_the_same_requests():
    runs = []
    for _ in range(2):
        with served("500:0.3") as url:
            runs.append([ask(url, "/user").status_code for _ in range(30)])
    assert runs[0] == runs[1]


def test_all_named_faults_are_documented_as_known():
    assert set(parse_faults(",".join(f"{name}:0.01" for name in KNOWN))) == set(KNOWN)
