"""Keep a filter under a name, share it, pin it, let it go and bring it back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.vocabulary import Shape
from app.db.models import SavedView
from app.db.queries import activity, saved_views

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Who does it; `pins` when they may change what everybody sees."""

    user_id: int
    name: str
    team_id: int | None
    pins: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What a view holds: its name, a filter in the one way to write it, its shape."""

    name: str
    query: str
    shape: Shape = Shape.list
    for_team: bool = False


def save(db: Session, content: Content, who: Person, *, at: datetime) -> int:
    """Keep a filter; returns the view's id."""
    name = _free_name(db, who.user_id, content.name)
    if saved_views.count_of(db, who.user_id) >= saved_views.MOST:
        raise Conflict(f"You keep {saved_views.MOST} views already; delete one first.")
    made = SavedView(
        owner_id=who.user_id,
        name=name,
        query=content.query,
        shape=content.shape,
        team_id=_team(who) if content.for_team else None,
        made_at=at,
    )
    db.add(made)
    _done(db, who, "view_saved", made, at)
    assert made.id is not None
    return made.id


def change(
    db: Session, view_id: int, name: str, who: Person, *, for_team: bool, at: datetime
) -> None:
    """Give one's view another name, or to one's team."""
    view = _own(db, view_id, who)
    if name.strip() != view.name:
        view.name = _free_name(db, view.owner_id, name)
    view.team_id = (view.team_id or _team(who)) if for_team else None
    _done(db, who, "view_changed", view, at)


def delete(db: Session, view_id: int, who: Person, *, at: datetime) -> None:
    """Let a view go; it can be brought back."""
    view = _own(db, view_id, who)
    if view.deleted_at is not None:
        raise Conflict(f"The view “{view.name}” is deleted already.")
    view.deleted_at = at
    _done(db, who, "view_deleted", view, at)


def restore(db: Session, view_id: int, who: Person, *, at: datetime) -> None:
    """Bring a deleted view back."""
    view = _own(db, view_id, who)
    if view.deleted_at is None:
        raise Conflict(f"The view “{view.name}” is not deleted.")
    view.deleted_at = None
    _done(db, who, "view_restored", view, at)


def copy(db: Session, view_id: int, who: Person, *, at: datetime) -> int:
    """Keep somebody else's view as one's own; returns its id."""
    view = _seen(db, view_id, who)
    name = view.name
    if (same := saved_views.called(db, who.user_id, name)) and same.deleted_at is None:
        name = f"{view.name[: LONGEST_NAME - 7]} (copy)"
    return save(db, Content(name, view.query, view.shape), who, at=at)


def pin(db: Session, view_id: int, who: Person, *, pinned: bool, at: datetime) -> None:
    """Show a view to everybody, or to those only whose it is."""
    view = _seen(db, view_id, who)
    view.pinned = pinned
    _done(db, who, "view_pinned" if pinned else "view_unpinned", view, at)


def _free_name(db: Session, owner_id: int, name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A view needs a name of 1 to {LONGEST_NAME} characters.")
    same = saved_views.called(db, owner_id, name)
    if same is not None and same.deleted_at is None:
        raise Conflict(f"You have a view “{name}” already; take another name.")
    if same is not None:
        saved_views.drop(db, same.id or 0)
    return name


def _team(who: Person) -> int:
    if who.team_id is None:
        raise Conflict("You belong to no team; keep the view for yourself.")
    return who.team_id


def _seen(db: Session, view_id: int, who: Person) -> SavedView:
    view = saved_views.view(db, view_id)
    shared = view is not None and view.deleted_at is None
    if view is None or not (
        view.owner_id == who.user_id
        or (shared and (view.pinned or view.team_id == who.team_id is not None))
    ):
        raise NotFound(f"There is no view {view_id}.")
    return view


def _own(db: Session, view_id: int, who: Person) -> SavedView:
    view = _seen(db, view_id, who)
    if view.owner_id != who.user_id and not (view.pinned and who.pins):
        raise Forbidden(f"The view “{view.name}” is somebody else’s; copy it, then change yours.")
    return view


def _done(db: Session, who: Person, verb: str, view: SavedView, at: datetime) -> None:
    try:
        activity.note(db, at=at, actor=who.name, verb=verb, detail=f"“{view.name}”")
        db.commit()
    except IntegrityError as error:
        raise Conflict(f"You have a view “{view.name}” already; take another name.") from error
