"""Scorecards that the tests of the judging rules use."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from banso.health.rules.curves import Curve
from banso.health.rules.scorecard import Group, Measure, ScorecardSpec
from banso.health.rules.spec import Bands

RISING = Curve(((0, 0), (10, 100)))
FALLING = Curve(((0, 100), (10, 0)))


def measure(key: str, weight: float = 1, curve: Curve = RISING, empty: float | None = None):
    """A measure; ``empty`` are the points of a missing value, None leaves it out."""
    return Measure(key, weight, curve, "leave_out" if empty is None else "count_as", empty)


def group(key: str, weight: float, *measures: Measure) -> Group:
    """A group named like its key."""
    return Group(key, key, key, weight, measures)


def spec(*groups: Group, min_coverage: float = 0.4) -> ScorecardSpec:
    """A scorecard with the usual bands."""
    return ScorecardSpec(groups, min_coverage)


#: Use counts 60: users 1 and events 3 of 4; voice counts 40: NPS.
PLAIN = spec(
    group("use", 60, measure("users"), measure("events", 3)), group("voice", 40, measure("nps"))
)

_number = st.floats(-50, 150, allow_nan=False, width=32)
values = st.one_of(st.none(), _number)
weights = st.floats(0.1, 100, allow_nan=False)


@st.composite
def curves(draw: Any) -> Curve:
    """Any valid curve."""
    xs = draw(st.lists(st.integers(-40, 140), min_size=2, max_size=6, unique=True))
    ys = draw(st.lists(st.integers(0, 100), min_size=len(xs), max_size=len(xs)))
    kind = draw(st.sampled_from(["linear", "bounded"]))
    knots = zip(sorted(xs), ys, strict=True)
    return Curve(tuple((float(x), float(y)) for x, y in knots), kind)


@st.composite
def specs(draw: Any, keys: str = "abcdef") -> ScorecardSpec:
    """Any scorecard over some of the metrics."""
    chosen = draw(st.lists(st.sampled_from(list(keys)), min_size=1, unique=True))
    cuts = draw(st.integers(1, min(3, len(chosen))))
    parts = [chosen[i::cuts] for i in range(cuts)]
    counted = st.one_of(st.none(), st.floats(0, 100))
    groups = tuple(
        group(
            f"group_{i}",
            draw(weights),
            *(measure(key, draw(weights), draw(curves()), draw(counted)) for key in part),
        )
        for i, part in enumerate(parts)
    )
    low = draw(st.integers(1, 90))
    return ScorecardSpec(
        groups, draw(st.sampled_from([0.0, 0.4])), Bands(low, draw(st.integers(low + 1, 100)))
    )


def known(keys: str = "abcdef") -> st.SearchStrategy[dict[str, float | None]]:
    """Values of all metrics, some of them missing."""
    return st.fixed_dictionaries(dict.fromkeys(keys, values))
