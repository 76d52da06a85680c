"""Which bug stands for which, when each may be merged into one other."""

from collections.abc import Mapping


def roots_of(edges: Mapping[int, int]) -> dict[int, int]:
    """Return the bug that stands for each merged bug, following merges of merges."""
    return {bug_id: _end(edges, bug_id) for bug_id in edges}


def would_circle(edges: Mapping[int, int], bug_id: int, into_id: int) -> bool:
    """Say whether merging would make a bug its own duplicate."""
    return _end(edges, into_id) == _end(edges, bug_id) and edges.get(bug_id) != into_id


def _end(edges: Mapping[int, int], bug_id: int) -> int:
    seen = {bug_id}
    while bug_id in edges and edges[bug_id] not in seen:
        bug_id = edges[bug_id]
        seen.add(bug_id)
    return bug_id
