"""Settings that make sense together only, and what is said of those that do not."""

import re

import pytest

from app.config import Settings
from app.core.errors import Invalid
from app.core.vocabulary import Role

OIDC = {
    "BUGSPRINT_OIDC_ISSUER": "https://sso.example/realm/",
    "BUGSPRINT_OIDC_CLIENT_ID": "bugsprint",
    "BUGSPRINT_OIDC_CLIENT_SECRET": "a secret of ours",
    "BUGSPRINT_OIDC_ROLE_MAP": "bug-admins=admin, *=viewer",
    "BUGSPRINT_BASE_URL": "https://bugs.example",
}


def test_the_identity_providers_settings_are_read_and_the_secret_is_not_shown():
    settings = Settings.from_env(OIDC)
    assert settings.oidc_role_map == {"bug-admins": Role.admin, "*": Role.viewer}
    client = settings.oidc_client
    assert client is not None
    assert client.issuer == "https://sso.example/realm/", "A last slash belongs to the name."
    assert client.redirect_uri == "https://bugs.example/sign-in/oidc/back"
    assert client.client_secret == "a secret of ours"
    assert "a secret of ours" not in f"{settings!r} {client!r}"
    assert Settings.from_env({}).oidc_client is None


def test_a_secret_may_stand_in_a_file_as_a_vault_hands_it_out(tmp_path):
    place = tmp_path / "key"
    place.write_text("a key from a vault, long enough\n", encoding="utf-8")
    settings = Settings.from_env({"BUGSPRINT_SECRET_KEY_FILE": str(place)})
    assert settings.secret_keys[0] == "a key from a vault, long enough"
    for given, said in (
        ({"SECRET_KEY_FILE": str(place), "SECRET_KEY": "x" * 16}, "are both set; set one of them"),
        ({"SECRET_KEY_FILE": str(tmp_path / "none")}, "none cannot be read"),
        ({"DATABASE_URL_FILE": str(tmp_path)}, "DATABASE_URL_FILE is not usable"),
        ({"LOG_LEVEL_FILE": str(place)}, "There is no setting BUGSPRINT_LOG_LEVEL_FILE"),
    ):
        with pytest.raises(Invalid, match=said) as refused:
            Settings.from_env({f"BUGSPRINT_{name}": value for name, value in given.items()})
        assert "vault" not in str(refused.value)


@pytest.mark.parametrize("name", ["OIDC_CLIENT_ID", "OIDC_ROLE_MAP"])
def test_a_provider_without_its_other_settings_is_refused(name):
    given = {key: value for key, value in OIDC.items() if key != f"BUGSPRINT_{name}"}
    with pytest.raises(Invalid, match=f"needs BUGSPRINT_{name} as well"):
        Settings.from_env(given)


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("OIDC_ROLE_MAP", "a=admin", "needs BUGSPRINT_OIDC_ISSUER as well"),
        ("OIDC_CLIENT_SECRET", "x", "needs BUGSPRINT_OIDC_ISSUER as well"),
        ("OIDC_ROLE_MAP", "a=boss", "OIDC_ROLE_MAP is not usable: “boss” is no role"),
        ("OIDC_ISSUER", "sso.example", "OIDC_ISSUER is not usable: it has to look like"),
        ("IDENTITY_HEADER", "X-Forwarded-Email", "needs BUGSPRINT_TRUSTED_PROXIES as well"),
        ("TRUSTED_PROXIES", "10.0.0", "TRUSTED_PROXIES is not usable: it has to be an address"),
        ("TRUSTED_PROXIES", "10.0.0.0/24, *", "TRUSTED_PROXIES is not usable"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(name, value, said):
    with pytest.raises(Invalid, match=said):
        Settings.from_env({f"BUGSPRINT_{name}": value})


def test_no_refusal_of_a_setting_speaks_as_the_framework_does():
    refused = [said for name in Settings.model_fields if (said := refusal(name, "?"))]
    assert len(refused) == 12
    assert [said for said in refused if re.search("Input|Value|should|valid ", said)] == []


def refusal(name, value):
    """Return what is said of a setting that is refused; nothing where it is taken."""
    try:
        Settings.from_env({f"BUGSPRINT_{name.upper()}": value})
    except Invalid as error:
        return str(error)
    return ""


@pytest.mark.parametrize("host", ["bugs.example.com", "8.8.8.8:8400", "[2606:4700::1111]", "a.b."])
def test_a_public_address_without_tls_is_refused(host):
    with pytest.raises(Invalid, match="a public address without TLS"):
        Settings.from_env({"BUGSPRINT_BASE_URL": f"http://{host}"})
    assert Settings.from_env({"BUGSPRINT_BASE_URL": f"https://{host}"}).base_url.endswith(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8400", "localhost", "desk", "10.0.0.7:80", "[::1]:8400", "bugs.internal"]
)
def test_inside_the_house_there_may_be_no_tls(host):
    assert Settings.from_env({"BUGSPRINT_BASE_URL": f"http://{host}"}).base_url.endswith(host)


def test_an_address_that_is_none_is_refused():
    with pytest.raises(Invalid, match="BUGSPRINT_BASE_URL is not usable"):
        Settings.from_env({"BUGSPRINT_BASE_URL": "http://[::"})


def test_proxies_are_addresses_and_networks():
    given = {"BUGSPRINT_TRUSTED_PROXIES": "10.0.0.1, 192.168.4.0/24 2001:db8::1"}
    found = Settings.from_env(given).trusted_proxies
    assert list(map(str, found)) == ["10.0.0.1/32", "192.168.4.0/24", "2001:db8::1/128"]
