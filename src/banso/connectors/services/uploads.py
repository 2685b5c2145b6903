"""Files that come in through the browser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from banso.connectors.files import BROWSER_LIMIT
from banso.connectors.files.problems import FileProblemError
from banso.workspace.policies import require
from banso.workspace.types import Actor


def receive_upload(*, actor: Actor, file_name: str, chunks: Iterable[bytes]) -> Path:
    """Keep an uploaded file where the worker finds it.

    Raises:
        FileProblemError: ``too-large``; nothing is kept.
    """
    require(actor, "imports.run")
    folder = Path(settings.FILES_DIR) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    suffix = Path(file_name).suffix.lower()[:10]
    path = folder / f"{uuid4()}{suffix}"
    size = 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > BROWSER_LIMIT:
                break
            file.write(chunk)
    if size > BROWSER_LIMIT:
        path.unlink()
        raise FileProblemError(
            "too-large", size=f"> {BROWSER_LIMIT >> 20}", limit=BROWSER_LIMIT >> 20
        )
    return path
