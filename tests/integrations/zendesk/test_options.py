"""Wrong settings are refused by one sentence that says what to mend."""

import pytest

from integrations.errors import Misconfigured
from integrations.zendesk import Zendesk
from integrations.zendesk.options import Options
from tests.integrations.given import Given
from tests.integrations.zendesk.desk import OPTIONS, SECRET


@pytest.mark.parametrize(
    "options, said",
    [
        ({"client_id": "a", "client_secret": SECRET}, "either subdomain or base_url"),
        (OPTIONS | {"base_url": "https://a.example"}, "either subdomain or base_url"),
        ({"subdomain": "acme"}, "client_id and client_secret of an OAuth client"),
        ({"subdomain": "acme", "client_id": "a"}, "belong together"),
        ({"subdomain": "acme", "email": "a@b.example"}, "belong together"),
        (OPTIONS | {"subdomain": "acme.zendesk.com"}, "only the NAME"),
        (OPTIONS | {"start": "soon"}, "start .* is wrong: give a day such as"),
        (OPTIONS | {"keep_text": "some"}, "keep_text .* is wrong: give true or false"),
        (OPTIONS | {"bug_field": "none"}, "bug_field .* is wrong: give a whole number"),
        (OPTIONS | {"requests_per_minute": 0}, "_minute .* is wrong: give at least 1[.]"),
        (OPTIONS | {"requests_per_minute": 1001}, "_minute .* is wrong: give at most 1000[.]"),
        (OPTIONS | {"bugfield": 1}, "did you mean bug_field"),
    ],
)
def test_wrong_options_are_refused_in_one_sentence_without_the_secret(options, said):
    with pytest.raises(Misconfigured, match=said) as caught:
        Zendesk(options, Given().around)
    assert SECRET not in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_the_address_comes_from_the_subdomain_or_is_given_whole():
    assert Options(**OPTIONS).address == "https://acme.zendesk.com"
    whole = OPTIONS | {"subdomain": None, "base_url": "https://help.acme.example/"}
    assert Options(**whole).address == "https://help.acme.example"


def test_options_from_a_form_arrive_as_text():
    read = Options(**OPTIONS, bug_field="360001", start="2026-01-31", keep_text="false")
    assert (read.bug_field, str(read.start), read.keep_text) == (360001, "2026-01-31", False)


def test_no_secret_is_in_the_repr():
    assert SECRET not in repr(Options(**OPTIONS))
