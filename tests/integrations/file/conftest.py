"""A file connector over text written for one test."""

from datetime import UTC, datetime

import pytest

from integrations.contract import Surroundings
from integrations.file import File


class NoLimit:
    def wait(self, bucket, per_minute):
        raise AssertionError("a file is not limited")


AROUND = Surroundings(
    limiter=NoLimit(),
    now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC),
    sleep=lambda seconds: None,
)


@pytest.fixture
def opened(tmp_path):
    """opened("text", "bugs") → a File over it; the mapping as text, too."""

    def make(content, noun="bugs", *, name="list.csv", mapping=None, **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        given = {"path": str(path), "noun": noun, **options}
        if mapping is not None:
            (tmp_path / "mapping.yaml").write_text(mapping)
            given["mapping"] = str(tmp_path / "mapping.yaml")
        return File(given, AROUND)

    return make


def everything(source, position=""):
    """All pages of the only stream."""
    return list(source.pages(source.streams[0], position))


def records(source):
    return [record for page in everything(source) for record in page.records]


def refusals(source):
    return [bad.reason for page in everything(source) for bad in page.rejected]
