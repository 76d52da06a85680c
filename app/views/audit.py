"""What happened, newest first."""

from pydantic import BaseModel

from app.views.models import NoteLine


class Audit(BaseModel):
    """A page of the activity log."""

    items: list[NoteLine]
    next: str | None
