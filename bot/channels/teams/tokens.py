"""Whether a delivery is from the Bot Connector: its signed token, checked with the keys that Microsoft publishes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx
import jwt

from bot.channels import calling
from bot.channels.model import Json, RefusedError

ISSUER = "https://api.botframework.com"
_ALGORITHMS = ["RS256"]
"""What the keys are for. What a token says of itself is not asked."""

_LEEWAY = 300.0
_FRESH = 24 * 3600.0
_PATIENCE = 60.0
"""Seconds between two looks for a key that is not known; a forger could ask for one with every delivery."""


class Keys:
    """The keys that the Bot Connector signs with."""

    def __init__(self, openid_url: str) -> None:
        """`openid_url` names the document that leads to them."""
        self._url = openid_url
        self._keys: dict[str, tuple[Any, list[str]]] = {}
        self._fetched = float("-inf")
        self._fetching = asyncio.Lock()

    async def fetch(self) -> None:
        """Get them anew.

        Raises:
            TryLaterError, RejectedError: they cannot be had.
        """
        async with calling.client() as http:
            document = await calling.call(http, "GET", self._url)
            published = await calling.call(http, "GET", str(document["jwks_uri"]))
        self._fetched = time.monotonic()
        self._keys = {key["kid"]: (jwt.PyJWK(key).key, key.get("endorsements") or []) for key in published["keys"]}

    async def verified(self, authorization: str, audience: str, activity: Json) -> Mapping[str, Any]:
        """The claims of a delivery's token.

        Args:
            authorization: the header.
            audience: the id of our application.
            activity: what is delivered; the token must be for its channel and its address.

        Raises:
            RefusedError: it is not from the Bot Connector, not for us, or has ended.
        """
        scheme, _, token = authorization.partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise jwt.InvalidTokenError("no token")
            key, endorsements = await self._key(str(jwt.get_unverified_header(token).get("kid")))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=audience,
                issuer=ISSUER,
                leeway=_LEEWAY,
                options={"require": ["exp", "nbf", "iss", "aud"]},
            )
        except jwt.InvalidTokenError as error:
            raise RefusedError(401, f"token: {error}") from None
        if endorsements and activity.get("channelId") not in endorsements:
            raise RefusedError(401, "the key is not for this channel")
        if not claims.get("serviceurl") or claims["serviceurl"] != activity.get("serviceUrl"):
            raise RefusedError(401, "the token is for another address")
        return claims

    async def _key(self, kid: str) -> tuple[Any, list[str]]:
        async with self._fetching:
            age = time.monotonic() - self._fetched
            if age > _FRESH or (kid not in self._keys and age > _PATIENCE):
                await self.fetch()
        if kid not in self._keys:
            raise jwt.InvalidTokenError("signed with a key that is not known")
        return self._keys[kid]


async def app_token(http: httpx.AsyncClient, tenant: str, app: str, password: str) -> tuple[str, float]:
    """A token to write with, and the seconds it is good for.

    Raises:
        TryLaterError: Microsoft does not give one.
    """
    form = {
        "grant_type": "client_credentials",
        "client_id": app,
        "client_secret": password,
        "scope": f"{ISSUER}/.default",
    }
    answer = await calling.call(http, "POST", f"/{tenant}/oauth2/v2.0/token", data=form)
    return str(answer["access_token"]), float(answer["expires_in"])
