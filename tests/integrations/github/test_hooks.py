"""Only GitHub's own signature over the very bytes that came is accepted."""

import pytest

from integrations.github.hooks import is_signed

SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_the_published_example_is_accepted():
    assert is_signed(BODY, SIGNATURE, SECRET)


def test_a_body_that_is_no_ascii_is_accepted():
    signature = "sha256=f34eaba74ee1491ff14d3508cf9671b7b458e091658e886de1bb7b56c412f4a7"
    assert is_signed("Grüße".encode(), signature, SECRET)


@pytest.mark.parametrize(
    ("body", "signature", "secret"),
    [
        (b"Hello World!", SIGNATURE, SECRET),
        (BODY, SIGNATURE.upper(), SECRET),
        (BODY, SIGNATURE.removeprefix("sha256="), SECRET),
        (BODY, SIGNATURE.replace("sha256=", "sha1="), SECRET),
        (BODY, SIGNATURE[:-1], SECRET),
        (BODY, SIGNATURE + "é", SECRET),
        (BODY, SIGNATURE, SECRET + " "),
        (BODY, SIGNATURE, ""),
        (BODY, "", SECRET),
        (BODY, None, SECRET),
    ],
)
def test_anything_else_is_refused(body, signature, secret):
    assert not is_signed(body, signature, secret)


def test_an_empty_secret_signs_nothing():
    empty = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    assert not is_signed(b"", empty, "")
