"""Custom actions in the process of the conversation, where Rasa expects a server of their own."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

_check_response = RemoteAction._validate_action_result
_describe_call = RemoteAction._action_call_format


class InProcessActions(EndpointConfig):
    """Runs the actions of a package directly: no second process, no HTTP, no JSON in between."""

    def __init__(self, package: str = "actions") -> None:
        """Import and register the actions of `package`."""
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        RemoteAction._validate_action_result = _trust_own_actions
        RemoteAction._action_call_format = _refer_to_the_loop

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run the action that `json` calls, as an action server would.

        Raises:
            rasa_sdk.interfaces.ActionNotFoundException: the domain lists an action that does not exist.
        """
        return await self._executor.run(json)


def _trust_own_actions(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Checks what a remote server answers, as Rasa does, but not what our own executor returns.

    For every action that runs, Rasa validates its whole JSON schema first and then the answer against it. That
    takes longer than everything else in a turn together.
    """
    return isinstance(action.action_endpoint, InProcessActions) or _check_response(action, result)


def _refer_to_the_loop(action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """Describes a call as Rasa does, but without a deep copy of the message that started the running form."""
    loop = tracker.active_loop
    if loop is None or not isinstance(action.action_endpoint, InProcessActions):
        return dict(_describe_call(action, tracker, domain))
    tracker.active_loop = None
    try:
        call: dict[str, Any] = _describe_call(action, tracker, domain)
    finally:
        tracker.active_loop = loop
    call["tracker"]["active_loop"] = dict(vars(loop))
    return call
