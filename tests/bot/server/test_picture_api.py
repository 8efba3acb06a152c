"""Pictures over HTTP. They need no conversation, so the application runs without a model."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.server.app import create_app
from bot.server.model_file import NoModelError
from bot.server.settings import Settings
from bot.server.startup import Startup
from knowledge import pictures
from knowledge.loading import load_knowledge
from knowledge.models.facts import FACT_IDS
from tests.knowledge.pictures.reading import parse

KB = load_knowledge()
CASE = {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5}


def without_a_model(*_: Any) -> Any:
    raise NoModelError("none here")


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    app = create_app(Settings(credentials=Path("/nowhere")), startup=Startup(without_a_model))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def title_of(svg: bytes) -> str:
    return parse(svg)[0].text or ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_says_what_the_pictures_show(client: httpx.Client, lang: str) -> None:
    found = client.get("/api/pictures", params={"lang": lang}).json()
    assert [picture["name"] for picture in found] == list(pictures.NAMES)
    for picture in found:
        assert {"title", "alt", "citations", "therapies", "notes", "table"} < picture.keys()
        assert picture["table"]["rows"]
        for row in picture["table"]["rows"]:
            assert len(row["cells"]) == len(picture["table"]["columns"])
            assert set(row["citations"]) <= set(picture["citations"])
        svg = client.get(f"/api/pictures/{picture['name']}.svg", params={"lang": lang}).content
        assert title_of(svg) == picture["title"]
        assert f'width="{picture["width"]:g}"' in svg.decode()
    survival = found[0]
    assert (survival["citations"], survival["therapies"]) == ([22], ["stereotactic_rfa"])
    assert [note["id"] for note in survival["notes"]] == ["N4"]
    assert any("34.8%" in row["cells"] and row["place"] == "3.3/3" for row in survival["table"]["rows"])


def test_the_list_by_therapy(client: httpx.Client) -> None:
    names = [p["name"] for p in client.get("/api/pictures", params={"therapy": "y90_sirt", "lang": "en"}).json()]
    assert names == ["radioembolisation-dose", "pathway", "evidence"]
    assert len(client.get("/api/pictures?therapy=&lang=").json()) == len(pictures.NAMES)
    wrong = client.get("/api/pictures", params={"therapy": "surgery"})
    assert wrong.status_code == 422
    assert wrong.json()["error"]["problems"][0]["allowed"] == list(KB.therapies)


@pytest.mark.parametrize("name", pictures.NAMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_picture_in_both_formats(client: httpx.Client, name: str, lang: str) -> None:
    svg = client.get(f"/api/pictures/{name}.svg", params={"lang": lang})
    assert svg.status_code == 200
    assert svg.headers["content-type"] == "image/svg+xml"
    assert svg.headers["content-language"].startswith(lang)
    assert svg.headers["x-content-type-options"] == "nosniff"
    png = client.get(f"/api/pictures/{name}.png", params={"lang": lang})
    assert png.status_code == 200
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", png.content[16:20])[0] == 2 * round(pictures.draw(KB, name, "en").width)


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_a_picture_is_kept_until_the_knowledge_changes(client: httpx.Client, suffix: str) -> None:
    address = f"/api/pictures/srfa-survival.{suffix}"
    first = client.get(address)
    tag = first.headers["etag"]
    assert tag.startswith(f'"{KB.version}-')
    assert "no-cache" in first.headers["cache-control"]
    for known in (tag, f'"other", W/{tag}'):
        again = client.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(address, params={"lang": "en"}, headers={"If-None-Match": tag}).status_code == 200


def test_the_pathway_with_and_without_a_patient(client: httpx.Client) -> None:
    without = client.get("/api/pictures/pathway.svg", params={"lang": "en"})
    patient = client.post("/api/pictures/pathway.svg", params={"lang": "en"}, json=CASE)
    assert patient.status_code == 200
    assert title_of(patient.content) != title_of(without.content)
    description = parse(patient.content)[1].text or ""
    options = client.post("/api/options", json=CASE).json()["options"]
    assert all(KB.therapies[option["id"]].short.en in description for option in options)
    assert patient.headers["cache-control"] == "no-store", "a picture of a patient is kept by nobody"
    assert "etag" not in patient.headers
    drawn = client.post("/api/pictures/pathway.png", json=CASE)
    assert drawn.content.startswith(b"\x89PNG")
    assert drawn.headers["cache-control"] == "no-store"
    assert client.post("/api/pictures/pathway.svg", json={}).status_code == 200


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_wrong_requests_are_told_what_is_right(client: httpx.Client, suffix: str) -> None:
    unknown = client.get(f"/api/pictures/nothing.{suffix}")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["code"] == "not_found"
    assert unknown.json()["error"]["problems"][0]["allowed"] == list(pictures.NAMES)
    assert client.get("/api/pictures/<script>.svg").status_code == 404
    assert client.get("/api/pictures/pathway.gif").json()["error"]["code"] == "not_found"
    assert client.get(f"/api/pictures/evidence.{suffix}?lang=fr").status_code == 422
    assert client.post(f"/api/pictures/evidence.{suffix}", json=CASE).status_code == 405
    wrong = client.post(f"/api/pictures/pathway.{suffix}", json={"kras": "mutant"})
    assert wrong.status_code == 422
    assert wrong.json()["error"]["problems"][0]["allowed"] == list(FACT_IDS)
    broken = client.post(
        f"/api/pictures/pathway.{suffix}", content=b"\xff", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 400


def test_the_description_says_what_comes(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    for suffix, media_type in (("svg", "image/svg+xml"), ("png", "image/png")):
        by_name = paths[f"/api/pictures/{{name}}.{suffix}"]["get"]
        assert by_name["responses"]["200"]["content"].keys() == {media_type}
        assert {"304", "404", "422"} <= by_name["responses"].keys()
        (name,) = (p["schema"] for p in by_name["parameters"] if p["in"] == "path")
        assert name["enum"] == list(pictures.NAMES)
        pathway = paths[f"/api/pictures/pathway.{suffix}"]["post"]
        assert pathway["responses"]["200"]["content"].keys() == {media_type}
        assert {"400", "413", "422"} <= pathway["responses"].keys()


def test_matplotlib_is_loaded_by_the_first_png_and_by_nothing_else() -> None:
    program = (
        "import sys\n"
        "from fastapi.testclient import TestClient\n"
        "from tests.bot.server.test_picture_api import CASE, Path, Settings, Startup, create_app, without_a_model\n"
        "app = create_app(Settings(credentials=Path('/nowhere')), startup=Startup(without_a_model))\n"
        "with TestClient(app) as client:\n"
        "    for name in ('', '/pathway.svg', '/evidence.svg'):\n"
        "        assert client.get('/api/pictures' + name).status_code == 200\n"
        "    assert client.post('/api/pictures/pathway.svg', json=CASE).status_code == 200\n"
        "    print('matplotlib' in sys.modules)\n"
        "    client.get('/api/pictures/evidence.png')\n"
        "    print('matplotlib' in sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", "True"], done.stderr
