"""What a service answered, and what that means: take it, ask again, or say who can mend it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from integrations.complaints import complaint
from integrations.errors import Denied, Misconfigured, SourceError, Unavailable, Unreadable
from integrations.patience import retry_after_seconds

SPOILED_TRIES = 4
"""How often a body that is cut or no JSON is asked for before it counts as unreadable."""
MOST_SKEW_SECONDS = 60
_ESCAPES = re.compile(
    rb"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
"""A backslash, both halves of a letter beyond the first 65,536, or (the group) one half alone."""
WITHOUT_BODY = frozenset({204, 205, 301, 302, 304, 307, 308})


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """What came back; `headers` ignores case, `content` is decompressed, `url` has its query.

    `read` is the body in the shape that was hoped for, where it has it.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str
    name: str
    read: Any = None

    def json(self, type: Any = Any) -> Any:
        """Decode into `type`; anything but a JSON object or list of that shape is Unreadable."""
        try:
            found = msgspec.json.decode(self.content, type=type)
        except msgspec.ValidationError as error:
            text = f"{self.name} answered {self.where} in an unknown shape: {error}."
            raise Unreadable(text) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            found = None
        if found is None or isinstance(found, str | int | float):
            raise Unreadable(no_json(self))
        return found

    @property
    def where(self) -> str:
        """The host and path asked, without the query."""
        return where(self.url)

    @property
    def complaint(self) -> str:
        """The service's own words about an error; they may repeat what was sent."""
        return complaint(self.content)

    def __repr__(self) -> str:
        return f"<Answer {self.status} from {self.where}>"


def clock_skew(answer: Answer, now: datetime) -> float | None:
    """Say how many seconds `now` is ahead of the service's clock; None when it does not tell."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    aware = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    return (now - aware).total_seconds()


def clock_warning(skew: float | None, name: str) -> str | None:
    """Explain clocks that differ by more than a minute."""
    if skew is None or abs(skew) <= MOST_SKEW_SECONDS:
        return None
    ahead = "ahead of" if skew > 0 else "behind"
    return (
        f"Our clock is {abs(skew):.0f} s {ahead} that of {name}: set this machine's by a time "
        "server, or waiting times are wrong and webhooks are refused as too old or too new."
    )


@dataclass(frozen=True, slots=True)
class Setback:
    """A failure that may pass: at most `tries` in all; `sent` when the service may have acted."""

    error: SourceError
    tries: int | None = None
    after: float | None = None
    sent: bool = True


def where(url: str) -> str:
    """Give the host, port and path of an address."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] + parts.path


def no_json(answer: Answer) -> str:
    """Say that an answer is no JSON, and where to look for the cause."""
    told = f"{answer.name} did not answer with whole JSON to {answer.where}"
    if answer.content[:64].lstrip()[:1] == b"<":
        return f"{told} but with a web page: check the address, and what stands in between."
    return f"{told}: try again later, and look at what stands in between if it stays so."


def judge(
    answer: Answer,
    expect: Collection[int],
    now: datetime,
    secrets: Iterable[str],
    shape: Any = None,
) -> Answer | Setback:
    """Hand back what was expected, a Setback for what may pass, and raise for all else."""
    if answer.status in expect:
        return _in_shape(answer, shape) or _sound(answer) or _spoiled(answer)
    said = masked(answer.complaint, secrets)
    if _busy(answer):
        after = _wait(answer, now)
        what = f"is busy or out of order ({answer.status}): try again later"
        text = _sentence(answer, what, said)
        return Setback(Unavailable(text, after), after=after, sent=answer.status != 429)
    raise _refusal(answer, said)


def masked(text: str, secrets: Iterable[str]) -> str:
    """Take every secret out of a text, longest first, since one may hold another."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:
            text = text.replace(secret, "…")
    return text


def _in_shape(answer: Answer, shape: Any) -> Answer | None:
    """Read the body at once, which also tells that it is whole; None when it has not the shape."""
    if shape is None or answer.status != 200:
        return None
    try:
        return replace(answer, read=msgspec.json.decode(answer.content, type=shape))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _sound(answer: Answer) -> Answer | None:
    """Return the answer if it is whole; half a letter in it, which nothing can keep, is mended."""
    if answer.status in WITHOUT_BODY or answer.status >= 400:
        return answer
    if answer.content[:64].lstrip()[:1] not in {b"{", b"["}:
        return None
    if _is_json(answer.content):
        return answer
    content = _ESCAPES.sub(lambda found: rb"\ufffd" if found[1] else found[0], answer.content)
    return replace(answer, content=content) if _is_json(content) else None


def _is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True


def _spoiled(answer: Answer) -> Setback:
    return Setback(Unreadable(no_json(answer)), SPOILED_TRIES)


def _busy(answer: Answer) -> bool:
    if answer.status == 403:
        left = answer.headers.get("x-ratelimit-remaining")
        return "retry-after" in answer.headers or left == "0"
    return answer.status in {408, 425, 429} or answer.status >= 500


def _wait(answer: Answer, now: datetime) -> float | None:
    said = retry_after_seconds(answer.headers.get("retry-after"), now)
    if said is not None or answer.headers.get("x-ratelimit-remaining") != "0":
        return said
    try:
        reset = datetime.fromtimestamp(float(answer.headers.get("x-ratelimit-reset", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return max(0.0, (reset - now).total_seconds())


def _refusal(answer: Answer, said: str) -> SourceError:
    match answer.status:
        case 401:
            text = "refused our credentials (401): check the token or key and that it is active"
            return Misconfigured(_sentence(answer, text, said))
        case 403:
            text = "does not let us read this (403): check the permissions and scopes"
            return Denied(_sentence(answer, text, said))
        case 404 | 410 as status:
            text = f"has nothing there ({status}): check the address and the names in the options"
            return Unreadable(_sentence(answer, text, said))
        case status if 300 <= status < 400:
            text = f"points elsewhere ({status}), which is not followed: check the address"
            return Misconfigured(_sentence(answer, text, said))
        case status:
            return Unreadable(_sentence(answer, f"answered with the unexpected {status}", said))


def _sentence(answer: Answer, what: str, said: str) -> str:
    words = f" It said: “{said}”." if said else ""
    return f"{answer.name} at {answer.where} {what}.{words}"
