"""The settings of the platforms: environment variables, all of a platform's or none."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError


def _url(value: str) -> str:
    parts = urlsplit(value)
    loopback = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise ValueError("an address that begins with https:// is expected (http:// only on this machine)")
    if not parts.hostname:
        raise ValueError("the address names no host")
    return value.rstrip("/")


def _whsec(value: str) -> str:
    try:
        key = base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not value.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("whsec_ and 24 to 64 random bytes in base64 are expected")
    return value


def _aes_key(value: str) -> str:
    try:
        length = len(base64.b64decode(f"{value}=", validate=True))
    except binascii.Error:
        length = 0
    if len(value) != 43 or length != 32:
        raise ValueError("the 43 characters that the platform shows are expected")
    return value


Url = Annotated[str, AfterValidator(_url)]
Text = Annotated[str, Field(min_length=1)]
Secret = Annotated[str, Field(min_length=1, repr=False)]


class PlatformSettings(BaseModel):
    """The variables of one platform: the prefix and the name of a field make the name of a variable."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    prefix: ClassVar[str]
    label: ClassVar[str]


class GenericSettings(PlatformSettings):
    """Any system that speaks Standard Webhooks in both directions.

    Attributes:
        secret: signs what comes and what goes.
        answer_url: where the answers are posted.
    """

    prefix = "WEBHOOK"
    label = "The signed webhook"
    secret: Annotated[Secret, AfterValidator(_whsec)]
    answer_url: Url


class SlackSettings(PlatformSettings):
    """A Slack app.

    Attributes:
        bot_token: of the app in the workspace.
        signing_secret: signs what Slack delivers.
        api_url: of the Web API.
    """

    prefix = "SLACK"
    label = "Slack"
    bot_token: Annotated[Secret, Field(pattern=r"^xoxb-")]
    signing_secret: Secret
    api_url: Url = "https://slack.com/api"


class TelegramSettings(PlatformSettings):
    """A Telegram bot.

    Attributes:
        bot_token: from BotFather.
        webhook_secret: the `secret_token` that setWebhook was called with.
        api_url: of the Bot API, which may be a server of one's own.
    """

    prefix = "TELEGRAM"
    label = "Telegram"
    bot_token: Annotated[Secret, Field(pattern=r"^[0-9]+:[A-Za-z0-9_-]+$")]
    webhook_secret: Annotated[Secret, Field(pattern=r"^[A-Za-z0-9_-]+$", min_length=16, max_length=256)]
    api_url: Url = "https://api.telegram.org"


class MatrixSettings(PlatformSettings):
    """An account on a Matrix homeserver.

    Attributes:
        homeserver: its address.
        access_token: of the account.
        invited_by: whose invitations are followed: servers, separated by commas, or * for everybody; by default only
            people of the account's own server.
    """

    prefix = "MATRIX"
    label = "Matrix"
    homeserver: Url
    access_token: Secret
    invited_by: Text | None = None


class WeComSettings(PlatformSettings):
    """A self-built application of WeCom (企业微信).

    Attributes:
        corp_id: of the organisation.
        agent_id: of the application.
        secret: of the application.
        token, encoding_aes_key: from the application's page on receiving messages.
        api_url: of the interface, which may be an installation of one's own.
    """

    prefix = "WECOM"
    label = "WeCom"
    corp_id: Text
    agent_id: Annotated[int, Field(ge=1)]
    secret: Secret
    token: Secret
    encoding_aes_key: Annotated[Secret, AfterValidator(_aes_key)]
    api_url: Url = "https://qyapi.weixin.qq.com"


class FeishuSettings(PlatformSettings):
    """A self-built application of Feishu (飞书) or Lark.

    Attributes:
        app_id, app_secret: of the application.
        encrypt_key, verification_token: from its page on events and callbacks.
        api_url: of the interface; https://open.larksuite.com for Lark.
    """

    prefix = "FEISHU"
    label = "Feishu"
    app_id: Text
    app_secret: Secret
    encrypt_key: Secret
    verification_token: Secret
    api_url: Url = "https://open.feishu.cn"


class DingTalkSettings(PlatformSettings):
    """An internal application of DingTalk (钉钉) with a robot in Stream mode.

    Attributes:
        client_id, client_secret: of the application (AppKey and AppSecret).
        robot_code: of its robot; by default the client id, as it is with internal applications.
        api_url, media_url: of the interface, and of the older one, which takes files.
    """

    prefix = "DINGTALK"
    label = "DingTalk"
    client_id: Text
    client_secret: Secret
    robot_code: Text | None = None
    api_url: Url = "https://api.dingtalk.com"
    media_url: Url = "https://oapi.dingtalk.com"


class TeamsSettings(PlatformSettings):
    """A bot of Microsoft Teams.

    Attributes:
        app_id, app_password: of the application that the bot is registered with.
        tenant_id: of the organisation, for a bot of one organisation.
        login_url, openid_url: where tokens come from, and what those of deliveries are checked with.
    """

    prefix = "TEAMS"
    label = "Microsoft Teams"
    app_id: Text
    app_password: Secret
    tenant_id: Text = "botframework.com"
    login_url: Url = "https://login.microsoftonline.com"
    openid_url: Url = "https://login.botframework.com/v1/.well-known/openidconfiguration"


PLATFORMS: dict[str, type[PlatformSettings]] = {
    "generic": GenericSettings,
    "slack": SlackSettings,
    "telegram": TelegramSettings,
    "matrix": MatrixSettings,
    "wecom": WeComSettings,
    "feishu": FeishuSettings,
    "dingtalk": DingTalkSettings,
    "teams": TeamsSettings,
}
"""Names of platforms, as they stand in their addresses, with their settings."""


class ChannelSettings(BaseModel):
    """The platforms that are configured.

    Attributes:
        platforms: their settings by name.
    """

    model_config = ConfigDict(frozen=True)
    platforms: dict[str, PlatformSettings] = {}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> ChannelSettings:
        """The platforms that the environment configures.

        Raises:
            ValueError: a variable is missing or wrong; the message has a line for each platform concerned.
        """
        found, complaints = {}, []
        for name, kind in PLATFORMS.items():
            variables = {field: f"{kind.prefix}_{field.upper()}" for field in kind.model_fields}
            given = {field: environ[variable] for field, variable in variables.items() if environ.get(variable)}
            if not given:
                continue
            try:
                found[name] = kind.model_validate(given)
            except ValidationError as error:
                complaints.append(_complaint(kind, error))
        if complaints:
            raise ValueError("\n".join(complaints))
        return cls(platforms=found)


def needed(kind: type[PlatformSettings]) -> list[str]:
    """The variables that a platform cannot do without."""
    return [f"{kind.prefix}_{name.upper()}" for name, field in kind.model_fields.items() if field.is_required()]


def _complaint(kind: type[PlatformSettings], error: ValidationError) -> str:
    """What is wrong with the variables of a platform. What they hold may be secret and is not repeated."""
    details = json.loads(error.json(include_url=False, include_input=False))
    names = [f"{kind.prefix}_{str(detail['loc'][0]).upper()}" for detail in details]
    missing = [name for name, detail in zip(names, details, strict=True) if detail["type"] == "missing"]
    lines = [
        f"{name}: {detail['msg'].removeprefix('Value error, ')}"
        for name, detail in zip(names, details, strict=True)
        if detail["type"] != "missing"
    ]
    if missing:
        lines.append(f"{', '.join(missing)} not set: {kind.label} needs {', '.join(needed(kind))}")
    return "\n".join(lines)
