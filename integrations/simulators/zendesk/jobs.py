"""Bulk updates: a queue whose jobs are done a moment later, some of their rows in vain."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from integrations.simulators.answers import Refused
from integrations.simulators.zendesk.limits import Limits
from integrations.simulators.zendesk.site import Ask, not_found
from integrations.simulators.zendesk.writes import apply

MOST_ROWS = 100
WORK = timedelta(seconds=2)


@dataclass(slots=True)
class Job:
    """One bulk update; it moves on when it is asked for, or when its time has come."""

    id: str
    ask: Ask
    rows: list[tuple[int, dict[str, Any]]]
    made_at: datetime
    status: str = "queued"
    results: list[dict[str, Any]] = field(default_factory=list)
    message: str | None = None


def update_many(ask: Ask, limits: Limits) -> Any:
    """Queue an update of up to a hundred tickets."""
    run_due(ask)
    body = ask.body if isinstance(ask.body, dict) else {}
    rows = _rows(ask, body)
    if len(rows) > MOST_ROWS:
        text = f"You can only update {MOST_ROWS} tickets at once"
        told = {"error": "TooManyValues", "description": text, "max_count": MOST_ROWS}
        raise Refused(400, told)
    active = [job for job in ask.site.jobs.values() if job.status in ("queued", "working")]
    if len(active) >= ask.site.settings.most_jobs:
        told = {"error": "TooManyJobs", "description": "Too many jobs are queued or running"}
        headers = {
            "zendesk-ratelimit-inflight-jobs": f"total={ask.site.settings.most_jobs}; remaining=0"
        }
        raise Refused(429, told, headers)
    limits.take("updates", ask.site.settings.updates_per_minute, 60)
    number = md5(str(len(ask.site.jobs)).encode(), usedforsecurity=False).hexdigest()
    job = Job(number, ask, rows, ask.site.now())
    ask.site.jobs[number] = job
    return {"job_status": _told(ask, job)}


def _rows(ask: Ask, body: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    if "ids" in ask.query:
        wish = body.get("ticket") or {}
        return [(int(one), wish) for one in ask.query["ids"].split(",") if one.strip().isdigit()]
    batch = [one for one in body.get("tickets") or [] if isinstance(one, dict)]
    dropped = ("additional_tags", "remove_tags")
    return [
        (int(one.get("id", 0)), {key: one[key] for key in one if key not in dropped})
        for one in batch
    ]


def run_due(ask: Ask) -> None:
    """Finish the jobs whose time has come."""
    for job in ask.site.jobs.values():
        if job.status in ("queued", "working") and ask.site.now() >= job.made_at + WORK:
            _run(job)


def _run(job: Job) -> None:
    for place, (number, wish) in enumerate(job.rows):
        job.results.append(_one(job.ask, place, number, wish))
    job.status = "completed"
    at = job.ask.site.now().strftime("%Y-%m-%d %H:%M:%S +0000")
    job.message = f"Completed at {at}"


def _one(ask: Ask, place: int, number: int, wish: dict[str, Any]) -> dict[str, Any]:
    ticket = ask.store.tickets.get(number)
    if ticket is None or ticket.status == "deleted":
        return {"index": place, "id": number, "error": "TicketNotFound", "success": False}
    try:
        apply(ask, ticket, wish)
    except Refused as refusal:
        told = str(refusal.body.get("error", ""))
        return {"index": place, "id": number, "error": told, "success": False}
    return {"id": number, "status": "Updated", "action": "update", "success": True}


def job_status(ask: Ask) -> Any:
    """Where one job stands; asking twice is enough for it to be done."""
    run_due(ask)
    job = ask.site.jobs.get(ask.path["id"])
    if job is None:
        raise not_found()
    told = _told(ask, job)
    if job.status == "working":
        _run(job)
        told = _told(ask, job)
    elif job.status == "queued":
        job.status = "working"
    return {"job_status": told}


def job_statuses(ask: Ask) -> Any:
    """All jobs."""
    run_due(ask)
    return {"job_statuses": [_told(ask, job) for job in ask.site.jobs.values()]}


def _told(ask: Ask, job: Job) -> dict[str, Any]:
    done = job.status == "completed"
    return {
        "id": job.id,
        "job_type": "Bulk Update Ticket",
        "url": ask.url(f"job_statuses/{job.id}.json"),
        "total": len(job.rows),
        "progress": len(job.rows) if done else 0 if job.status == "working" else None,
        "status": job.status,
        "message": "Working" if job.status == "working" else job.message,
        "results": job.results if done else None,
    }
