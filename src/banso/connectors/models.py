"""Tables of imports: the file, its mapping, what was wrong, and how to undo it."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from banso.connectors.types import ImportStatus, Kind, Severity


class SavedMapping(models.Model):
    """How the columns of files with one header are read; reused when the header comes again."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=14, choices=[(k.value, k.value) for k in Kind])
    #: Hash of the header's column names in order.
    signature = models.CharField(max_length=64, db_index=True)
    mapping = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "signature"], name="mapping_once_per_header")
        ]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file on its way in."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=14, choices=[(k.value, k.value) for k in Kind])
    status = models.CharField(
        max_length=10,
        default=ImportStatus.UPLOADED,
        choices=[(s.value, s.value) for s in ImportStatus],
    )
    #: Imports of one project share it.
    project = models.UUIDField(null=True, db_index=True)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    #: Path in the file storage, or of the user's own file for the command line.
    file_path = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    mapping = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(default=0)
    #: The last row that was committed; a run goes on behind it.
    checkpoint = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    job = models.ForeignKey("workspace.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(
        "workspace.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def origin(self) -> str:
        """The name under which other rooms keep what the import brought."""
        return f"import:{self.uid}"

    @property
    def passed_over(self) -> int:
        """Rows that the mapping leaves out; known when the run has come to its end."""
        ended = (ImportStatus.DONE, ImportStatus.UNDOING, ImportStatus.UNDONE)
        return self.rows_total - self.checkpoint if self.status in ended else 0


class ImportProblem(models.Model):
    """One thing wrong with one row."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    #: Line of the table counted from 1 at the header, as a spreadsheet shows it.
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    #: Values for the sentence, which is worded in the reader's language when shown.
    params = models.JSONField(default=dict)
    raw = models.JSONField(null=True)

    class Meta:
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["run", "code"])]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"


class ImportChange(models.Model):
    """What one row did to one record, so that it can be undone."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    row = models.PositiveIntegerField()
    record_type = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    #: Field values before; null when the row created the record.
    before = models.JSONField(null=True)
    #: Field values after, to see whether somebody has changed the record since.
    after = models.JSONField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "row", "record_type", "record_id"], name="change_once_per_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.row} {self.record_type} {self.record_id}"
