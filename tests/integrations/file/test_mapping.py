"""Their columns find our fields, and a preview tells what does not."""

import pytest

from integrations.errors import Misconfigured
from tests.integrations.file.conftest import everything, records

TEXT = "Ticket No,Summary,State,Colour\n7,Export hangs,parked,red\n8,,open,blue\n"
MAPPING = "external_id: Ticket No\ntitle: Summary\nstatus: State\n"


def test_a_mapping_names_their_columns(opened):
    (found,) = records(opened(TEXT, mapping=MAPPING))
    assert (found.external_id, found.title, found.status_raw) == ("7", "Export hangs", "parked")


def test_a_mapping_may_be_json(opened):
    mapping = '{"external_id": "Ticket No", "title": "Summary"}'
    assert len(records(opened(TEXT, mapping=mapping))) == 1


def test_our_own_names_are_found_however_they_are_written(opened):
    (found,) = records(opened("External ID,TITLE,Closed-At\n7,x,2026-01-01\n"))
    assert found.closed_at is not None


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("titel: Summary", "did you mean title?"),
        ("shoe: Summary", "the fields are external_id"),
        ("external_id: Nummer\ntitle: Summary", "no column “Nummer”, which the mapping gives"),
        ("title: Summary", "no column external_id"),
        ("- a\n- b", "must hold lines"),
        ("external_id: 7", "must hold lines"),
        ("a: [", "neither YAML nor JSON near line"),
    ],
)
def test_a_wrong_mapping_is_refused_with_what_to_mend(opened, mapping, said):
    with pytest.raises(Misconfigured) as caught:
        everything(opened(TEXT, mapping=mapping))
    assert said in str(caught.value)


def test_a_mapping_that_is_not_there_is_named(opened):
    source = opened(TEXT, mapping=MAPPING)
    source._options.mapping.unlink()
    with pytest.raises(Misconfigured, match="cannot be read"):
        everything(source)


def test_a_mapping_is_data_and_never_code(opened):
    mapping = "!!python/object/apply:os.system ['true']"
    with pytest.raises(Misconfigured, match="neither YAML nor JSON"):
        everything(opened(TEXT, mapping=mapping))


def test_the_preview_counts_and_names_what_does_not_fit(opened):
    found = opened(TEXT, mapping=MAPPING).preview(limit=5)
    assert (found.read, found.kept, found.refused) == (2, 1, 1)
    assert found.reasons == ("Line 3: title is empty.",)
    assert found.unmapped == ("Colour",)
    assert found.mapped == {"external_id": "Ticket No", "title": "Summary", "status": "State"}
    assert found.unknown_words == ("The status “parked” is not known and counts as open.",)
    assert [sample.title for sample in found.samples] == ["Export hangs"]


def test_the_preview_lists_no_more_than_asked_but_counts_all(opened):
    text = "external_id,title\n" + "".join(f"{n},\n" for n in range(50)) + "99,x\n"
    found = opened(text).preview(limit=2)
    assert (found.refused, len(found.reasons), len(found.samples)) == (50, 2, 1)


def test_the_check_tells_counts_and_samples_and_reads_no_page(opened):
    found = opened(TEXT, mapping=MAPPING).check()
    assert found.who == "list.csv: 1 of 2 bugs can be read"
    assert found.samples == ("Export hangs",)
    assert "The column “Colour” is not used." in found.warnings
