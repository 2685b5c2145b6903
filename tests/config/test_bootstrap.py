"""The two-command start, as far as it can be shown without installing anything."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_banso_alone_lists_the_commands_without_installing_anything(tmp_path: Path) -> None:
    shutil.copy(ROOT / "banso", tmp_path / "banso")
    done = subprocess.run(
        [sys.executable, tmp_path / "banso"], capture_output=True, text=True, check=True
    )
    for command in ("demo", "serve", "worker", "import", "score", "backup", "restore", "doctor"):
        assert f"./banso {command}" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_every_listed_command_exists() -> None:
    from banso.config.cli import COMMANDS, _module

    listed = (ROOT / "banso").read_text()
    for name in COMMANDS:
        assert f"./banso {name}" in listed
        assert callable(_module(name).run)
        assert callable(_module(name).arguments)


def test_both_locks_pin_every_package_by_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        blocks = text.count("==")
        assert blocks > 40
        assert text.count("--hash=sha256:") >= blocks


def test_the_development_lock_contains_the_products() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.split(" ")[0].rstrip("\\") for line in lines if "==" in line}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")
