"""Matrix: the client-server interface, rooms without encryption."""

from __future__ import annotations

from bot.channels.matrix.platform import Matrix
from bot.channels.settings import MatrixSettings


def connect(settings: MatrixSettings) -> Matrix:
    """The connection that the settings describe."""
    return Matrix(settings)
