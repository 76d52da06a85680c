"""A new secret key opens what the old one sealed, and turns nobody into somebody else."""

import hmac
from base64 import urlsafe_b64encode

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from app.actions import keys
from app.actions.vault import Vault
from app.config import Settings
from app.core.errors import Conflict, Invalid
from app.db.models import Activity, SecondFactor, Setting, Source
from tests import make
from tests.actions.sources import Given, page_of, run, ticket
from tests.make import DAWN

OLD, NEW, OTHER = "the old key of letters", "the new key of letters", "a key of somebody else"


def test_after_a_rotation_old_secrets_open_and_new_ones_need_only_the_new_key():
    sealed = Vault(OLD).seal({"token": "t0psecret"})
    both = Vault(NEW, [OLD])
    assert both.open(sealed) == {"token": "t0psecret"}
    assert not both.is_current(sealed)
    again = both.reseal(sealed)
    assert both.is_current(again) and Vault(NEW).open(again) == {"token": "t0psecret"}
    with pytest.raises(Invalid, match="cannot be opened"):
        Vault(NEW).open(sealed)


def fernet(key, text):
    """Seal as the first kind of seals was made."""
    derived = hmac.digest(key.encode(), b"secrets", "sha256")
    return Fernet(urlsafe_b64encode(derived)).encrypt(text.encode()).decode()


def test_a_seal_of_the_first_kind_opens_and_is_sealed_anew(db):
    source = make.source(db, name="zd", secrets=fernet(OLD, '{"token": "t0psecret"}'))
    assert Vault(OLD).open(source.secrets) == {"token": "t0psecret"}
    assert keys.standing(db, Vault(OLD)).old == 1
    keys.rekey(db, Vault(OLD), actor="command", at=DAWN)
    db.refresh(source)
    assert source.secrets.startswith("2.")
    assert Vault(OLD).open(source.secrets) == {"token": "t0psecret"}


@pytest.mark.parametrize("kind", ["first", "second"])
def test_a_seal_that_anybody_touched_opens_nothing(kind):
    text = '{"token": "t0psecret"}'
    sealed = fernet(OLD, text) if kind == "first" else Vault(OLD).seal({"token": "t0psecret"})
    for place in range(len(sealed)):
        letter = "A" if sealed[place] != "A" else "B"
        spoiled = sealed[:place] + letter + sealed[place + 1 :]
        # A last letter may hold bits that no byte is made of.
        if place < len(sealed.rstrip("=")) - 1:
            with pytest.raises(Invalid, match="cannot be opened"):
                Vault(OLD).open(spoiled)
    for short in ("2.", "2.x", "2.AAAA", sealed[:-8], f"2.{sealed}", "ü"):
        with pytest.raises(Invalid, match="cannot be opened"):
            Vault(OLD).open(short)


def test_the_same_secret_is_never_sealed_alike():
    assert len({Vault(OLD).seal({"token": "t0psecret"}) for _ in range(100)}) == 100


def test_rekeying_seals_everything_anew_and_keeps_every_pseudonym(db):
    source = make.source(db, name="zd", secrets=Vault(OLD).seal({"api_token": "t0psecret"}))
    before = keys.keyed(db, Vault(OLD), at=DAWN).pseudonym("900")
    db.commit()
    both = Vault(NEW, [OLD])
    assert keys.standing(db, both) == keys.Standing(current=0, old=2)
    assert keys.rekey(db, both, actor="command", at=DAWN) == 2
    assert keys.standing(db, Vault(NEW)) == keys.Standing(current=2)
    assert keys.rekey(db, both, actor="command", at=DAWN) == 0
    db.refresh(source)
    assert Vault(NEW).open(source.secrets) == {"api_token": "t0psecret"}
    assert keys.keyed(db, Vault(NEW), at=DAWN).pseudonym("900") == before
    assert db.exec(select(Activity.verb)).all() == ["rekeyed"]


def test_rekeying_seals_the_secrets_of_authenticators_anew_too(db):
    user = make.user(db)
    secret = {"authenticator": "GEZDGNBVGY3TQOJQ"}
    db.add(SecondFactor(user_id=user.id, secret=Vault(OLD).seal(secret), since=DAWN))
    db.flush()
    both = Vault(NEW, [OLD])
    before = keys.standing(db, both)
    assert keys.rekey(db, both, actor="command", at=DAWN) == before.old > 0
    kept = db.get(SecondFactor, user.id, populate_existing=True)
    assert Vault(NEW).open(kept.secret) == secret
    assert keys.standing(db, Vault(NEW)).lost == 0


def test_secrets_that_no_key_opens_stop_a_rekeying_before_it_changes_anything(db):
    make.source(db, name="a", secrets=Vault(OLD).seal({"x": "1"}))
    make.source(db, name="b", secrets=Vault(OTHER).seal({"x": "1"}))
    before = db.exec(select(Source.secrets)).all()
    with pytest.raises(Conflict, match="1 of the stored secrets"):
        keys.rekey(db, Vault(NEW, [OLD]), actor="command", at=DAWN)
    db.rollback()
    assert db.exec(select(Source.secrets)).all() == before


def test_a_database_that_has_requesters_keeps_the_names_they_have(db):
    requester = f"requester:{Vault(OLD).pseudonym('900')}"
    make.customer(db, "Requester", kind="requester", external_id=requester)
    assert keys.keyed(db, Vault(NEW, [OLD]), at=DAWN).pseudonym("900") == requester.split(":")[1]


def test_a_new_database_has_a_key_of_its_own_that_is_sealed(db):
    one = keys.keyed(db, Vault(OLD), at=DAWN)
    assert one.pseudonym("900") != Vault(OLD).pseudonym("900")
    assert keys.keyed(db, Vault(OLD), at=DAWN).pseudonym("900") == one.pseudonym("900")
    assert "key" not in db.exec(select(Setting.value)).one()


def test_a_requester_is_the_same_one_after_a_rotation(db, monkeypatch):
    source = make.source(db, "zendesk", name="zd").id
    alone = ticket("1", customer=None, requester="900")
    for number, vault in enumerate([Vault(OLD), Vault(NEW, [OLD])]):
        monkeypatch.setattr("tests.actions.sources.VAULT", vault)
        run(db, source, Given({f"tickets{number}": [page_of(alone)]}))
    from app.db.models import Customer  # noqa: PLC0415

    assert len(db.exec(select(Customer)).all()) == 1


@pytest.mark.parametrize(
    "given, wanted",
    [
        ("", []),
        ("one key of letters", ["one key of letters"]),
        ("first, second", ["first", "second", "first, second"]),
        (NEW, []),
    ],
)
def test_old_keys_stand_in_one_setting_with_commas(given, wanted):
    settings = Settings.from_env({"BUGSPRINT_SECRET_KEY": NEW, "BUGSPRINT_OLD_SECRET_KEYS": given})
    assert settings.secret_keys == (NEW, wanted)
