"""What differs between two versions of the knowledge base: entries, and options for patients."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from knowledge.engine import outcome
from knowledge.loading import DATA, Knowledge, KnowledgeError, load_knowledge
from knowledge.models.base import Model
from knowledge.proof import Table

Change = dict[str, Any]
"""One difference: `part`, `id`, `change` (added, removed, changed) and for changed entries the `fields`."""


@contextmanager
def open_version(name: str) -> Iterator[Knowledge]:
    """The knowledge base in a folder, or of a git revision of this project.

    Raises:
        KnowledgeError: it is neither, or its files are wrong.
    """
    folder = Path(name)
    if folder.is_dir():
        yield load_knowledge(folder.resolve())
        return
    with TemporaryDirectory() as temporary:
        root = DATA.parent.parent
        path = DATA.relative_to(root).as_posix()
        archive = subprocess.run(
            ["git", "-C", str(root), "archive", "--format=tar", name, path], capture_output=True, check=False
        )
        if archive.returncode:
            raise KnowledgeError(f"{name}: neither a folder nor a git revision that holds {path}")
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as tar:
            tar.extractall(temporary)  # noqa: S202 - written by git just now
        yield load_knowledge(Path(temporary) / path)


def compare(old: Knowledge, new: Knowledge) -> list[Change]:
    """The entries that were added, removed or changed, in the order of the new version."""
    changes: list[Change] = []
    for part in ("facts", "therapies", "statements", "references"):
        changes += _entries(part, getattr(old, part), getattr(new, part))
    for part in ("rules", "cautions", "contradictions"):
        changes += _entries(
            part,
            {entry.id: entry for entry in getattr(old, part)},
            {entry.id: entry for entry in getattr(new, part)},
        )
    return changes


def changed_outcomes(old: Knowledge, new: Knowledge) -> dict[str, tuple[int, int]]:
    """For each therapy whose stance differs for some patient: the situations that differ, and all of them.

    Situations are the combinations of the facts that the new version's rules look at.
    """
    found = {}
    for therapy in new.therapies:
        if therapy in old.therapies:
            table = Table(new, therapy)
            differing = sum(
                outcome(old, therapy, table.state(key)).stance != result.stance
                for key, result in table.outcomes.items()
            )
            if differing:
                found[therapy] = (differing, len(table.outcomes))
    return found


def _entries(part: str, old: Mapping[Any, Model], new: Mapping[Any, Model]) -> Iterator[Change]:
    for key, entry in new.items():
        if key not in old:
            yield {"part": part, "id": key, "change": "added"}
        elif old[key] != entry:
            before, after = old[key].model_dump(mode="json"), entry.model_dump(mode="json")
            fields = [name for name in after if before.get(name) != after[name]]
            yield {"part": part, "id": key, "change": "changed", "fields": fields}
    for key in old:
        if key not in new:
            yield {"part": part, "id": key, "change": "removed"}
