"""Every vendor's scheme keeps the same promises: genuine, fresh, and never more than a hint."""

import base64
import json
from datetime import timedelta
from importlib import import_module

import pytest

from integrations import HOOKS
from integrations.deliveries import ANYTHING, Incoming, Refused, Trust
from integrations.errors import Unreadable
from integrations.zendesk.hooks import PUBLISHED
from tests.integrations.hooks import signing
from tests.integrations.hooks.signing import NOW, SECRET, WHSEC, trust

ISSUE = {
    "zendesk": {"ticket_id": "4711"},
    "github": {"action": "edited", "issue": {"id": 4711, "number": 3}},
    "jira": {"webhookEvent": "jira:issue_updated", "issue": {"id": "4711", "key": "AB-1"}},
    "gitlab": {"object_kind": "issue", "object_attributes": {"id": 4711, "action": "update"}},
    "linear": {"action": "update", "type": "Issue", "data": {"id": "4711"}},
}
WAYS = {
    "zendesk": (signing.zendesk, SECRET, "webhook_secret"),
    "github": (signing.github, SECRET, "webhook_secret"),
    "jira": (signing.jira, SECRET, "webhook_secret"),
    "gitlab": (signing.gitlab_token, SECRET, "webhook_secret"),
    "gitlab-signed": (signing.gitlab_signature, WHSEC, "signing_token"),
    "linear": (signing.linear, SECRET, "webhook_secret"),
}
OTHER = {WHSEC: "whsec_" + base64.b64encode(b"o" * 32).decode()}
STAMPED = {"zendesk": 300, "gitlab-signed": 300, "linear": 60}
SIGNS_NOTHING = {"gitlab"}
SIGNS_ITS_ID = {"gitlab-signed"}
POISON = [
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b'{"id":"x"}',
    b'{"id":1e999,"updated_at":"z"}',
    b"[" * 50_000,
    b'{"issue":' * 20_000,
    b"payload=%7B%22action%22%3A%22closed%22%7D",
    b'{"ticket_id":true,"webhookEvent":"jira:issue_x","object_kind":"issue","type":"Issue"}',
    b'{"ticket_id":-1,"issue":{"id":-1},"webhookEvent":"jira:issue_x","object_kind":"issue",'
    b'"object_attributes":{"id":[]},"type":"Issue","data":{"id":"\\u0000"}}',
]


@pytest.fixture(params=WAYS, ids=str)
def way(request):
    return request.param


def scheme(way):
    return import_module(HOOKS[way.split("-")[0]])


def body(way, indent=2):
    """As real ones are: pretty-printed, with a newline at the end, and not all ASCII."""
    facts = ISSUE[way.split("-")[0]] | {"note": "Grüße"}
    return json.dumps(facts, indent=indent, ensure_ascii=False).encode() + b"\n"


def known(way, *secrets, **more):
    _, secret, option = WAYS[way]
    return trust(*(secrets or (secret,)), option=option, **more)


def made(way, raw=None, **more):
    return WAYS[way][0](body(way) if raw is None else raw, **more)


def test_there_is_a_way_for_every_kind():
    assert {name.split("-")[0] for name in WAYS} == set(HOOKS)


def test_a_genuine_delivery_is_accepted_and_names_its_record(way):
    found = scheme(way).verify(made(way), known(way))
    assert found.delivery_id
    assert not found.delivery_id.startswith("sha256:")
    assert not found.former
    assert scheme(way).changed(made(way)) == ("4711",)


def test_without_a_secret_everything_is_refused(way):
    for secrets in ({}, {WAYS[way][2]: ()}, {WAYS[way][2]: ("",)}):
        with pytest.raises(Refused, match=r"no .* is set"):
            scheme(way).verify(made(way), Trust(secrets=secrets, now=NOW))


def test_without_a_signature_or_with_another_secret_it_is_refused(way):
    other = OTHER.get(WAYS[way][1], "another secret")
    unsigned = {k: v for k, v in made(way).headers.items() if "signature" not in k}
    unsigned = {k: v for k, v in unsigned.items() if k != "x-gitlab-token"}
    with pytest.raises(Refused):
        scheme(way).verify(Incoming(unsigned, body(way)), known(way))
    with pytest.raises(Refused):
        scheme(way).verify(made(way, secret=other), known(way))


@pytest.mark.parametrize("way", sorted(WAYS.keys() - SIGNS_NOTHING))
def test_the_very_bytes_are_signed_not_what_they_mean(way):
    sent = made(way)
    again = json.dumps(json.loads(sent.body)).encode()
    assert again != sent.body
    for changed in (again, sent.body + b" ", sent.body.rstrip()):
        with pytest.raises(Refused):
            scheme(way).verify(Incoming(sent.headers, changed), known(way))


def test_a_former_secret_counts_while_both_are_live_and_is_told_apart(way):
    _, secret, _ = WAYS[way]
    new = OTHER.get(secret, "the new secret")
    both = known(way, new, secret)
    assert scheme(way).verify(made(way), both).former
    assert not scheme(way).verify(made(way, secret=new), both).former
    with pytest.raises(Refused):
        scheme(way).verify(made(way), known(way, new))


@pytest.mark.parametrize("off", [-86_400, -310, 310, 3600])
def test_a_stamp_far_from_our_clock_is_refused_in_words(way, off):
    late = made(way, at=NOW - timedelta(seconds=off))
    if way not in STAMPED:
        assert scheme(way).verify(late, known(way))
        return
    with pytest.raises(Refused) as refused:
        scheme(way).verify(late, known(way))
    word = "ahead of" if off > 0 else "behind"
    assert f"your clock is {abs(off)} s {word}" in str(refused.value)


def test_a_stamp_near_our_clock_is_fresh(way):
    near = STAMPED.get(way, 0) - 10
    for off in (-near, near):
        assert scheme(way).verify(made(way, at=NOW + timedelta(seconds=off)), known(way))


@pytest.mark.parametrize("way", sorted(WAYS.keys() - SIGNS_ITS_ID))
def test_a_delivery_without_an_id_of_its_own_is_known_by_what_it_says(way):
    nameless = {
        k: v for k, v in made(way).headers.items()
        if not k.endswith(("invocation-id", "-delivery", "identifier", "idempotency-key"))
    }  # fmt: skip
    found = scheme(way).verify(Incoming(nameless, made(way).body), known(way))
    again = scheme(way).verify(Incoming(nameless, made(way).body), known(way))
    assert found.delivery_id.startswith("sha256:")
    assert found == again


@pytest.mark.parametrize("raw", POISON, ids=range(len(POISON)))
def test_poison_is_genuine_and_unreadable_and_never_breaks_anything(way, raw):
    sent = made(way, raw)
    assert scheme(way).verify(sent, known(way)).delivery_id
    try:
        changed = scheme(way).changed(sent)
    except Unreadable:
        return
    assert changed in {(), (ANYTHING,)}


@pytest.mark.parametrize(
    "kind, facts, changed",
    [
        ("zendesk", {"ticket_id": 35436}, ("35436",)),
        ("zendesk", {"id": "35436"}, ("35436",)),
        (
            "zendesk",
            {
                "type": "zen:event-type:ticket.status_changed",
                "subject": "zen:ticket:35436",
                "detail": {"id": "35436", "status": "OPEN"},
            },
            ("35436",),
        ),
        (
            "zendesk",
            {"type": "zen:event-type:ticket.soft_deleted", "subject": "zen:ticket:7"},
            ("7",),
        ),
        (
            "zendesk",
            {"type": "zen:event-type:organization.created", "subject": "zen:organization:7"},
            (ANYTHING,),
        ),
        ("zendesk", {"type": "zen:event-type:user.created", "subject": "zen:user:7"}, ()),
        ("github", {"action": "opened", "issue": {"id": 7, "pull_request": {"url": "x"}}}, ()),
        ("github", {"action": "anything new", "issue": {"id": 7}}, ("7",)),
        ("jira", {"webhookEvent": "comment_created", "issue": {"id": "7"}}, ("7",)),
        ("jira", {"webhookEvent": "jira:issue_deleted", "issue": {"id": "7"}}, ("7",)),
        ("jira", {"webhookEvent": "user_created", "user": {}}, ()),
        ("gitlab", {"object_kind": "note", "issue": {"id": 7}}, ("7",)),
        ("gitlab", {"object_kind": "note", "merge_request": {"id": 7}}, ()),
        ("gitlab", {"object_kind": "push"}, ()),
        (
            "linear",
            {"type": "Comment", "webhookTimestamp": 1, "data": {"issueId": "0a-b"}},
            ("0a-b",),
        ),
        ("linear", {"type": "Project", "webhookTimestamp": 1, "data": {"id": "0a"}}, ()),
    ],
)
def test_what_changed_is_read_from_what_each_vendor_sends(kind, facts, changed):
    sent = Incoming({}, json.dumps(facts).encode())
    assert import_module(HOOKS[kind]).changed(sent) == changed


def test_an_empty_body_of_zendesk_says_that_anything_changed():
    sent = signing.zendesk(b"")
    assert scheme("zendesk").verify(sent, trust())
    assert scheme("zendesk").changed(sent) == (ANYTHING,)


@pytest.mark.parametrize("event", ["ping", "push", "pull_request"])
def test_githubs_other_events_change_nothing(event):
    sent = signing.github(b'{"zen":"Keep it logically awesome."}', x_github_event=event)
    assert scheme("github").verify(sent, trust())
    assert scheme("github").changed(sent) == ()


def test_zendesks_public_test_secret_counts_in_the_demo_only():
    sent = signing.zendesk(b"{}", secret=PUBLISHED)
    for secrets in ((PUBLISHED,), (SECRET,), (SECRET, PUBLISHED)):
        with pytest.raises(Refused, match="public test secret"):
            scheme("zendesk").verify(sent, trust(*secrets))
    assert scheme("zendesk").verify(sent, trust(PUBLISHED, rehearsal=True))


def test_gitlabs_token_with_a_blank_behind_it_is_refused():
    with pytest.raises(Refused):
        scheme("gitlab").verify(signing.gitlab_token(b"{}", secret=SECRET + " "), trust())


def test_with_a_signing_token_a_wrong_signature_is_not_saved_by_the_secret_in_clear():
    both = Trust(secrets={"signing_token": (WHSEC,), "webhook_secret": (SECRET,)}, now=NOW)
    sent = signing.gitlab_signature(b"{}", x_gitlab_token=SECRET, webhook_signature="v1,AAAA")
    with pytest.raises(Refused):
        scheme("gitlab").verify(sent, both)
    assert scheme("gitlab").verify(signing.gitlab_token(b"{}"), both)


def test_gitlab_may_sign_with_two_keys_at_once():
    good = signing.gitlab_signature(b"{}").headers["webhook-signature"]
    sent = signing.gitlab_signature(b"{}", webhook_signature=f"v1,AAAA {good}")
    assert scheme("gitlab").verify(sent, trust(WHSEC, option="signing_token"))


@pytest.mark.parametrize("token", ["whsec_", "whsec_!!!", "0123456789abcdef0123456789abcdef"])
def test_a_signing_token_that_is_none_is_refused_by_its_name(token):
    with pytest.raises(Refused, match="signing_token"):
        scheme("gitlab").verify(
            signing.gitlab_signature(b"{}"), trust(token, option="signing_token")
        )


def test_linears_header_of_the_time_is_not_trusted():
    old = signing.linear(body("linear"), at=NOW - timedelta(hours=1))
    fresh = {**old.headers, "linear-timestamp": str(int(NOW.timestamp() * 1000))}
    with pytest.raises(Refused, match="3600 s"):
        scheme("linear").verify(Incoming(fresh, old.body), trust())
