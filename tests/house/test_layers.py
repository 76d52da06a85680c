"""Rules about who does what that no linter knows."""

import ast
import re

from tests.house.tree import ROOT, files, imported, name_of, of_package, parsed

CONNECTIONS = {"sqlalchemy.Engine", "sqlalchemy.Connection", "sqlmodel.Session"}
ONLY_HERE = {
    "httpx": {"integrations/http.py"},
    "httpcore": {"integrations/http.py", "integrations/sockets.py"},
    "apscheduler": {"app/jobs.py"},
    "authlib": {
        "integrations/oidc/attempt.py",
        "integrations/oidc/provider.py",
        "integrations/oidc/tokens.py",
    },
    "joserfc": {"integrations/oidc/provider.py", "integrations/oidc/tokens.py"},
    "pwdlib": {"app/actions/passwords.py"},
    "cryptography": {"app/actions/vault.py"},
}


def product():
    return files("app", "integrations", suffix=".py")


def calls_without_arguments(path, method):
    return [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
        and not node.args
    ]


def test_only_actions_commit():
    committing = {name_of(path) for path in product() if calls_without_arguments(path, "commit")}
    assert len(committing) > 5
    assert {name for name in committing if not name.startswith("app/actions/")} == set()


def test_statements_are_built_in_db_only():
    strangers = {}
    for path in product():
        if name_of(path).startswith("app/db/"):
            continue
        names = imported(path)
        used = of_package(names, "sqlalchemy") | of_package(names, "sqlmodel")
        builders = {name for name in used - CONNECTIONS if ".exc." not in name}
        if builders:
            strangers[name_of(path)] = builders
    assert strangers == {}


def test_some_packages_are_imported_in_one_place_only():
    for package, places in ONLY_HERE.items():
        users = {name_of(path) for path in product() if of_package(imported(path), package)}
        assert users <= places, package


def test_only_the_command_and_the_migrations_read_the_environment():
    readers = set()
    for path in [*product(), *files("migrations", suffix=".py")]:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.add(name_of(path))
    assert readers
    assert all(name.startswith("app/cli/") or name == "migrations/env.py" for name in readers)


def test_nothing_is_ever_printed_outside_the_command():
    printing = {
        name_of(path)
        for path in product()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert {name for name in printing if not name.startswith("app/cli/")} == set()


def test_tables_live_in_models_and_nowhere_else():
    tables = {
        name_of(path)
        for path in product()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and any(k.arg == "table" for k in node.keywords)
    }
    assert len(tables) >= 4
    assert {name for name in tables if not name.startswith("app/db/models/")} == set()


def test_every_table_is_exported_by_the_models_package():
    exported = (ROOT / "app/db/models/__init__.py").read_text()
    for path in files("app/db/models", suffix=".py"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and any(k.arg == "table" for k in node.keywords):
                assert re.search(rf"\b{node.name}\b", exported), node.name


def test_every_connector_folder_says_what_it_needs_and_reads():
    from integrations import CONNECTORS  # noqa: PLC0415 - read as late as a host would

    for kind in CONNECTORS:
        assert (ROOT / "integrations" / kind / "README.md").is_file(), kind
        assert (ROOT / "integrations" / kind / "options.py").is_file(), kind
