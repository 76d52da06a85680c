"""What others wrote is exactly what was taken from them, and its licence is beside it."""

import json
from hashlib import sha256

from app.web.assets import FOLDER as STATIC

VENDORED = json.loads((STATIC / "vendor/vendor.json").read_text())


def test_a_vendored_file_has_the_recorded_hash():
    for package in VENDORED:
        for name, digest in package["files"].items():
            assert sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


def test_every_vendored_file_is_recorded_with_its_licence():
    recorded = {name for package in VENDORED for name in package["files"]}
    there = {f"vendor/{file.name}" for file in (STATIC / "vendor").iterdir()}
    assert there - recorded == {"vendor/vendor.json"}
    for package in VENDORED:
        assert package["licence"] and any("LICENSE" in name for name in package["files"])
