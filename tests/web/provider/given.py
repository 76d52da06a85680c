"""Going to the provider, and coming back."""

from urllib.parse import urlsplit

from tests.web.direct import BASE


def leave(client, place="/teams"):
    answer = client.get("/sign-in/oidc", params={"next": place})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(client, address):
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == BASE
    return client.get(f"{parts.path}?{parts.query}")


def come(client, lying, **more):
    return back(client, lying.let_in(leave(client), **more))
