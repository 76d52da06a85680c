"""The vendors' published signatures, and our own computed ones, are accepted; others are not."""

from datetime import UTC, datetime

import pytest

from integrations.deliveries import Incoming, Refused, Trust
from integrations.github import hooks as github
from integrations.gitlab import hooks as gitlab
from integrations.jira import hooks as jira
from integrations.linear import hooks as linear
from integrations.zendesk import hooks as zendesk

SECRET = "It's a Secret to Everybody"
GITHUB = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
JIRA = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
TOKEN = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
GITLAB = "v1,tYkg+BHwKQbYwWM0RzWyShN5Sh5SdDhRon9pZ5nlQ8A="
LINEAR_BODY = b'{"action":"update","type":"Issue","webhookTimestamp":1793610000000}'
LINEAR = "028b131be766ec3435a2e3c307922672d0cdab43f68190f0d5fb3508436b1a24"
BODY = b'{\n  "ticket_id": "4711"\n}\n'
AT = "2026-11-02T09:00:00Z"
NOW = datetime.fromtimestamp(1_793_610_000, UTC)


def trust(secret, option="webhook_secret", **more):
    return Trust(secrets={option: (secret,)}, **({"now": NOW} | more))


def sent(body, **headers):
    return Incoming({name.replace("_", "-"): value for name, value in headers.items()}, body)


def of_zendesk(body, signature, at=AT):
    return sent(
        body, x_zendesk_webhook_signature=signature, x_zendesk_webhook_signature_timestamp=at
    )


def test_githubs_published_example_is_accepted():
    assert github.verify(sent(b"Hello, World!", x_hub_signature_256=GITHUB), trust(SECRET))


def test_jiras_published_example_is_accepted():
    assert jira.verify(sent(b"Hello World!", x_hub_signature=JIRA), trust(SECRET))


@pytest.mark.parametrize(
    "body, signature",
    [
        (BODY, "oWveESH82MT+rMhQqG9eDRZlo0JKdeNq5pe/YkjW/pg="),
        (b"", "SHbWHEeft42lX7kOTjsxFX+vDwpJRcB3oxaizR+eOiY="),
    ],
)
def test_zendesks_computed_examples_are_accepted_in_the_demo(body, signature):
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    known = trust(zendesk.PUBLISHED, now=now, rehearsal=True)
    assert zendesk.verify(of_zendesk(body, signature), known)


def test_zendesks_older_page_signs_the_other_way_round_and_is_refused():
    secret = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA="
    at, body = "2021-07-25T10:00:00Z", b'{"say": "hello"}'
    known = trust(secret, now=datetime(2021, 7, 25, 10, tzinfo=UTC))
    older = of_zendesk(body, "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw=", at)
    with pytest.raises(Refused):
        zendesk.verify(older, known)
    assert zendesk.verify(
        of_zendesk(body, "Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=", at), known
    )


def test_gitlabs_computed_signature_is_accepted():
    made = sent(
        b'{"object_kind":"issue"}',
        webhook_id="evt-1",
        webhook_timestamp="1793610000",
        webhook_signature=GITLAB,
    )
    assert gitlab.verify(made, trust(TOKEN, "signing_token"))


def test_linears_computed_signature_is_accepted():
    made = sent(LINEAR_BODY, linear_signature=LINEAR)
    assert linear.verify(made, trust("linear-secret"))


@pytest.mark.parametrize(
    "body, signature, secret",
    [
        (b"Hello World!", GITHUB, SECRET),
        (b"Hello, World!", GITHUB.upper(), SECRET),
        (b"Hello, World!", "sha256=" + GITHUB.removeprefix("sha256=").upper(), SECRET),
        (b"Hello, World!", GITHUB.removeprefix("sha256="), SECRET),
        (b"Hello, World!", GITHUB.replace("sha256=", "sha1="), SECRET),
        (b"Hello, World!", GITHUB[:-1], SECRET),
        (b"Hello, World!", GITHUB + "é", SECRET),
        (b"Hello, World!", GITHUB, SECRET + " "),
        (b"Hello, World!", "", SECRET),
        (b"Hello, World!", GITHUB, ""),
        (b"", "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", ""),
    ],
)
def test_what_differs_in_anything_from_the_published_example_is_refused(body, signature, secret):
    with pytest.raises(Refused):
        github.verify(sent(body, x_hub_signature_256=signature), trust(secret))
