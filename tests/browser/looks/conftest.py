"""Every page of the product on a small stage."""

from collections.abc import Iterator

import pytest

from tests.browser.looks.stage import Stage
from tests.web.given_pages import PAGES, drawn


@pytest.fixture(scope="session")
def drawn_pages() -> Iterator[Stage]:
    """Every page of the product, drawn from given models."""
    stage = Stage()
    stage.pages = {name: drawn(name) for name in PAGES}
    yield stage
    stage.close()
