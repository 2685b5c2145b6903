"""Static files: hashed names in an installation, plain names in tests and development."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed and compressed; a file missing from the manifest keeps its plain name.

    A page that names an uncollected file then still renders, as it must in tests, where nothing
    has been collected.
    """

    manifest_strict = False
    #: Modules that import each other get hashed names in their import lines too.
    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: object = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
