"""Tables of accounts, contacts, the timeline, tasks and saved segments."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from banso.accounts.types import ActivityKind, ContactRole, Lifecycle, Literacy, TaskStatus


def _choices(values: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in values]  # type: ignore[attr-defined]


class Account(models.Model):
    """A company that is, was or may become a customer."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=300)
    name_kana = models.CharField(max_length=300, blank=True)
    name_en = models.CharField(max_length=300, blank=True)
    #: Name without legal form, width and case, for finding the same company again.
    name_key = models.CharField(max_length=300, db_index=True, blank=True)
    #: Everything a search may hit, folded; substring search works for two Japanese characters.
    search_text = models.TextField(blank=True)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    corporate_number = models.CharField(max_length=13, blank=True, db_index=True)
    industry = models.CharField(max_length=120, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    country = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    segment = models.CharField(max_length=80, blank=True, db_index=True)
    lifecycle = models.CharField(max_length=12, blank=True, choices=_choices(Lifecycle))
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)
    cs_owner = models.ForeignKey(
        "workspace.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sales_owner = models.ForeignKey(
        "workspace.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    customer_since = models.DateField(null=True, blank=True)
    #: Columns of the customer's own files that have no field here.
    attributes = models.JSONField(default=dict, blank=True)
    #: Where the record came from first; the demo company's is ``demo``.
    source = models.CharField(max_length=60, blank=True, db_index=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"])]

    def __str__(self) -> str:
        return self.name


class AccountKey(models.Model):
    """The id under which one source knows an account; an account may have several."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="keys")
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="account_key_once")
        ]
        # An id may be looked for without knowing which source it is of.
        indexes = [models.Index(fields=["external_id"], name="account_key_external_id")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class Contact(models.Model):
    """A person at an account."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    name_kana = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True, db_index=True)
    phone = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, blank=True, choices=_choices(ContactRole))
    literacy = models.CharField(max_length=4, blank=True, choices=_choices(Literacy))
    language = models.CharField(max_length=8, blank=True)
    #: Consent to advertising mail; null = never asked.
    consent = models.BooleanField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    #: The id under which usage data names this person.
    user_key = models.CharField(max_length=200, blank=True)
    search_text = models.TextField(blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["account", "user_key"])]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="contact_once")
        ]

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """One entry of an account's timeline."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="activities")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL)
    kind = models.CharField(max_length=14, choices=_choices(ActivityKind))
    happened_at = models.DateTimeField()
    title = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    author = models.ForeignKey(
        "workspace.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Facts of entries that the system writes, worded in the reader's language when shown.
    data = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=60, blank=True)
    #: Makes writing the same fact twice harmless, e.g. ``ticket:T-1:opened``.
    external_id = models.CharField(max_length=200, null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [models.Index(fields=["account", "-happened_at", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="activity_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class Task(models.Model):
    """Something that one person has to do, usually for an account."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.CASCADE, related_name="tasks"
    )
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    owner = models.ForeignKey(
        "workspace.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by = models.ForeignKey(
        "workspace.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=8, default=TaskStatus.OPEN, choices=_choices(TaskStatus))
    #: What led to it, e.g. ``signal:<uid>``; one open task per origin.
    origin = models.CharField(max_length=120, blank=True, db_index=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "status", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["origin"],
                condition=models.Q(status=TaskStatus.OPEN) & ~models.Q(origin=""),
                name="one_open_task_per_origin",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Segment(models.Model):
    """A saved and possibly shared filter over accounts, with its columns and order."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    owner = models.ForeignKey("workspace.User", on_delete=models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    #: Nested and/or groups of conditions; its form is described with the portfolio.
    query = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
