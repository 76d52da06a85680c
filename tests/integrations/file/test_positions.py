"""An unchanged file is not read twice, and a reading that was cut off goes on."""

import pytest

from integrations.errors import Misconfigured, Unavailable
from tests.integrations.file.conftest import everything, records, refusals


def many(count):
    return "external_id,title\n" + "".join(f"{n},Bug {n}\n" for n in range(count))


def test_an_unchanged_file_yields_no_page(opened):
    source = opened(many(3))
    (page,) = everything(source)
    assert everything(source, page.position) == []


@pytest.mark.parametrize("change", ["content", "mapping", "text"])
def test_a_change_of_file_mapping_or_text_keeping_reads_it_again(opened, change):
    position = everything(opened(many(3)))[-1].position
    changed = {
        "content": lambda: opened(many(4)),
        "mapping": lambda: opened(many(3), mapping="key: title"),
        "text": lambda: opened(many(3), keep_text=False),
    }[change]()
    assert len(everything(changed, position)) == 1


def test_pages_hold_a_thousand_and_together_all_rows(opened):
    pages = everything(opened(many(2500)))
    assert [len(page.records) for page in pages] == [1000, 1000, 500]
    assert {page.total for page in pages} == {2500}
    assert len({r.external_id for page in pages for r in page.records}) == 2500


def test_a_walk_that_was_cut_off_goes_on_after_the_last_stored_page(opened):
    source = opened(many(2500))
    whole = everything(source)
    rest = everything(source, whole[0].position)
    assert [page.records for page in rest] == [page.records for page in whole[1:]]
    assert rest[-1].position == whole[-1].position


def test_a_walk_that_was_cut_off_starts_anew_when_the_file_has_changed(opened):
    position = everything(opened(many(2500)))[0].position
    assert len(records(opened(many(2501)))) == 2501
    assert sum(len(page.records) for page in everything(opened(many(2501)), position)) == 2501


@pytest.mark.parametrize("position", ["nonsense", ":", "x:-5", "{}"])
def test_a_foreign_position_reads_from_the_start(opened, position):
    assert len(everything(opened(many(3)), position)[0].records) == 3


def test_a_file_that_changes_during_the_walk_is_not_called_read(opened):
    source = opened(many(1500))
    pages = source.pages("bugs", "")
    next(pages)
    source._options.path.write_text(many(1500).replace("Bug 1400", "Bug 14OO"))
    with pytest.raises(Unavailable, match="was changed while it was read"):
        list(pages)


def test_of_two_rows_with_one_id_the_later_wins_and_the_earlier_is_told(opened):
    source = opened("external_id,title\n7,old\n8,x\n7,new\n")
    assert [(r.external_id, r.title) for r in records(source)] == [("8", "x"), ("7", "new")]
    assert refusals(source) == ["Line 2: external_id “7” comes again on line 4, which is kept."]


def test_a_later_row_that_cannot_be_read_does_not_replace_the_earlier(opened):
    source = opened("external_id,title,created_at\n7,good,\n7,bad,soon\n")
    assert [r.title for r in records(source)] == ["good"]


def test_a_stream_of_the_other_noun_is_refused(opened):
    with pytest.raises(Misconfigured, match="holds bugs, not customers"):
        list(opened(many(1)).pages("customers", ""))
