"""Which class an event has, looked up instead of searched for."""

from __future__ import annotations

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_search = Event.resolve_by_type


def remember_event_classes() -> None:
    """For every event that is read, Rasa walks through all classes of events; from now on it need not."""
    classes = {found.type_name: found for found in all_subclasses(Event) if hasattr(found, "type_name")}

    def look_up(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        found: type[Event] | None = classes.get(type_name) or _search(type_name, default)
        return found

    Event.resolve_by_type = staticmethod(look_up)
