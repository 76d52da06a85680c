"""A bug belongs to the first area with a rule that fits, and the rule can be told."""

import pytest

from app.core.areas import AreaRule, Fit, area_of, fit_of

RULES = (
    AreaRule(1, ("title:*attach*", "label:mail-*")),
    AreaRule(2, ("component:Mail*", "compose")),
    AreaRule(3, ("area: ui",)),
)


@pytest.mark.parametrize(
    ("labels", "components", "title", "fit"),
    [
        (["Mail-IMAP"], [], "", Fit(1, "label:mail-*", "Mail-IMAP")),
        ([], ["MailNews: Display"], "", Fit(2, "component:Mail*", "MailNews: Display")),
        ([], ["Compose"], "", Fit(2, "compose", "Compose")),
        (["COMPOSE"], [], "", Fit(2, "compose", "COMPOSE")),
        ([], [], "Cannot attach", Fit(1, "title:*attach*", "Cannot attach")),
        (["compose"], [], "Cannot attach", Fit(2, "compose", "compose")),
        (["area: UI"], [], "", Fit(3, "area: ui", "area: UI")),
        (["compose-window"], ["News"], "It hangs", None),
        ([], [], "", None),
    ],
)
def test_the_rule_that_fits_first_is_told_with_what_it_fits(labels, components, title, fit):
    found = fit_of(RULES, labels=labels, components=components, title=title)
    assert found == fit
    area = area_of(RULES, labels=labels, components=components, title=title)
    assert area == (fit.area_id if fit else None)
