"""What the database believes of its tables' sizes when it chooses how to join them."""

from sqlalchemy import text
from sqlmodel import Session

MANY_ROWS = 1_000
GROWING = "customer, ticket, link, mention, bug, bug_name"


def look_again(db: Session) -> None:
    """Let PostgreSQL see now how large the tables have become that a reading fills.

    By itself it looks within a minute.  Until then it takes a table that it last saw empty for one
    with a single row, and may compare every link with every ticket: with a hundred thousand of
    each, a list that takes a second had not come after ten minutes.
    """
    if db.get_bind().dialect.name == "postgresql":
        # Who looks at a table just now spares us that: nobody waits here.
        db.connection().execute(text(f"ANALYZE (SKIP_LOCKED) {GROWING}"))
