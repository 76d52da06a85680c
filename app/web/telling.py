"""What a page's script is told after an action: the changed rows, the figures, and a sentence."""

from collections.abc import Sequence

from fastapi import Response

from app.db.queries import sprints
from app.views.bugs import rows_of_bugs
from app.views.strip import header
from app.web.desk import Desk
from app.web.faces import HTML
from app.web.frames import Changes
from app.web.rendering import render


def changed(desk: Desk, bug_ids: Sequence[int], said: str) -> Response:
    """Answer with the rows as they are now, and what was done in a message."""
    reader = desk.after
    sprint = sprints.current_sprint(reader)
    body = ""
    if sprint is not None and sprint.id is not None:
        rows = rows_of_bugs(reader, sprint.id, bug_ids, at=desk.at)
        figures = header(reader, sprint, at=desk.at)
        body = render("board/frame.html", view=Changes(rows=rows, header=figures, notes=[]))
    # The rows come first: after anything else a browser's parser would drop them.
    return Response(body + render("said.html", view={"title": said}), media_type=HTML)
