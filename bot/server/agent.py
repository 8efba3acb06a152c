"""Rasa's agent with turns that succeed as a whole or not at all.

Rasa itself logs the exception of an action, goes on without it, and saves what is left of the turn.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import TrackerStore
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_METADATA_FILE, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from actions.turn import FALLBACK
from bot.privacy.entrance import take_in
from bot.server.action_endpoint import InProcessActions
from bot.server.event_classes import remember_event_classes
from bot.server.graph_runner import SequentialRunner
from bot.server.metrics import FALLBACKS, channel_label
from bot.server.slot_filling import ask_for_slots_directly
from knowledge.nlu.language import detect

_REJECTED = 400
"""With this status an action server says that the action does not apply: an answer, not a failure."""


_CLOCKS_DIFFER = 300.0
"""Seconds that the clocks of two servers may be apart."""


class ActionFailedError(Exception):
    """An action ended with an exception, or its server did not answer."""


class RemoteActions(EndpointConfig):
    """An action server whose failures end the turn, wherever in it they occur."""

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run an action on the server.

        Raises:
            ActionFailedError: it did not run.
        """
        try:
            return await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == _REJECTED:
                raise
            raise ActionFailedError(f"the action server answered with status {error.status}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ActionFailedError(f"the action server at {self.url} did not answer") from error


class TrainedModel(LocalModelStorage):
    """A model as it answers. How it was trained is left out: that names components that would load TensorFlow."""

    @staticmethod
    def _load_metadata(directory: Path) -> ModelMetadata:
        stored = json.loads((directory / MODEL_ARCHIVE_METADATA_FILE).read_text(encoding="utf-8"))
        return ModelMetadata.from_dict({**stored, "train_schema": {"nodes": {}}})


class WholeTurns(MessageProcessor):
    """Ends a turn without saving it when one of its actions fails."""

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Nothing: training has checked that the domain knows them, and Rasa would compare whole domains."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with tempfile.TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(Path(folder), Path(model_path), TrainedModel, SequentialRunner)
        return Path(model_path).name, metadata, runner

    async def parse_message(self, message: UserMessage, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See parent class."""
        parsed: dict[str, Any] = await super().parse_message(message, *args, **kwargs)
        if parsed["intent"]["name"] == FALLBACK:
            where = (channel_label(message.input_channel), detect(message.text or "", None))
            FALLBACKS.labels(*where).inc()
        return parsed

    def _has_session_expired(self, tracker: DialogueStateTracker) -> bool:
        """Also when the last message comes from the future: how long ago that was nobody knows once a clock was set
        back, and asking whether it is the same patient does no harm.
        """
        if super()._has_session_expired(tracker):
            return True
        last = tracker.get_last_event_for(UserUttered)
        enabled = self.domain.session_config.are_sessions_enabled()
        return bool(enabled and last and last.timestamp > time.time() + _CLOCKS_DIFFER)

    async def handle_message(self, message: UserMessage) -> Any:
        """Takes a message in, from whatever channel: the only way into a conversation.

        What identifies a person is removed here, so that nothing behind this line can keep, log or show it. What
        else connectors tell of a message, such as the names of senders, is dropped.
        """
        removed = take_in(message.text or "")
        message.text = removed.text
        message.metadata = {"removed_identifiers": list(removed.kinds)} if removed.kinds else None
        return await super().handle_message(message)

    async def _run_action(self, action: Action, *args: Any, **kwargs: Any) -> bool:
        run, failures = action.run, []

        async def watched(*given: Any, **named: Any) -> Any:
            try:
                return await run(*given, **named)
            except ActionExecutionRejection:
                raise
            except Exception as error:
                failures.append(error)
                raise

        action.run = watched
        goes_on: bool = await super()._run_action(action, *args, **kwargs)
        if failures:
            raise ActionFailedError(f"{action.name()} failed") from failures[0]
        return goes_on

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event] | None, prediction: PolicyPrediction
    ) -> None:
        """Does what the parent class does, without deep copies of all events for a log that nobody keeps."""
        new = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in new):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(new, self.domain)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """What is known of a patient has no place in a log."""


class WholeTurnAgent(Agent):
    """An agent whose turns succeed as a whole or not at all, a store that does not answer included.

    Rasa's would go on with a store in memory, in which every conversation begins anew.
    """

    @staticmethod
    def _create_tracker_store(store: TrackerStore, domain: Domain) -> TrackerStore:
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Loads the model at `model_path`."""
        self.processor = WholeTurns(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint)


def load_agent(model: Path, tracker_store: Any, lock_store: Any, action_server: str | None) -> Agent:
    """An agent ready to talk.

    Args:
        model: the trained model.
        tracker_store, lock_store: Rasa's stores.
        action_server: where actions run; None for this process.
    """
    remember_event_classes()
    ask_for_slots_directly()
    remote = RemoteActions(action_server, enable_selective_domain=True) if action_server else None
    agent = WholeTurnAgent(
        tracker_store=tracker_store, lock_store=lock_store, action_endpoint=remote or InProcessActions()
    )
    agent.load_model(model)
    return agent
