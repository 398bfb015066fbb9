"""The page of the catalogue: in itself, and in a real browser."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from actcli.activations.registry import catalogue
from actcli.cli.main import run as cli
from tests.conftest import Run
from tests.formats.pages.browser import CHROMIUM, DRIVER, Browser, browser

needs_chromium = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="there is no Chromium (packages chromium, chromium-driver)"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Once for all tests: to draw every function takes two seconds."""
    file = tmp_path_factory.mktemp("page") / "catalogue.html"
    assert cli(["list", "-o", str(file)]) == 0
    return file


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as found:
        found.open(page)
        yield found


def test_it_shows_all_of_every_function(page: Path) -> None:
    text = page.read_text("utf-8")
    cards = dict(re.findall(r'<article id="(\w+)">(.*?)</article>', text, re.DOTALL))
    assert list(cards) == list(catalogue())
    for card in cards.values():
        for part in (
            "<svg",
            'class="f" d="M',
            'class="slope" d="M',
            "<dt>f(x)</dt>",
            "<dt>range</dt>",
        ):
            assert part in card
        ET.fromstring(re.search(r"<svg.*?</svg>", card, re.DOTALL)[0])  # type: ignore[index]
    assert "sigmoid(x)*(1 - sigmoid(x))" in cards["sigmoid"]
    assert "torch.nn.GELU()" in cards["gelu"]
    assert "x &gt; 0" in cards["elu"]
    assert "@" not in re.sub(r"@media", "", text)


def test_it_asks_for_nothing_from_elsewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = re.findall(r"""(?:src|href|action|poster|data)="([^"]*)""", text)
    assert all(target.startswith("#") or target == "data:," for target in targets)
    assert not re.search(
        r"url\(|@import|fetch\(|XMLHttpRequest|<link(?! rel=\"icon\" href=\"data:,\")", text
    )


def test_only_what_is_chosen_is_on_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "gated.html"
    assert run("list", "--where", "family == gated", "-o", str(file)).exit_code == 0
    gated = [name for name, cls in catalogue().items() if cls.family() == "gated"]
    assert re.findall(r'<article id="(\w+)"', file.read_text("utf-8")) == gated


@needs_chromium
def test_a_browser_draws_it_without_a_request_or_an_error(window: Browser) -> None:
    assert window.run("return performance.getEntriesByType('resource').length") == 0
    assert window.run("return document.title") == "Activation functions"
    assert window.run("return document.querySelectorAll('article:not([hidden])').length") == len(
        catalogue()
    )
    drawn = window.run(
        "const curves = [...document.querySelectorAll('path.f')];"
        "return curves.filter(curve => curve.getTotalLength() > 20).length"
    )
    assert drawn >= len(catalogue())


@needs_chromium
def test_the_search_finds(window: Browser, page: Path) -> None:
    def found(text: str) -> list[str]:
        names: list[str] = window.run(
            "const box = document.getElementById('search');"
            f"box.value = {text!r}; box.dispatchEvent(new Event('input'));"
            "return [...document.querySelectorAll('article:not([hidden])')].map(c => c.id)"
        )
        return names

    assert "silu" in found("swish")
    assert found("torch.nn.GELU(approximate") == ["gelu_tanh"]
    assert {"tanh", "sin"} <= {*found('"bounded" "odd"')}
    assert "gelu" not in found('"bounded" "odd"')
    assert found("family:linear") == ["identity", "step", "sign", "abs", "square", "cube"]
    assert found("nothing like this") == []
    assert window.run("return document.getElementById('none').hidden") is False
    assert len(found("")) == len(catalogue())
    clicked = window.run(
        "document.querySelector('.families button').click();"
        "return ['search', 'count'].map(id => document.getElementById(id)).map(part =>"
        " part.value || part.textContent)"
    )
    assert clicked == ["family:linear", f"6 of {len(catalogue())}"]
    window.open(page, "?q=mish%20family:gated")
    assert "mish" in window.run("return document.querySelector('article:not([hidden])').id")
    window.open(page)


@needs_chromium
@pytest.mark.parametrize("width", [360, 768, 1400])
def test_nothing_is_wider_than_the_window(window: Browser, width: int) -> None:
    window.show(width, 900)
    assert window.run("return document.documentElement.scrollWidth") <= width
    wide = window.run(
        "document.querySelectorAll('details').forEach(d => d.open = true);"
        "const right = part => part.getBoundingClientRect().right;"
        "const parts = [...document.querySelectorAll('article *:not(svg *)')];"
        "return parts.filter(part => right(part) > right(part.closest('article')))"
        ".map(part => part.closest('article').id + ' ' + part.tagName)"
    )
    assert wide == []


@needs_chromium
def test_it_is_light_or_dark_as_the_reader_has_it(window: Browser) -> None:
    import matplotlib.image

    grounds = []
    for scheme in ("light", "dark"):
        window.show(900, 700, scheme)
        picture = matplotlib.image.imread(io.BytesIO(window.screenshot()), format="png")[..., :3]
        grounds.append(float(picture[-5, 5].mean()))
        assert (
            len({*map(tuple, (picture[::3, ::3] * 255).astype(int).reshape(-1, 3).tolist())}) > 20
        )
    assert grounds[0] > 0.9
    assert grounds[1] < 0.1
