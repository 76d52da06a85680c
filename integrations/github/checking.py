"""The connection test: who we are there, what is left of the quota, and three issues."""

from datetime import UTC, datetime
from typing import Any

from integrations.answers import clock_skew, clock_warning
from integrations.contract import Clock, Identity
from integrations.errors import Denied
from integrations.github.api import Api
from integrations.github.options import Options
from integrations.http import Answer

SAMPLES = 3


def check(api: Api, options: Options, now: Clock) -> Identity:
    """Raises SourceError; every repository must be readable."""
    who, answer = _who(api, options)
    warnings = [] if options.token else ["Without a token GitHub allows 60 requests an hour."]
    samples: list[str] = []
    for repository in options.repositories:
        answer = _repository(api, repository)
        if answer.json(dict[str, Any]).get("has_issues") is False:
            warnings.append(f"Issues are switched off in {repository}.")
            continue
        samples += _titles(api, repository)
    skew = clock_skew(answer, now())
    late = clock_warning(skew, "GitHub")
    warnings += [late] if late else []
    return Identity(
        who=who,
        scopes=_words(answer.headers.get("x-oauth-scopes", "")),
        quota=_quota(answer),
        clock_skew_seconds=skew,
        samples=tuple(samples[:SAMPLES]),
        warnings=tuple(warnings),
    )


def _who(api: Api, options: Options) -> tuple[str, Answer]:
    first = options.repositories[0]
    if not options.token:
        return "nobody (public repositories only)", _repository(api, first)
    try:
        answer = api.ask("/user")
    except Denied:
        return f"a token of {first}", _repository(api, first)
    return str(answer.json(dict[str, Any]).get("login") or "a nameless user"), answer


def _repository(api: Api, repository: str) -> Answer:
    answer = api.ask(f"/repos/{repository}", expect=(404,))
    if answer.status == 404:
        raise Denied(
            f"GitHub does not show us {repository}: check the name, and that the token may read it."
        )
    return answer


def _titles(api: Api, repository: str) -> list[str]:
    params: dict[str, str | int] = {"state": "all", "per_page": 20}
    answer = api.ask(f"/repos/{repository}/issues", params, expect=(410,))
    if answer.status == 410:
        return []
    items = answer.json(list[dict[str, Any]])
    issues = (item for item in items if not item.get("pull_request"))
    return [str(item.get("title", "")) for item in issues][:SAMPLES]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split(",") if (word := part.strip()))


def _quota(answer: Answer) -> str | None:
    left, limit = (answer.headers.get(f"x-ratelimit-{name}") for name in ("remaining", "limit"))
    if not left or not limit:
        return None
    try:
        reset = datetime.fromtimestamp(float(answer.headers.get("x-ratelimit-reset", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return f"{left} of {limit} requests left"
    return f"{left} of {limit} requests left until {reset:%H:%M} UTC"
