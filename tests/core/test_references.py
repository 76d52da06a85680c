import pytest

from app.core.references import MAX_NAME, _said_names, normal, own_names, said_names


@pytest.mark.parametrize("said", ["Bug 12", "bug-12", "BUG_12", "bug#12", "issue: 12"])
def test_a_number_with_a_word_before_it_is_one_name(said):
    assert normal(said) == "bug-12"


@pytest.mark.parametrize("said", ["", "12", "hello", "https://[bad", "a" * 301, "1-2-x"])
def test_what_names_no_bug_has_no_name(said):
    assert normal(said) is None


@pytest.mark.parametrize(
    "said", ["acme/app#12", "mozilla-demo/sea-monkey#12", "PROJ-12", "a.b/c_d-7"]
)
def test_a_key_is_a_name_with_or_without_its_owner(said):
    assert normal(said) == said.lower()


def test_case_trailing_slash_query_and_fragment_of_an_address_do_not_matter():
    assert normal("HTTPS://Bugs.example/Issues/7/?x=1#c3") == "https://bugs.example/issues/7"


def test_the_number_in_the_query_of_a_bugzilla_address_matters():
    assert normal("https://bugs.example/show_bug.cgi?id=7") != normal(
        "https://bugs.example/show_bug.cgi?id=8"
    )


def test_an_issue_address_also_says_its_key_whatever_the_host():
    assert "acme/app#12" in said_names("https://git.internal/Acme/App/issues/12")


def test_a_bug_bears_its_key_number_id_and_addresses():
    names = own_names("900", "acme/app#12", ("https://github.com/acme/app/issues/12",))
    assert names == {
        "acme/app#12",
        "bug-12",
        "id:900",
        "https://github.com/acme/app/issues/12",
    }


def test_an_endless_reference_names_nothing_and_is_not_remembered():
    said_names("acme/app#1")
    before = _said_names.cache_info().currsize
    assert said_names("https://acme.example/" + "1" * MAX_NAME) == frozenset()
    assert said_names(" acme/app#1 " + " " * MAX_NAME) == {"acme/app#1"}
    assert _said_names.cache_info().currsize == before
