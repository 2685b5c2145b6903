"""The fields by which accounts can be filtered, sorted and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.cache import cache

from banso.accounts.selectors.book import attribute_names
from banso.health.models import Metric
from banso.health.rules.query import NUMERIC, FieldForm, FieldKind
from banso.workspace.types import Actor

METRIC, ATTRIBUTE = "metric:", "attr:"
BAND_CHANGED = "band_changed_7"
_ATTRIBUTES_FOR_SECONDS = 30
_KINDS = {
    "number": FieldKind.NUMBER,
    "percent": FieldKind.PERCENT,
    "days": FieldKind.DAYS,
    "money": FieldKind.MONEY,
    "minutes": FieldKind.MINUTES,
    "points": FieldKind.POINTS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the book of business.

    Attributes:
        key: its name in queries, columns and sorting; ``metric:<key>`` and ``attr:<name>`` for
            metrics and for columns of the customer's own files.
        group: ``account``, ``health``, ``contract``, ``usage``, ``metric`` or ``attribute``.
        path: where it lies, seen from the pulse.
        can_sort: false where the order would mean nothing.
        has_earlier: whether a change over some days can be asked for.
        metric: key of the metric that means the same, whose earlier values are this field's.
    """

    key: str
    kind: FieldKind
    label_en: str
    label_ja: str
    group: str
    path: str
    can_sort: bool = True
    has_earlier: bool = False
    metric: str = ""

    def label(self, language: str) -> str:
        """What people call it."""
        return self.label_ja if language == "ja" else self.label_en

    @property
    def is_numeric(self) -> bool:
        """Whether it is a number, to be set right-aligned."""
        return self.kind in NUMERIC

    @property
    def form(self) -> FieldForm:
        """What a query needs to know of it."""
        return FieldForm(self.kind, self.has_earlier)


def _same(key: str, kind: FieldKind, en: str, ja: str, group: str, path: str, metric: str) -> Field:
    """A field whose value is also the value of a metric."""
    return Field(key, kind, en, ja, group, path, has_earlier=True, metric=metric)


def _account(key: str, kind: FieldKind, en: str, ja: str, path: str = "") -> Field:
    return Field(key, kind, en, ja, "account", f"account__{path or key}")


K = FieldKind
OWN = (
    _account("name", K.TEXT, "Account", "顧客名"),
    _account("search", K.TEXT, "Anything", "キーワード", "search_text"),
    _account("segment", K.CHOICE, "Segment", "セグメント"),
    _account("lifecycle", K.CHOICE, "Lifecycle stage", "ライフサイクル"),
    _account("cs_owner", K.OWNER, "CS owner", "CS担当者"),
    _account("sales_owner", K.OWNER, "Sales owner", "営業担当者"),
    _account("industry", K.CHOICE, "Industry", "業種"),
    _account("employees", K.NUMBER, "Employees", "従業員数"),
    _account("country", K.CHOICE, "Country", "国"),
    _account("region", K.CHOICE, "Region", "地域"),
    _account("domain", K.TEXT, "Domain", "ドメイン"),
    _account("corporate_number", K.TEXT, "Corporate number", "法人番号"),
    _account("customer_since", K.DATE, "Customer since", "取引開始日"),
    _account("source", K.CHOICE, "Data source", "データ元"),
    Field("is_customer", K.FLAG, "Customer", "契約中", "account", "is_customer"),
    Field("score", K.POINTS, "Health score", "ヘルススコア", "health", "score", has_earlier=True),
    Field("band", K.CHOICE, "Health", "ヘルス区分", "health", "band"),
    Field("band_7", K.CHOICE, "Health 7 days ago", "7日前のヘルス区分", "health", "band_7"),
    Field(
        BAND_CHANGED,
        K.FLAG,
        "Health other than 7 days ago",
        "ヘルス区分が7日前から変化",
        "health",
        "",
        can_sort=False,
    ),
    Field("change_7", K.POINTS, "Change, 7 days", "7日間の変化", "health", "change_7"),
    Field("change_28", K.POINTS, "Change, 28 days", "28日間の変化", "health", "change_28"),
    Field("coverage", K.PERCENT, "Data coverage", "データの充足率", "health", "coverage"),
    Field("signal", K.SIGNAL, "Signal", "シグナル", "health", "", can_sort=False),
    Field("risks_open", K.NUMBER, "Open risks", "未対応のリスク", "health", "risks_open"),
    Field(
        "opportunities_open",
        K.NUMBER,
        "Open opportunities",
        "未対応の機会",
        "health",
        "opportunities_open",
    ),
    Field("stake", K.NUMBER, "At stake", "優先度", "health", "stake"),
    _same("arr", K.MONEY, "ARR", "ARR", "contract", "arr_minor", "arr"),
    Field("renewal_on", K.DATE, "Renewal", "更新日", "contract", "renewal_on"),
    _same("seats", K.NUMBER, "Seats", "契約席数", "contract", "seats", "seats"),
    _same(
        "active_users",
        K.NUMBER,
        "Active users",
        "利用者数",
        "usage",
        "active_users",
        "active_users_28d",
    ),
    Field("last_active_on", K.DATE, "Last active", "最終利用日", "usage", "last_active_on"),
)
DEFAULT_COLUMNS = (
    "name",
    "band",
    "score",
    "change_28",
    "arr",
    "renewal_on",
    "active_users",
    "last_active_on",
    "risks_open",
    "cs_owner",
)
DEFAULT_SORT = "-stake"


def own_fields() -> dict[str, Field]:
    """The fields that every installation has."""
    return {field.key: field for field in OWN}


def all_fields(actor: Actor, keep: Iterable[str] = ()) -> dict[str, Field]:
    """All fields to choose from, those of metrics and of the company's own columns included.

    Args:
        keep: keys in use. Metrics that mean the same as a field are not offered beside it, but
            what was saved with one must be shown with it.
    """
    own, metrics = own_fields(), metric_fields()
    twice = {METRIC + field.metric for field in OWN if field.metric} - set(keep)
    offered = {key: field for key, field in metrics.items() if key not in twice}
    return {**own, **offered, **attribute_fields(actor)}


def fields_for(actor: Actor, keys: Iterable[str]) -> dict[str, Field]:
    """The fields there are, looking up only the families to which the keys belong."""
    wanted = list(keys)
    found = own_fields()
    if any(key.startswith(METRIC) for key in wanted):
        found |= metric_fields()
    if any(key.startswith(ATTRIBUTE) for key in wanted):
        found |= attribute_fields(actor)
    return found


def metric_fields() -> dict[str, Field]:
    """A field for every metric that is not archived."""
    rows = Metric.objects.filter(is_archived=False)
    return {
        METRIC + key: Field(
            METRIC + key, _KINDS.get(unit, K.NUMBER), en, ja, "metric", key, has_earlier=True
        )
        for key, unit, en, ja in rows.values_list("key", "unit", "name_en", "name_ja")
    }


def attribute_fields(actor: Actor) -> dict[str, Field]:
    """A field for every column of the company's own files, as seen in a sample of accounts."""
    owner = actor.user_id if actor.restricted else ""
    names = cache.get_or_set(
        f"portfolio-attributes-{owner}", lambda: attribute_names(actor), _ATTRIBUTES_FOR_SECONDS
    )
    return {
        ATTRIBUTE + name: Field(ATTRIBUTE + name, K.TEXT, name, name, "attribute", name)
        for name in names or ()
    }


def forms(fields: Mapping[str, Field]) -> dict[str, FieldForm]:
    """What queries need to know of fields."""
    return {key: field.form for key, field in fields.items()}
