"""What the import contracts cannot see: foreign keys point down and leave no trace above."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps

FLOORS = [
    {"workspace"},
    {"accounts"},
    {"contracts", "usage"},
    {"voice", "helpdesk"},
    {"health"},
    {"connectors"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
SOURCE = Path(__file__).resolve().parents[2] / "src" / "banso"
#: Lists join the book of business to accounts in one query, so this one name is allowed upstairs.
KNOWN_TRACES = {"health.Pulse.account"}


def test_foreign_keys_between_rooms_point_down_and_leave_no_trace() -> None:
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in FLOOR:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "many_to_one", False) and not (
                getattr(field, "one_to_one", False) and field.concrete
            ):
                continue
            other = target._meta.app_label
            if other == room or other not in FLOOR:
                continue
            name = f"{room}.{model.__name__}.{field.name}"
            assert FLOOR[other] < FLOOR[room], f"{name} points up or sideways"
            hidden = field.remote_field.hidden
            assert hidden or name in KNOWN_TRACES, f"{name} needs related_name='+'"


def test_no_room_fetches_another_rooms_model_by_name() -> None:
    offenders = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if "get_model(" in path.read_text() and "migrations" not in path.parts
    ]
    assert offenders == []


def test_the_house_has_the_rooms_that_the_settings_name() -> None:
    from django.conf import settings

    rooms = {name.removeprefix("banso.") for name in settings.ROOMS}
    assert rooms == set(FLOOR) | {"web"}
