"""Words for the product's fixed values, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from django.utils.translation import pgettext_lazy

from banso.accounts.types import ContactRole, Lifecycle, Literacy
from banso.web.formats import locale
from banso.workspace.types import Role

Words = Mapping[str, Any]

ROLES: Words = {
    Role.ADMIN: pgettext_lazy("role", "Administrator"),
    Role.LEADER: pgettext_lazy("role", "Leader"),
    Role.CSM: pgettext_lazy("role", "CSM"),
    Role.SALES: pgettext_lazy("role", "Sales"),
    Role.VIEWER: pgettext_lazy("role", "Viewer"),
}
LIFECYCLES: Words = {
    Lifecycle.PROSPECT: pgettext_lazy("lifecycle", "Prospect"),
    Lifecycle.ONBOARDING: pgettext_lazy("lifecycle", "Onboarding"),
    Lifecycle.ADOPTION: pgettext_lazy("lifecycle", "Adoption"),
    Lifecycle.RENEWAL: pgettext_lazy("lifecycle", "Renewal"),
    Lifecycle.CHURNED: pgettext_lazy("lifecycle", "Churned"),
}
CONTACT_ROLES: Words = {
    ContactRole.OPERATOR: pgettext_lazy("contact role", "Operator"),
    ContactRole.ADMIN: pgettext_lazy("contact role", "Administrator"),
    ContactRole.CHAMPION: pgettext_lazy("contact role", "Champion"),
    ContactRole.DECISION_MAKER: pgettext_lazy("contact role", "Decision maker"),
    ContactRole.BILLING: pgettext_lazy("contact role", "Billing"),
    ContactRole.OTHER: pgettext_lazy("contact role", "Other"),
}
LITERACIES: Words = {
    Literacy.LOW: pgettext_lazy("literacy", "Low"),
    Literacy.MID: pgettext_lazy("literacy", "Middle"),
    Literacy.HIGH: pgettext_lazy("literacy", "High"),
}


def role_word(role: str) -> str:
    """A role of the people who work here."""
    return str(ROLES.get(role, role))


def lifecycle_word(stage: str) -> str:
    """Where an account stands with us."""
    return str(LIFECYCLES.get(stage, ""))


def contact_role_word(role: str) -> str:
    """What a person does at the customer."""
    return str(CONTACT_ROLES.get(role, ""))


def literacy_word(level: str) -> str:
    """How much help a person needs with the product."""
    return str(LITERACIES.get(level, ""))


def country_word(country: str) -> str:
    """A country by its name where its two-letter code is kept; other texts as they are."""
    return str(Locale(locale()).territories.get(country.strip().upper(), country))
