"""What comes from elsewhere is named, hashed, and nothing of ours gives away where it was made."""

import hashlib
import json
import re
import tomllib

import pytest

from tests.house.tree import ROOT, name_of, tracked

VENDOR = ROOT / "app/web/static/vendor/vendor.json"
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")
SOMEBODYS_MACHINE = re.compile(r"(?<![\w.~-])/(?:wo" + "rk|ro" + "ot|ho" + r"me)/\w")
TEXTS = {".py", ".md", ".toml", ".html", ".css", ".js", ".txt", ".yaml", ".yml", ".ini", ""}


def requirements(name):
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["base.txt", "dev.txt", "fuzz.txt"])
def test_requirements_name_no_address_and_every_package_has_hashes(name):
    text = requirements(name)
    assert "://" not in text
    joined = text.replace("\\\n", " ")
    pinned = [line for line in joined.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    assert len(pinned) > 20
    for line in pinned:
        assert re.match(r"\S+==\S+", line), line[:60]
        assert "--hash=sha256:" in line, line[:60]


def test_every_package_of_lighthouse_has_its_version_and_hash_and_no_address():
    text = requirements("lighthouse/package-lock.json")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    pinned = packages.pop("")["dependencies"]
    assert len(packages) > 100
    for name, each in packages.items():
        assert re.fullmatch(r"[\w.+-]+", each["version"]), name
        assert each["integrity"].startswith("sha512-"), name
        assert "resolved" not in each, name
    assert pinned == {"lighthouse": packages["node_modules/lighthouse"]["version"]}


def test_the_requirements_hold_every_dependency_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = requirements("base.txt").lower()
    for wanted in project["dependencies"]:
        name = re.split(r"[^A-Za-z0-9_.-]", wanted)[0].lower()
        assert f"\n{name}==" in f"\n{text}", name


def test_vendored_files_are_the_ones_that_were_taken_in():
    for package in json.loads(VENDOR.read_text()):
        assert package["version"]
        assert package["licence"]
        for name, digest in package["files"].items():
            content = (VENDOR.parents[1] / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest, name


def test_every_vendored_file_is_listed():
    listed = {n for package in json.loads(VENDOR.read_text()) for n in package["files"]}
    there = {f"vendor/{p.name}" for p in VENDOR.parent.iterdir()} - {"vendor/vendor.json"}
    assert there <= listed


def test_nothing_is_left_unfinished_and_no_file_names_somebodys_machine():
    read = 0
    for path in tracked():
        if path.suffix not in TEXTS:
            continue
        text = path.read_text(encoding="utf-8")
        read += 1
        assert not UNFINISHED.search(text), name_of(path)
        assert not SOMEBODYS_MACHINE.search(text), name_of(path)
    assert read > 200
