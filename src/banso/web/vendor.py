"""Builds the browser libraries that installed Python packages carry, so none is copied here."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import vl_convert

#: The file that pages load, and beside it the version it was built from.
BUNDLE = "vega.js"
STAMP = "vega.version"
#: What the bundle hands to the page's scripts.
EXPOSE = "window.vegaEmbed = vegaEmbed;"


def version() -> str:
    """The version of the package that carries the chart library."""
    return metadata.version("vl-convert-python")


def build(folder: Path) -> Path:
    """Write the chart library into a folder of static files, unless that version is there.

    Returns:
        The path of the bundle.
    """
    bundle, stamp = folder / BUNDLE, folder / STAMP
    if bundle.exists() and stamp.exists() and stamp.read_text() == version():
        return bundle
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{BUNDLE}.part"
    draft.write_text(vl_convert.javascript_bundle(EXPOSE))
    draft.replace(bundle)
    stamp.write_text(version())
    return bundle
