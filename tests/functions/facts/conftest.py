"""Every activation, for the tests of its facts."""

from __future__ import annotations

import pytest

from actcli.activations.registry import Named
from tests.functions.facts.known_facts import variants


@pytest.fixture(scope="module", params=variants(), ids=str)
def activation(request: pytest.FixtureRequest) -> Named:
    named: Named = request.param
    return named
