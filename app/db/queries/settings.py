"""What administrators decided, and what the product keeps about itself, by name."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.db.models import Setting


def value(db: Session, name: str) -> Any:
    """Return a setting; None when nobody set it."""
    found: Any = db.exec(select(col(Setting.value)).where(Setting.name == name)).first()
    return found


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
