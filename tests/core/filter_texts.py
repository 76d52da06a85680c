"""Texts that people type into a filter, and many that nobody would."""

from hypothesis import strategies as st

from app.core.filter_fields import FIELDS, fold, readable
from app.core.filter_terms import Vocabulary
from app.core.permissions import Permission

EVERYTHING = readable(frozenset(Permission))
NAMES = {
    "team": ("payments", "core", "a,b", 'say "hi"'),
    "area": ("editor", "mail"),
    "owner": ("Ana Kovač", "Björn"),
    "customer": ("Acme", "Ümlaut & Söhne"),
    "tier": ("gold", "enterprise"),
    "source": ("zendesk", "github"),
    "label": ("wontfix", "needs info", "needs-info", "-odd", "a..b"),
    "sprint": ("spring", "autumn-2"),
}


def vocabulary(fields=EVERYTHING, **more):
    names = {field: {each: each for each in some} for field, some in NAMES.items()}
    return Vocabulary(fields, names | more, {("has", "pr"): "No source brings pull requests."})


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


amounts = st.sampled_from(["0", "1", "7", "12.5", "12d", "3w", "2026-01-05", "none", "critical"])
names = st.sampled_from(sorted({name for some in NAMES.values() for name in some}))
own_words = st.sampled_from(sorted({word for each in FIELDS.values() for word in each.words}))
values = st.one_of(
    amounts,
    st.builds("{}..{}".format, amounts, amounts),
    own_words,
    names.map(_quoted),
    names.map(fold),
    st.text(max_size=6),
)
heads = st.one_of(st.sampled_from([*FIELDS, "sort"]), st.text(max_size=5))
terms = st.one_of(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["", "-"]),
        heads,
        st.sampled_from([":", ">", "<", ">=", "<="]),
        st.lists(values, min_size=1, max_size=3).map(",".join),
    ),
    st.text(max_size=12),
    st.text(max_size=8).map(_quoted),
)
texts = st.one_of(st.lists(terms, max_size=6).map(" ".join), st.text(max_size=80))
