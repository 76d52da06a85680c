"""What administrators decided, and what the product keeps about itself, by name."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.db.models import Setting
from app.db.prepared import Prepared


def value(db: Session, name: str) -> Any:
    """Return a setting; None when nobody set it."""
    found = _VALUE.first(db, name=name)
    return found[0] if found else None


_VALUE = Prepared(select(col(Setting.value)).where(col(Setting.name) == bindparam("name")))


def keep(db: Session, name: str, value: Any, *, by: str, at: datetime) -> None:
    """Store a setting."""
    db.merge(Setting(name=name, value=value, by=by, at=at))
    db.flush()


def drop(db: Session, name: str) -> None:
    """Forget a setting."""
    found = db.get(Setting, name)
    if found:
        db.delete(found)
        db.flush()
