"""The catalogue as one self-contained page: pictures, facts, formulas, calls, and a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from actcli.charts.web.card import Card
from actcli.charts.web.thumbnail import thumbnail
from actcli.version import __version__

TEMPLATE = Path(__file__).with_name("catalogue.html")


def page(cards: Sequence[Card]) -> bytes:
    """The page; it asks for nothing from elsewhere."""
    families = dict.fromkeys(card.family for card in cards)
    parts = {
        "COUNT": str(len(cards)),
        "VERSION": __version__,
        "FAMILIES": "".join(f"<button>{escape(family)}</button>" for family in families),
        "CARDS": "\n".join(map(_card, cards)),
    }
    text = TEMPLATE.read_text("utf-8")
    for name, part in parts.items():
        text = text.replace(f"@{name}@", part)
    return text.encode()


def _card(card: Card) -> str:
    formulas = "".join(
        f"<dt>{escape(label)}</dt><dd><code>{escape(text)}</code></dd>"
        for label, text in card.formulas
    )
    facts = "".join(
        f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in card.facts
    )
    also = f'<p class="also">also {escape(", ".join(card.aliases))}</p>' if card.aliases else ""
    words = "".join(f"<button>{escape(word)}</button>" for word in card.words)
    return (
        f'<article id="{escape(card.name)}">'
        f'<header><h2><a href="#{escape(card.name)}">{escape(card.name)}</a></h2>'
        f'<span class="family">{escape(card.family)}</span></header>{also}'
        f"{thumbnail(card.chart)}"
        f"<p>{escape(card.summary)}.</p><dl>{formulas}{facts}</dl>"
        f'<p class="words">{words}</p>{_calls(card.calls)}'
        f'<p class="source">{escape(card.reference)}</p></article>'
    )


def _calls(calls: Iterable[tuple[str, Sequence[str]]]) -> str:
    rows = "".join(
        f"<dt>{escape(framework)}</dt>"
        f"<dd>{'<br>'.join(f'<code>{escape(call)}</code>' for call in codes)}</dd>"
        for framework, codes in calls
    )
    return f"<details><summary>In the frameworks</summary><dl>{rows}</dl></details>" if rows else ""
