"""Where the demo company sells: country, weight among foreign accounts, language, money, places."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One market.

    Attributes:
        code: ISO 3166-1 alpha-2.
        currency: what its customers are billed in.
        legal_forms: how company names end there.
        places: (region, IANA zone) pairs.
    """

    code: str
    weight: float
    currency: str
    legal_forms: tuple[str, ...]
    places: tuple[tuple[str, str], ...]


_TOKYO = "Asia/Tokyo"
_PREFECTURES = (
    "東京都 東京都 東京都 東京都 東京都 神奈川県 神奈川県 大阪府 大阪府 大阪府 愛知県 愛知県 "
    "埼玉県 千葉県 福岡県 福岡県 北海道 兵庫県 京都府 静岡県 広島県 宮城県 新潟県 長野県 岡山県 "
    "群馬県 石川県 熊本県 鹿児島県 沖縄県"
)

JAPAN = Country(
    "JP", 0.0, "JPY", (), tuple((prefecture, _TOKYO) for prefecture in _PREFECTURES.split())
)

ABROAD = (
    Country(
        "US",
        0.30,
        "USD",
        ("Inc.", "LLC", "Corp."),
        (
            ("California", "America/Los_Angeles"),
            ("Texas", "America/Chicago"),
            ("New York", "America/New_York"),
        ),
    ),
    Country(
        "DE",
        0.15,
        "EUR",
        ("GmbH", "AG"),
        (("Bayern", "Europe/Berlin"), ("Nordrhein-Westfalen", "Europe/Berlin")),
    ),
    Country("FR", 0.10, "EUR", ("SAS", "SARL"), (("Île-de-France", "Europe/Paris"),)),
    Country("SG", 0.14, "USD", ("Pte. Ltd.",), (("Singapore", "Asia/Singapore"),)),
    Country("TH", 0.10, "USD", ("Co., Ltd.",), (("Bangkok", "Asia/Bangkok"),)),
    Country("VN", 0.08, "USD", ("JSC", "Co., Ltd."), (("Hà Nội", "Asia/Ho_Chi_Minh"),)),
    Country(
        "AU",
        0.13,
        "USD",
        ("Pty Ltd",),
        (("New South Wales", "Australia/Sydney"), ("Queensland", "Australia/Brisbane")),
    ),
)
