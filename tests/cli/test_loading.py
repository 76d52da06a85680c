"""Modules load without a look for garbage, which goes on afterwards."""

import gc
import sys

import pytest

from app.cli.loading import load


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """A folder of modules that nobody has loaded."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("bugsprint_quick", "bugsprint_broken"):
        sys.modules.pop(name, None)


def test_nobody_looks_for_garbage_while_a_module_loads_but_afterwards(modules):
    (modules / "bugsprint_quick.py").write_text("import gc\nLOOKED = gc.isenabled()\n")
    assert gc.isenabled()
    assert load("bugsprint_quick").LOOKED is False
    assert gc.isenabled()


def test_a_module_that_fails_leaves_the_look_for_garbage_on(modules):
    (modules / "bugsprint_broken.py").write_text("raise OSError('gone')\n")
    with pytest.raises(OSError, match="gone"):
        load("bugsprint_broken")
    assert gc.isenabled()


def test_what_is_loaded_is_not_set_aside_again(modules):
    (modules / "bugsprint_quick.py").write_text("")
    first, kept = load("bugsprint_quick"), gc.get_freeze_count()
    assert load("bugsprint_quick") is first
    assert gc.get_freeze_count() <= kept
