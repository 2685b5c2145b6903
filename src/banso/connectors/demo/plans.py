"""What the demo company sells: three plans that replace each other, and add-ons beside them."""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "現場こだま"
BASE_FAMILY = "genba-kodama"


@dataclass(frozen=True)
class Plan:
    """A base plan with its monthly list price per seat, by currency."""

    name: str
    seat_price: dict[str, float]


@dataclass(frozen=True)
class AddOn:
    """An extra with a flat monthly price plus a price per seat, as a share of the seat price."""

    key: str
    name: str
    seat_share: float


PLANS = (
    Plan("Light", {"JPY": 2800, "USD": 22, "EUR": 20}),
    Plan("Standard", {"JPY": 4200, "USD": 33, "EUR": 30}),
    Plan("Premium", {"JPY": 6400, "USD": 50, "EUR": 46}),
)
ADD_ONS = (
    AddOn("invoice-plus", "請求オートメーション", 0.18),
    AddOn("e-sign", "電子サイン", 0.10),
    AddOn("route", "ルート最適化", 0.22),
)


def product_key(plan: int) -> str:
    """The key of a base plan in the subscriptions file."""
    return f"{BASE_FAMILY}-{PLANS[plan].name.lower()}"


def products() -> dict[str, dict[str, object]]:
    """Product key to name, family and whether it is an add-on."""
    base: dict[str, dict[str, object]] = {
        product_key(number): {"name": f"{PRODUCT} {plan.name}", "family": BASE_FAMILY}
        for number, plan in enumerate(PLANS)
    }
    extras: dict[str, dict[str, object]] = {
        add_on.key: {"name": add_on.name, "family": add_on.key, "is_addon": True}
        for add_on in ADD_ONS
    }
    return {**base, **extras}


def volume_discount(seats: int) -> float:
    """Share taken off the list price: 0 below 10 seats, up to 25 % from 80 on."""
    steps = ((80, 0.25), (40, 0.18), (20, 0.10), (10, 0.05))
    return next((share for least, share in steps if seats >= least), 0.0)


def monthly_price(plan: int, seats: int, currency: str) -> float:
    """Monthly price of a base plan, in whole 100 yen or whole dollars and euros."""
    price = PLANS[plan].seat_price[currency] * seats * (1 - volume_discount(seats))
    return float(round(price / 100) * 100) if currency == "JPY" else float(round(price))


def add_on_price(add_on: int, plan: int, seats: int, currency: str) -> float:
    """Monthly price of an add-on."""
    price = ADD_ONS[add_on].seat_share * PLANS[plan].seat_price[currency] * seats
    return (
        float(max(round(price / 100) * 100, 500)) if currency == "JPY" else float(round(price) or 4)
    )
