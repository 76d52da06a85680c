"""The papers say what the product has: settings, options, addresses, commands; no other."""

import re
import tomllib
from typing import Any

import pytest
from typer.main import get_command

from app.actions.connect import factory
from app.cli.program import program_of
from app.config import PREFIX, Settings
from app.main import Running, create_app
from integrations import CONNECTORS
from tests.house.tree import ROOT, files, name_of, tracked

PAPERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
LINK = re.compile(r"\]\((?P<link>[^)\s#]+)[^)]*\)|(?:src|srcset|href)=\"(?P<source>[^\"]+)\"")
PATH_IN_CODE = re.compile(r"`((?:app|tests|integrations|docs)/[\w./-]+|pyproject\.toml)`")
COMMAND = re.compile(r"`bugsprint ((?:[a-z]+)(?: [a-z]+)?)")
ROW = re.compile(r"^\| (?P<names>[^|]+) \|", re.MULTILINE)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def decisions():
    return files("docs/decisions", suffix=".md")


def test_every_setting_is_documented_and_no_other():
    said = set(re.findall(rf"^\| `({PREFIX}[A-Z_]+)`", read("docs/operating.md"), re.MULTILINE))
    assert said == {PREFIX + name.upper() for name in Settings.model_fields}


def test_no_paper_names_a_setting_that_is_not_there():
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {"BUGSPRINT_HOST"}
    for path in tracked():
        if path.suffix in {".md", ".yaml"} or path.name == "Dockerfile":
            named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", path.read_text()))
            assert named <= known, name_of(path)


@pytest.mark.parametrize("kind", CONNECTORS)
def test_every_option_of_a_connector_is_documented_and_no_other(kind):
    section = read("docs/connectors.md").split(f"\n## {kind}\n")[1].split("\n## ")[0]
    said = {n for row in ROW.finditer(section) for n in re.findall(r"`(\w+)`", row["names"])}
    assert said == set(factory(kind).Options.model_fields)


@pytest.mark.parametrize("kind", CONNECTORS)
def test_options_that_are_secret_are_marked(kind):
    section = read("docs/connectors.md").split(f"\n## {kind}\n")[1].split("\n## ")[0]
    for name, field in factory(kind).Options.model_fields.items():
        secret = "SecretStr" in str(field.annotation)
        assert bool(re.search(rf"`{name}` \*", section)) is secret, name


def test_every_address_of_the_api_is_documented_and_no_other(tmp_path):
    app = create_app(
        Settings(database_url=f"sqlite:///{tmp_path / 'papers.db'}"), Running(jobs=False)
    )
    app.state.engine.dispose()
    paths = app.openapi()["paths"]
    served = {f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs}
    assert set(re.findall(r"^\| `([A-Z]+ /api/\S+)`", read("docs/api.md"), re.MULTILINE)) == served


def commands(group: Any, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        inner = hasattr(command, "commands")
        found |= commands(command, f"{name} ") if inner else {before + name}
    return found


COMMANDS = commands(get_command(program_of()))


def test_every_command_is_documented():
    text = read("docs/operating.md")
    missing = {name for name in COMMANDS if f"`bugsprint {name}" not in text}
    assert missing == set()


def test_no_paper_names_a_command_that_is_not_there():
    known = COMMANDS | {"COMMAND"}
    for path in tracked():
        if path.suffix == ".md":
            for said in COMMAND.findall(path.read_text(encoding="utf-8")):
                assert said in known or said.split()[0] in known, f"{name_of(path)}: {said}"


def test_local_links_and_pictures_lead_somewhere():
    missing = set()
    for path in [*PAPERS, *files("docs", suffix=".md")]:
        for found in LINK.finditer(path.read_text(encoding="utf-8")):
            target = found["link"] or found["source"]
            if "://" not in target and not (path.parent / target).exists():
                missing.add(f"{name_of(path)}: {target}")
    assert missing == set()


def test_decisions_are_numbered_short_and_say_who_enforces_them():
    found = sorted(decisions())
    assert [path.name[:4] for path in found] == [f"{i:04}" for i in range(1, len(found) + 1)]
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 40, path.name
        assert text.startswith(f"# {path.name[:4]} "), path.name
        enforcers = PATH_IN_CODE.findall(text.split("## Enforced by\n")[1])
        assert any(name.startswith(("tests/", "pyproject")) for name in enforcers), path.name


def test_decisions_name_only_files_that_are_there():
    for path in decisions():
        for name in PATH_IN_CODE.findall(path.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), f"{path.name}: {name}"


def test_the_changelog_has_an_entry_for_this_version():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"\n## {version}" in read("CHANGELOG.md")
    assert f"bugsprint:{version}" in read("compose.yaml")


def test_the_proxy_leads_browsers_to_tls_and_programs_nowhere():
    caddyfile = read("compose.yaml").split("caddyfile:\n")[1]
    plain = caddyfile.split("http://{$$BUGSPRINT_HOST} {\n")[1].split("\n      }")[0]
    said = [line.strip() for line in plain.splitlines()]
    assert said[0] == "@programs path /api/* /hooks/*"
    assert re.fullmatch(r'respond @programs ".+" 403', said[1])
    assert said[2:] == ["redir https://{host}{uri} permanent"]


def test_the_image_holds_what_runs_and_runs_as_nobody_special():
    text, allowed = read("Dockerfile"), read(".dockerignore")
    for folder in ("app", "integrations", "templates", "migrations"):
        assert re.search(rf"^COPY {folder} {folder}$", text, re.MULTILINE), folder
        assert f"\n!{folder}\n" in allowed, folder
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert "HEALTHCHECK" in text
    assert text.rstrip().splitlines()[-1].startswith('CMD ["bugsprint", "serve"')
