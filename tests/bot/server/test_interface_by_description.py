"""The HTTP interface against its own description, with requests that are made from it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings


@pytest.fixture(scope="module")
def api_schema(server: str) -> schemathesis.BaseSchema:
    """The description that a running server gives."""
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


# A PNG takes a second to draw, and its address takes what that of the SVG takes.
schema = schemathesis.pytest.from_fixture("api_schema").exclude(path_regex=r"\.png$")


@schema.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_interface_does_what_its_description_says(case: schemathesis.Case) -> None:
    """No failure, no answer that is not described, nothing accepted that should not be and the other way round."""
    case.call_and_validate(timeout=60)
