"""Everything stays small enough to be read at once."""

import ast

from tests.house.tree import files, name_of, parsed

CODE = ("app", "integrations", "tests", "benchmarks")
FORBIDDEN_NAMES = {"service", "utils", "util", "helpers", "helper", "common", "base", "manager"}


def test_no_module_is_longer_than_300_lines():
    modules = files(*CODE, suffix=".py")
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules}
    assert len(lengths) > 200
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_no_function_is_longer_than_40_lines():
    long = {}
    for path in files(*CODE, suffix=".py"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 40:
                    long[f"{name_of(path)}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_no_template_is_longer_than_150_lines():
    templates = files("templates", suffix=".html")
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in templates}
    assert len(lengths) > 30
    assert {name: lines for name, lines in lengths.items() if lines > 150} == {}


def test_no_module_has_a_name_that_fits_everything():
    names = {name_of(path) for path in files("app", "integrations", suffix=".py")}
    words = {name: name.removesuffix(".py").split("/")[-1] for name in names}
    assert {name for name, word in words.items() if word in FORBIDDEN_NAMES} == set()
