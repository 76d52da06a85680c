"""Reports: what the sprint did for customers."""

from fastapi import APIRouter, Response

from app.core.permissions import Permission
from app.views.reports.details import Details, details
from app.views.reports.impact import Impact, fixes_csv, report
from app.web.desk import AtDesk, needs
from app.web.faces import Faces

faces = Faces("reports")
pages: APIRouter = faces.pages
api: APIRouter = faces.api


@faces.show(
    "/s/{slug}/impact", "impact/page.html", Permission.board_read, api="/reports/{slug}/impact"
)
def impact(desk: AtDesk, slug: str) -> Impact:
    """Show what a sprint did, on one sheet."""
    return report(desk.reader, slug, money=desk.can(Permission.money_read), at=desk.at)


@faces.show("/s/{slug}/impact/details", "details/page.html", Permission.board_read)
def impact_details(desk: AtDesk, slug: str) -> Details:
    """Show how bugs moved, and how long customers had waited for what was fixed."""
    return details(desk.reader, slug, at=desk.at)


@pages.get("/s/{slug}/impact.csv")
@needs(Permission.board_read)
def impact_csv(desk: AtDesk, slug: str) -> Response:
    """Return every fixed bug as a table."""
    name = f'attachment; filename="impact-{slug}.csv"'
    text = fixes_csv(desk.reader, slug, demo=desk.demo)
    return Response(text, media_type="text/csv", headers={"content-disposition": name})
