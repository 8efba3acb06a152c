"""Only the model that training wrote is loaded."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from bot.server.assistant import Assistant
from bot.server.model_file import NoModelError, digest, note_digest, verify
from bot.server.settings import Settings
from bot.train import train


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "some-model.tar.gz"
    file.write_bytes(b"what training wrote" * 100_000)
    return file


def test_training_leaves_the_hash_beside_the_model(trained_model: Path) -> None:
    assert train() == trained_model
    verify(trained_model, None)
    assert trained_model.with_name(trained_model.name + ".sha256").read_text().split() == [
        digest(trained_model),
        trained_model.name,
    ]


def test_another_model_in_its_place_is_not_loaded(model: Path) -> None:
    note_digest(model)
    verify(model, None)
    content = bytearray(model.read_bytes())
    content[1_000_000] ^= 1
    model.write_bytes(content)
    with pytest.raises(NoModelError, match=r"not the model that some-model.tar.gz.sha256 names"):
        verify(model, None)


@pytest.mark.parametrize("noted", [None, "", "no hash", "\udcff"])
def test_a_model_without_a_hash_is_not_loaded(model: Path, noted: str | None) -> None:
    if noted is not None:
        model.with_name(model.name + ".sha256").write_bytes(noted.encode("utf-8", "surrogateescape"))
    with pytest.raises(NoModelError, match="some-model"):
        verify(model, None)


def test_a_pinned_hash_counts_more_than_the_one_beside_the_model(model: Path) -> None:
    verify(model, digest(model))
    note_digest(model)
    with pytest.raises(NoModelError, match="MODEL_SHA256"):
        verify(model, "0" * 64)


def test_nothing_of_a_wrong_model_is_unpacked(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.server.agent.load_agent", lambda *_: pytest.fail("it is being loaded"))
    with pytest.raises(NoModelError, match="sha256"):
        Assistant.load(Settings(model_path=model))


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside-of-the-model", "inside/../../outside"])  # noqa: S108
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from tarsafe import TarSafeException

    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    with pytest.raises(TarSafeException):
        LocalModelStorage.from_model_archive(tmp_path / "storage", archive)
    assert not (tmp_path / "outside").exists()
