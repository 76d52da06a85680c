"""Loads modules quickly."""

import gc
import sys
from importlib import import_module
from types import ModuleType


def load(name: str) -> ModuleType:
    """Load a module and look for no garbage meanwhile, nor ever among what it made: it stays."""
    if name in sys.modules:
        return sys.modules[name]
    looked = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        if looked:
            gc.freeze()
            gc.enable()
