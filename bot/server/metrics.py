"""Figures of the running server, for Prometheus. No label takes a value that a user could choose."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

OTHER = "other"
"""What stands for a value that is not in a list."""

CHANNELS = ("rest", "widget", "slack", "teams", "telegram", "wecom", "feishu", "dingtalk", "matrix", "generic")

_FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SLOW = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

TURN_SECONDS = Histogram(
    "crlm_turn_seconds",
    "Time from a message to the end of its turn; its count is that of the turns",
    ("channel", "language"),
    buckets=_SLOW,
    registry=REGISTRY,
)
TURNS_IN_PROGRESS = Gauge("crlm_turns_in_progress", "Turns that are being taken now", registry=REGISTRY)
DECLINES = Counter(
    "crlm_declines", "Turns that gave no answer, by reason", ("channel", "language", "reason"), registry=REGISTRY
)
FALLBACKS = Counter(
    "crlm_fallbacks", "Messages whose purpose was not recognised", ("channel", "language"), registry=REGISTRY
)
ERRORS = Counter(
    "crlm_errors",
    "Turns that failed and requests answered with 500: `stores` did not answer, or something in the `turn` or "
    "`request` went wrong",
    ("cause",),
    registry=REGISTRY,
)
RESPONSES = Counter("crlm_http_responses", "Answers over HTTP, by status", ("status",), registry=REGISTRY)
CONNECTIONS = Gauge("crlm_widget_connections", "Connections of the widget that are open now", registry=REGISTRY)
STORE_SECONDS = Histogram(
    "crlm_store_seconds",
    "Time for one call of a store, failing ones included",
    ("store", "call"),
    buckets=_FAST,
    registry=REGISTRY,
)
READY = Gauge("crlm_ready", "1 while conversations can be held, as /health/ready says", registry=REGISTRY)
MAILBOX_WAITING = Gauge(
    "crlm_mailbox_waiting",
    "Messages that wait for their answer (in) and calls that wait to be made (out), the same in all workers",
    ("platform", "box"),
    registry=REGISTRY,
)
MAILBOX_AGE = Gauge(
    "crlm_mailbox_oldest_seconds",
    "How long the oldest of them has waited",
    ("platform", "box"),
    registry=REGISTRY,
)


def channel_label(channel: str | None) -> str:
    """A channel as a label."""
    return channel if channel in CHANNELS else OTHER


@contextmanager
def store_call(store: str, call: str) -> Iterator[None]:
    """Measures a call of a store."""
    began = time.perf_counter()
    try:
        yield
    finally:
        STORE_SECONDS.labels(store, call).observe(time.perf_counter() - began)
