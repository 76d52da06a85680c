"""The connection test tells who we are and what to mend; wrong options are named."""

import httpx
import pytest

from integrations.errors import Denied, Misconfigured
from tests.integrations.github.fake import TOKEN, Fake, connected, item


@pytest.fixture
def fake():
    fake = Fake()
    fake.fill(item(1), item(2), item(3, pull_request={"url": "x"}), item(4), item(5))
    return fake


def test_the_check_tells_identity_quota_clock_and_three_titles(fake):
    found = connected(fake).check()
    assert found.who == "robot"
    assert found.quota == "4990 of 5000 requests left until 12:30 UTC"
    assert found.clock_skew_seconds == -30
    assert found.samples == ("Issue 1", "Issue 2", "Issue 4")
    assert found.warnings == ()


def test_a_token_without_a_user_is_known_by_its_repository(fake):
    fake.answers["/user"] = lambda r: httpx.Response(403, json={"message": "not accessible"})
    assert connected(fake).check().who == "a token of acme/web"


def test_without_a_token_nobody_is_asked_for_and_the_small_quota_is_told(fake):
    found = connected(fake, token="").check()
    assert "60 requests an hour" in found.warnings[0]
    assert "/user" not in {request.url.path for request in fake.asked}
    assert "authorization" not in fake.asked[0].headers


def test_a_wrong_token_is_for_the_operator_to_mend_and_never_shown(fake):
    fake.answers["/user"] = lambda r: httpx.Response(
        401, json={"message": f"Bad credentials {TOKEN}"}
    )
    with pytest.raises(Misconfigured, match="check the token") as caught:
        connected(fake).check()
    assert TOKEN not in str(caught.value)


def test_a_repository_we_cannot_see_is_named(fake):
    with pytest.raises(Denied, match="does not show us acme/hidden"):
        connected(fake, repo="web,hidden").check()


def test_issues_switched_off_are_a_warning(fake):
    fake.answers["/repos/acme/web"] = lambda r: httpx.Response(200, json={"has_issues": False})
    assert connected(fake).check().warnings == ("Issues are switched off in acme/web.",)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"app_id": "1"}, "GitHub App is not supported yet, give a token"),
        ({"owner": "https://github.com/acme"}, "give the owner's name alone"),
        ({"repo": "acme/web"}, "give the repository's name alone"),
        ({"repo": ".."}, "give the repository's name alone"),
        ({"repo": " , "}, "give the repository's name alone"),
        ({"tokn": "x"}, "did you mean token?"),
        ({"severity_labels": "crash=S9"}, "severity_labels.crash"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"base_url": "ftp://x"}, "must look like https://"),
    ],
)
def test_a_wrong_option_is_named_with_what_to_mend(fake, options, said):
    with pytest.raises(Misconfigured) as caught:
        connected(fake, **options).check()
    assert said in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_severity_labels_may_be_written_as_text(fake):
    fake.fill(item(1, labels=["area: crash"]))
    source = connected(fake, severity_labels="area: crash=S1, cosmetic=s4")
    (page,) = source.pages("issues", "")
    assert page.records[0].severity == "S1"


def test_an_enterprise_server_is_asked_below_its_own_path():
    fake = Fake()
    fake.answers["/api/v3/repos/acme/web/issues"] = lambda r: httpx.Response(200, json=[item(1)])
    source = connected(fake, base_url="https://ghe.example.com/api/v3/")
    (page,) = source.pages("issues", "")
    assert fake.asked[0].url.host == "ghe.example.com"
    assert len(page.records) == 1
