"""What was made ahead of a page's turn is stored only while it is still right."""

from sqlmodel import select

from app.actions.disguise import Disguise
from app.actions.intake import Intake
from app.actions.ticket_columns import Manner, columns_of
from app.db.models import Ticket
from tests import make
from tests.actions.sources import VAULT, page_of, ticket
from tests.make import DAWN


def test_columns_made_in_another_manner_are_made_anew(db):
    source_id = make.source(db, "zendesk", name="zd").id
    page = page_of(ticket("1", text="private", requester="900"))
    before = Manner(source_id, Disguise(VAULT, "zendesk before"), keep_text=True)
    now = Disguise(VAULT.with_pseudonyms(b"another key"), "zendesk now")
    intake = Intake(db, source_id, "zd", now, DAWN, keep_text=False)
    intake.keep(page, columns_of(page, before))
    stored = db.exec(select(Ticket.text, Ticket.requester)).one()
    assert stored == ("", now.person("900"))
