"""The signing key of an installation is made once, whole, and for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from banso.config.paths import secret_key


def test_the_key_is_made_once_and_others_cannot_read_it(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) == 64
    assert secret_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_of_two_processes_that_start_at_once_both_use_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(draft: str, path: Path) -> None:
        path.write_text("the other's key")
        link(draft, path)

    monkeypatch.setattr(os, "link", late)
    assert secret_key(tmp_path) == "the other's key"


def test_a_power_cut_while_it_is_written_leaves_no_empty_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(size: int) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("banso.config.paths.secrets.token_urlsafe", cut)
        with pytest.raises(KeyboardInterrupt):
            secret_key(tmp_path)
    assert len(secret_key(tmp_path)) == 64
