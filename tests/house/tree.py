"""The files of the repository, and what the house tests need to know about them."""

import ast
import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def tracked() -> tuple[Path, ...]:
    """Every file under version control, as an absolute path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def files(*folders: str, suffix: str) -> list[Path]:
    """The tracked files of some folders that end in a suffix."""
    roots = [ROOT / folder for folder in folders]
    return [p for p in tracked() if p.suffix == suffix and any(p.is_relative_to(r) for r in roots)]


def name_of(path: Path) -> str:
    """A path as people write it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


@lru_cache(maxsize=512)
def parsed(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """Everything a module imports, as `module` or `module.name`."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of_package(names: set[str], package: str) -> set[str]:
    """Those names that belong to a package."""
    return {name for name in names if name.split(".")[0] == package}
