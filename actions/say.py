"""The only place that hands messages to Rasa."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher

from knowledge.models.messages import Reply


def say(dispatcher: CollectingDispatcher, *replies: Reply) -> None:
    """Send each reply as one Rasa message: text, quick replies and data for programs together."""
    for reply in replies:
        dispatcher.utter_message(
            text=reply.text,
            buttons=[button.model_dump() for button in reply.buttons],
            json_message=reply.payload(),
        )
