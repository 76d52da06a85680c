"""What comes in is decoded once, by the framework, and is never taken for a pattern."""

import ast

from tests.house.tree import files, imported, name_of, parsed

DECODERS = {
    "unquote", "unquote_plus", "unquote_to_bytes", "unescape", "parse_qs", "parse_qsl",
    "b64decode", "urlsafe_b64decode", "b32decode", "a85decode", "fromhex", "unhexlify",
    "literal_eval",
}  # fmt: skip
PLACES = {
    "app/actions/erasing.py": "the journal's own key, which was written by us",
    "app/actions/keys.py": "the sealed key of pseudonyms",
    "app/actions/vault.py": "what we sealed",
    "app/core/onetime.py": "the secret of an authenticator, which was made by us",
    "app/web/routes/provider.py": "our own cookie of an attempt to sign in, checked before",
    "integrations/gitlab/hooks.py": "the secret that an administrator gave",
}
"""Where something is decoded, and why that is no second time."""
EVALUATORS = {"eval", "exec", "compile", "__import__", "from_string"}
PIECES = {"letters", "_NUMBER"}
"""Pieces of patterns that are constants of their module."""
UNSAFE_LOADERS = {"load", "load_all", "unsafe_load", "full_load"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle"}
MATCHERS = {
    "compile",
    "search",
    "match",
    "fullmatch",
    "split",
    "sub",
    "subn",
    "findall",
    "finditer",
}
IN_SQL = {"like", "ilike", "regexp_match", "contains", "startswith", "endswith"}


def product():
    simulators = "integrations/simulators/"
    every = files("app", "integrations", suffix=".py")
    return [path for path in every if not name_of(path).startswith(simulators)]


def calls(path):
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]


def called(node):
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def test_nothing_that_came_in_is_decoded_a_second_time():
    found = {
        name_of(path) for path in product() for node in calls(path) if called(node) in DECODERS
    }
    assert found == set(PLACES)


def test_nothing_evaluates_what_it_is_given():
    odd = []
    for path in files("app", "integrations", "migrations", suffix=".py"):
        for node in calls(path):
            by_name = isinstance(node.func, ast.Name) or called(node) == "from_string"
            yaml = called(node) in UNSAFE_LOADERS and "yaml" in ast.unparse(node.func)
            if (called(node) in EVALUATORS and by_name) or yaml:
                odd.append(f"{name_of(path)}:{node.lineno}")
        names = {name.split(".")[0] for name in imported(path)}
        odd += [f"{name_of(path)}: {name}" for name in names & UNSAFE_MODULES]
    assert odd == []


def literal(node):
    """Whether a pattern is written in the code; what is put into it has to be escaped."""
    if isinstance(node, ast.JoinedStr):
        return all(literal(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return isinstance(node.value, ast.Call) and called(node.value) == "escape"
    if isinstance(node, ast.BinOp):
        return literal(node.left) and literal(node.right)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in PIECES)


def test_every_pattern_is_written_here_and_what_is_put_into_it_is_escaped():
    seen, odd = 0, []
    for path in product():
        for node in calls(path):
            at = node.func
            if isinstance(at, ast.Attribute) and getattr(at.value, "id", "") == "re":
                seen += at.attr in MATCHERS
                if at.attr in MATCHERS and not literal(node.args[0]):
                    odd.append(f"{name_of(path)}:{node.lineno}")
    assert seen > 20
    assert odd == []


def test_signs_with_a_meaning_are_escaped_wherever_the_database_looks_for_words():
    seen, odd = 0, []
    for path in files("app/db", suffix=".py"):
        for node in calls(path):
            if called(node) in IN_SQL and not isinstance(node.args[0], ast.Constant | ast.Tuple):
                escaped = {each.arg for each in node.keywords} & {"autoescape", "escape"}
                seen += bool(escaped)
                odd += [] if escaped else [f"{name_of(path)}:{node.lineno}"]
    assert seen >= 2, "Nothing was seen, so nothing was tested."
    assert odd == []
