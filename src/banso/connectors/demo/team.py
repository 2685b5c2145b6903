"""The people of the demo company itself. Names tell the role, since nobody is meant."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Member:
    """One user of the demo installation; ``role`` is a value of the workspace's roles."""

    email: str
    name: str
    role: str
    language: str
    time_zone: str = "Asia/Tokyo"


ADMIN = Member("admin@demo.example", "管理者（デモ）", "admin", "ja")
LEADER = Member("leader@demo.example", "CS リーダー（デモ）", "leader", "ja")
CSMS = (
    Member("csm-aoki@demo.example", "青木（CSM デモ）", "csm", "ja"),
    Member("csm-ito@demo.example", "伊藤（CSM デモ）", "csm", "ja"),
    Member("csm-ueda@demo.example", "上田（CSM デモ）", "csm", "ja"),
    Member("csm-east@demo.example", "East (CSM demo)", "csm", "en"),
    Member("csm-west@demo.example", "West (CSM demo)", "csm", "en"),
)
SALES = (
    Member("sales-kato@demo.example", "加藤（営業 デモ）", "sales", "ja"),
    Member("sales-kimura@demo.example", "木村（営業 デモ）", "sales", "ja"),
    Member("sales-global@demo.example", "Global (sales demo)", "sales", "en"),
)
VIEWER = Member("viewer@demo.example", "閲覧者（デモ）", "viewer", "ja")
TEAM = (ADMIN, LEADER, *CSMS, *SALES, VIEWER)

_EAST = {"SG", "TH", "VN", "AU"}


def cs_owner(country: str, segment: str, draw: float) -> Member:
    """Who looks after an account: enterprises and regions have their own CSM."""
    if country != "JP":
        return CSMS[3] if country in _EAST else CSMS[4]
    if segment == "Enterprise":
        return CSMS[0]
    return CSMS[0] if draw < 0.12 else CSMS[1] if draw < 0.56 else CSMS[2]


def sales_owner(country: str, draw: float) -> Member:
    """Who sold it."""
    if country != "JP":
        return SALES[2]
    return SALES[0] if draw < 0.5 else SALES[1]


def team_rows() -> list[dict[str, str]]:
    """The team as plain records."""
    return [asdict(member) for member in TEAM]
