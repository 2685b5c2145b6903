"""Words for the product's fixed values, in the language of the page."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import pgettext

from banso.accounts.types import ContactRole, Lifecycle, Literacy
from banso.web.formats import locale
from banso.workspace.types import Role


def role_word(role: str) -> str:
    """A role of the people who work here."""
    words: dict[str, str] = {
        Role.ADMIN: pgettext("role", "Administrator"),
        Role.LEADER: pgettext("role", "Leader"),
        Role.CSM: pgettext("role", "CSM"),
        Role.SALES: pgettext("role", "Sales"),
        Role.VIEWER: pgettext("role", "Viewer"),
    }
    return words.get(role, role)


def lifecycle_word(stage: str) -> str:
    """Where an account stands with us."""
    words: dict[str, str] = {
        Lifecycle.PROSPECT: pgettext("lifecycle", "Prospect"),
        Lifecycle.ONBOARDING: pgettext("lifecycle", "Onboarding"),
        Lifecycle.ADOPTION: pgettext("lifecycle", "Adoption"),
        Lifecycle.RENEWAL: pgettext("lifecycle", "Renewal"),
        Lifecycle.CHURNED: pgettext("lifecycle", "Churned"),
    }
    return words.get(stage, "")


def contact_role_word(role: str) -> str:
    """What a person does at the customer."""
    words: dict[str, str] = {
        ContactRole.OPERATOR: pgettext("contact role", "Operator"),
        ContactRole.ADMIN: pgettext("contact role", "Administrator"),
        ContactRole.CHAMPION: pgettext("contact role", "Champion"),
        ContactRole.DECISION_MAKER: pgettext("contact role", "Decision maker"),
        ContactRole.BILLING: pgettext("contact role", "Billing"),
        ContactRole.OTHER: pgettext("contact role", "Other"),
    }
    return words.get(role, "")


def literacy_word(level: str) -> str:
    """How much help a person needs with the product."""
    words: dict[str, str] = {
        Literacy.LOW: pgettext("literacy", "Low"),
        Literacy.MID: pgettext("literacy", "Middle"),
        Literacy.HIGH: pgettext("literacy", "High"),
    }
    return words.get(level, "")


def country_word(country: str) -> str:
    """A country by its name where its two-letter code is kept; other texts as they are."""
    return str(Locale(locale()).territories.get(country.strip().upper(), country))
