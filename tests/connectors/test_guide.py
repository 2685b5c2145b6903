"""The tables of the user guide say what the code does, in both languages."""

from __future__ import annotations

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import MappingSpec, missing_columns

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")
_YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def _script() -> ModuleType:
    loader = SourceFileLoader("guide_script", str(ROOT / "script" / "guide"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


script = _script()
PAGES = [
    pytest.param(path, language, id=f"{language}/{path.name}") for path, language in script.pages()
]


@pytest.mark.parametrize(("path", "language"), PAGES)
def test_tables_are_those_of_the_code(path: Path, language: str) -> None:
    """Run ``script/guide write`` where this fails, and fill what it leaves empty."""
    text = path.read_text(encoding="utf-8")

    assert script.renewed(text, language) == text


@pytest.mark.parametrize(("path", "language"), PAGES)
def test_every_field_and_metric_is_explained(path: Path, language: str) -> None:
    text = path.read_text(encoding="utf-8")

    for match in script._SECTION.finditer(text):
        if match["name"].startswith(script.BY_HAND):
            empty = [key for key, meaning in script.by_hand(match[0]).items() if not meaning]
            assert not empty, match["name"]


@pytest.mark.parametrize("language", script.LANGUAGES)
def test_no_table_is_left_out(language: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (GUIDE / language).glob("*.md")]
    shown = {match["name"] for text in texts for match in script._SECTION.finditer(text)}

    assert shown == set(script.TABLES)


def test_both_languages_have_the_same_pages() -> None:
    en, ja = ({path.name for path in (GUIDE / one).glob("*.md")} for one in ("en", "ja"))

    assert en == ja


@pytest.mark.parametrize(("path", "language"), PAGES)
def test_links_lead_somewhere(path: Path, language: str) -> None:
    for target, anchor in _LINK.findall(path.read_text(encoding="utf-8")):
        page = (path.parent / target).resolve() if target else path
        assert page.exists(), target
        if anchor:
            assert anchor in _anchors(page), anchor


def _anchors(page: Path) -> set[str]:
    """The anchors that hosts of Markdown give to headings."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("language", script.LANGUAGES)
def test_the_example_mappings_can_be_used(language: str) -> None:
    text = (GUIDE / language / "import.md").read_text(encoding="utf-8")
    mappings = []
    for data in map(yaml.safe_load, _YAML.findall(text)):
        if "files" in data:
            mappings += [{"source": data["source"], **entry} for entry in data["files"]]
        elif "kind" in data:
            mappings.append(data)

    for mapping in mappings:
        spec = MappingSpec.from_dict(mapping)
        header = {entry.column for entry in spec.columns.values()} - {None}
        # Only the names of fields are in question here; the columns are the file's.
        found = missing_columns(spec, WRITERS[spec.kind].fields_of(spec), [*header])  # type: ignore[list-item]
        assert found is None or found.code == "missing-column"
    assert len(mappings) == 4
