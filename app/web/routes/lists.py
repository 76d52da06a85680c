"""Long lists for programs: bugs, customers and links."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.core.permissions import Permission
from app.views.lists import Bugs, Customers, Links, bug_list, customer_list, link_list
from app.web.desk import AtDesk, needs
from app.web.faces import json_answer
from app.web.texts import NO_NUL

api = APIRouter(prefix="/api/v1", tags=["lists"])
After = Annotated[int, Query(ge=0, le=2**31 - 1)]
Limit = Annotated[int, Query(ge=1, le=500)]


@api.get("/bugs", response_model=Bugs)
@needs(Permission.board_read)
def bugs(
    desk: AtDesk,
    q: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = "",
    after: After = 0,
    limit: Limit = 100,
) -> Response:
    """List bugs by id or, with words, the worst ones that have the first eight in title or key."""
    return json_answer(bug_list(desk.reader, q, after=after, limit=limit))


@api.get("/customers", response_model=Customers)
@needs(Permission.board_read)
def customers(desk: AtDesk, after: After = 0, limit: Limit = 100) -> Response:
    """List customers by id; revenue is exact for those who may know it."""
    money = desk.can(Permission.money_read)
    return json_answer(customer_list(desk.reader, after=after, limit=limit, money=money))


@api.get("/links", response_model=Links)
@needs(Permission.ticket_read)
def links(desk: AtDesk, after: After = 0, limit: Limit = 100) -> Response:
    """List links between tickets and bugs by id."""
    return json_answer(link_list(desk.reader, after=after, limit=limit))
