"""The application with an identity provider: a real one, or one that can lie."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from app.config import Settings
from app.core.vocabulary import Role
from app.main import Running, create_app
from tests.web.conftest import Clock
from tests.web.direct import BASE
from tests.web.provider.providers import CLIENT, SECRET, lying_provider, real_provider

MAP = {"bug-admins": Role.admin, "support": Role.support_lead, "bug-fixers": Role.engineer}


class Today:
    """The clock on the wall, for tokens of a provider that keeps its own time."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def clock(request):
    return Today() if "real" in request.fixturenames else Clock()


@pytest.fixture(scope="session")
def real():
    with real_provider() as provider:
        yield provider


@pytest.fixture
def lying(clock):
    with lying_provider(clock) as provider:
        yield provider


@pytest.fixture
def issuer(request, lying):
    """Whose people come in; a test that asks for the real provider gets that."""
    if "real" in request.fixturenames:
        return request.getfixturevalue("real").issuer
    return lying.issuer


@pytest.fixture
def app(database_url, clock, issuer):
    settings = Settings(
        database_url=database_url,
        base_url=BASE,
        oidc_issuer=issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_role_map=MAP,
        allowed_private_hosts=frozenset({urlsplit(issuer).netloc}),
    )
    made = create_app(settings, Running(jobs=False, clock=clock))
    yield made
    made.state.engine.dispose()
