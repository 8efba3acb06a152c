"""Teams: the Bot Connector with the limits of its documentation, and deliveries with tokens it has signed."""

from __future__ import annotations

import base64
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.standins.serving import Faults, body_of, png_size, until

APP, PASSWORD, TENANT = "0f4c-app", "an-app-password", "a-tenant"
BOT = {"id": f"28:{APP}", "name": "CRLM"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
milliseconds = itertools.count(int(time.time() * 1000))


def problem(activity: Mapping[str, Any]) -> int | None:
    """The status with which an activity is refused; None if it is taken. Images have limits of their own."""
    attachments = activity.get("attachments") or []
    images = images_of(activity)
    cards = [attachment for attachment in attachments if attachment["contentType"] != "image/png"]
    if len(json.dumps({**activity, "attachments": cards}, ensure_ascii=False).encode("utf-16-le")) > 80 * 1024:
        return 413
    if images and len(json.dumps(activity, ensure_ascii=False).encode()) > 256 * 1024:
        return 413
    if not activity.get("text") and not attachments:
        return 400
    if activity.get("text") and activity.get("textFormat") not in ("plain", "markdown", "xml"):
        return 400
    if any(max(png_size(image)) > 1024 for image in images):
        return 400
    return next((error for error in map(_card_problem, cards) if error), None)


def _card_problem(attachment: Mapping[str, Any]) -> int | None:
    card = attachment["content"]
    if len(json.dumps(card, ensure_ascii=False).encode()) > 28 * 1024:
        return 413
    if attachment["contentType"] != "application/vnd.microsoft.card.adaptive" or card["type"] != "AdaptiveCard":
        return 400
    for element in card["body"]:
        if element["type"] == "ActionSet" and not 1 <= len(element["actions"]) <= 6:
            return 400
        if element["type"] == "RichTextBlock" and not all(run["text"] for run in element["inlines"]):
            return 400
    return None


def image_of(attachment: Mapping[str, Any]) -> bytes:
    """The image that stands in an attachment."""
    kind, _, content = str(attachment["contentUrl"]).partition(",")
    assert kind == "data:image/png;base64"
    image = base64.b64decode(content, validate=True)
    assert len(image) <= 1024 * 1024
    return image


class TeamsStandIn:
    """The Bot Connector, and what gives tokens."""

    def __init__(self) -> None:
        self.url = ""
        self.messages: list[dict[str, Any]] = []
        self.errors: list[int] = []
        self.tokens: set[str] = set()
        self.faults = Faults()
        self.app = Starlette(
            routes=[
                Route("/openid", self._openid, methods=["GET"]),
                Route("/keys", self._keys, methods=["GET"]),
                Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
                Route("/v3/conversations/{place}/activities/{to}", self._take, methods=["POST"]),
            ]
        )

    def settings(self, url: str) -> dict[str, str]:
        """The variables that connect the assistant."""
        self.url = url
        return {
            "TEAMS_APP_ID": APP,
            "TEAMS_APP_PASSWORD": PASSWORD,
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_LOGIN_URL": url,
            "TEAMS_OPENID_URL": f"{url}/openid",
        }

    async def _openid(self, _: Request) -> Response:
        return JSONResponse({"issuer": "https://api.botframework.com", "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: Request) -> Response:
        keys = []
        for kid, channels in (("k1", ["msteams"]), ("k2", ["webchat"])):
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            keys.append({**key, "kid": kid, "use": "sig", "endorsements": channels})
        return JSONResponse({"keys": keys})

    async def _token(self, request: Request) -> Response:
        form = dict(httpx.QueryParams((await request.body()).decode()))
        right = {"client_id": APP, "client_secret": PASSWORD, "grant_type": "client_credentials"}
        if request.path_params["tenant"] != TENANT or {**form, **right} != form or "/.default" not in form["scope"]:
            return JSONResponse({"error": "invalid_client"}, 401)
        token = f"t{len(self.tokens)}-{time.time()}"
        self.tokens.add(token)
        return JSONResponse({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    async def _take(self, request: Request) -> Response:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return JSONResponse({"error": {"code": "BotNotAuthorized"}}, 401)
        activity = await body_of(request)
        fault = await self.faults(request.path_params["place"], picture=bool(images_of(activity)))
        if fault is not None:
            return fault
        error = problem(activity)
        if error:
            self.errors.append(error)
            return JSONResponse({"error": {"code": "refused"}}, error)
        number = str(next(milliseconds))
        self.messages.append({**activity, "id": number, "place": request.path_params["place"]})
        return JSONResponse({"id": number}, 201)

    def sent(self, place: str) -> list[dict[str, Any]]:
        """The activities of a conversation."""
        return [message for message in list(self.messages) if message["place"] == place]

    def texts(self, place: str) -> str:
        """What can be read there."""
        return "\n".join(text_of(message) for message in self.sent(place))

    def card(self, place: str) -> dict[str, Any]:
        """The newest activity with a card, once there is one."""
        found: dict[str, Any] = until(lambda: [m for m in self.sent(place) if _has_card(m)])[-1]
        return found


def images_of(activity: Mapping[str, Any]) -> list[bytes]:
    """The images of an activity."""
    return [image_of(a) for a in activity.get("attachments") or () if a["contentType"] == "image/png"]


def _has_card(activity: Mapping[str, Any]) -> bool:
    return any("card" in attachment["contentType"] for attachment in activity.get("attachments") or ())


def text_of(activity: Mapping[str, Any]) -> str:
    """What an activity says."""
    if not _has_card(activity):
        return str(activity["text"])
    body = activity["attachments"][0]["content"]["body"]
    return "\n".join(run["text"] for block in body if block["type"] == "RichTextBlock" for run in block["inlines"])


def actions(activity: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its buttons."""
    body = activity["attachments"][0]["content"]["body"]
    return [action for block in body if block["type"] == "ActionSet" for action in block["actions"]]


def said(url: str, place: str, text: str, *, who: str = "29:u1", kind: str = "personal", **more: Any) -> dict[str, Any]:
    """A message as the Bot Connector delivers it."""
    return {
        "type": "message",
        "id": str(next(milliseconds)),
        "channelId": "msteams",
        "serviceUrl": url,
        "from": {"id": who, "name": "U"},
        "recipient": BOT,
        "conversation": {"id": place, "conversationType": kind, "tenantId": TENANT},
        "text": text,
        "textFormat": "plain",
        **more,
    }


def mention() -> list[dict[str, Any]]:
    """The entity of a mention of the assistant."""
    return [{"type": "mention", "mentioned": BOT, "text": "<at>CRLM</at>"}]


def pressed(url: str, activity: Mapping[str, Any], title: str, **more: Any) -> dict[str, Any]:
    """A button of a card, pressed."""
    (action,) = [action for action in actions(activity) if action["title"] == title]
    back = action["data"]["msteams"]
    assert back["type"] == "messageBack"
    return said(url, activity["place"], back["text"], value=back["value"], replyToId=activity["id"], **more)


def token(url: str, *, key: Any = KEY, algorithm: str = "RS256", kid: str = "k1", **claims: Any) -> str:
    """A token of the Bot Connector."""
    now = int(time.time())
    right = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": url, "nbf": now - 10, "exp": now + 3600}
    return jwt.encode({**right, **claims}, key, algorithm, headers={"kid": kid})


def deliver(url: str, activity: Mapping[str, Any] | bytes, bearer: str | None) -> httpx.Response:
    """Deliver as the Bot Connector does."""
    body = activity if isinstance(activity, bytes) else json.dumps(activity, ensure_ascii=False).encode()
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return httpx.post(f"{url}/webhooks/teams/webhook", content=body, headers=headers, timeout=10)
