"""What the fuzzing program is told of the language of filters; it runs in a house of its own."""

import schemathesis
from hypothesis import strategies as st

TERMS = [
    *("", "state:open", "-state:fixed,released", "tickets>=2", "-sort:score"),
    *('"two words"', "state:open tickets:1..5 sort:score", "lane:high_profile -lane:choice"),
]
# A colon or a comparison begins a term of a field, and only some fields are there.
_WORD = st.text(
    st.characters(exclude_characters=":<>", exclude_categories=["Cc", "Cs", "Zs"]),
    min_size=1,
    max_size=40,
)
_WORDS = st.lists(_WORD, max_size=8).map(" ".join)
schemathesis.openapi.format("bugsprint-filter", st.sampled_from(TERMS) | _WORDS)
