"""Where an installation keeps its files."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

#: ``src/banso``, where templates, static files and translations lie.
PACKAGE = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The folder that holds everything an installation must not lose; created when missing.

    ``BANSO_DATA_DIR`` (set by ``--data-dir``) names it; otherwise ``var`` beside the code.
    """
    chosen = os.environ.get("BANSO_DATA_DIR")
    folder = Path(chosen).expanduser().resolve() if chosen else PACKAGE.parent.parent / "var"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def files_dir(folder: Path) -> Path:
    """Where uploaded and kept files lie: in the data directory, or where all machines reach them.

    ``BANSO_FILES_DIR`` names a directory that web machines and worker share.
    """
    chosen = os.environ.get("BANSO_FILES_DIR")
    shared = Path(chosen).expanduser().resolve() if chosen else folder
    shared.mkdir(parents=True, exist_ok=True)
    return shared


def secret_key(folder: Path) -> str:
    """The signing key of this installation: made once, readable by its owner alone."""
    path = folder / "secret.key"
    if not path.exists():
        # Written elsewhere first: a key without content would lock everybody out for ever.
        handle, draft = tempfile.mkstemp(dir=folder, prefix=".secret-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()
