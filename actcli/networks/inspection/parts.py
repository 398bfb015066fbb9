"""Digests in JSON files, so that any engine may make parts and merge them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson

from actcli.atomic_file import replacing
from actcli.errors import ActcliError
from actcli.find import find
from actcli.networks.files.interface import check_there
from actcli.networks.inspection.digest import Digest
from actcli.networks.inspection.graph.places import Place, Unseen
from actcli.networks.inspection.summaries import buckets
from actcli.networks.inspection.summaries.summary import Summary, Units
from actcli.networks.inspection.watching import Lens
from actcli.version import __version__

SCHEMA = "actcli.inspect-part/1"


def write(path: Path, digest: Digest) -> None:
    """Write a digest, whole or not at all."""
    document = {
        "schema": SCHEMA,
        "version": __version__,
        "lens": digest.lens._asdict(),
        "places": [
            {
                **place._asdict(),
                "activation": str(place.activation),
                "summary": _plain(summary),
            }
            for place, summary in zip(digest.places, digest.summaries, strict=True)
        ],
        "unseen": [one._asdict() for one in digest.unseen],
    }
    with replacing(path) as file:
        file.write_bytes(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))


def read(path: Path) -> Digest:
    """The digest in a file.

    Raises:
        ActcliError: there is no such file, or it holds no digest.
    """
    check_there(path)
    try:
        document = orjson.loads(path.read_bytes())
        if document["schema"] != SCHEMA:
            raise ValueError(document["schema"])
        places = document["places"]
        return Digest(
            Lens(**document["lens"]),
            [Place(one["name"], find(one["activation"]), one.get("named")) for one in places],
            [_summary(one["summary"]) for one in places],
            [Unseen(**one) for one in document["unseen"]],
        )
    except (ValueError, KeyError, TypeError, IndexError):
        raise ActcliError(f"{path} is no part that --partial has written") from None


def _plain(summary: Summary) -> dict[str, Any]:
    """A summary in JSON: the full buckets alone; sums in hexadecimal, extremes as texts of doubles.

    A text keeps the infinities of what has seen no number.
    """
    full = np.flatnonzero(summary.counts)
    units = vars(summary.units)
    return {
        "buckets": full,
        "counts": summary.counts[full],
        **{key: getattr(summary, key) for key in ("nan", "infinite", "zeros", "rank")},
        "total": hex(summary.total),
        "squares": None if summary.squares is None else hex(summary.squares),
        "units": {
            key: list(map(float.hex, array.tolist())) if array.dtype == float else array
            for key, array in units.items()
        },
        "lost": summary.lost,
        "cells": summary.cells,
    }


def _summary(plain: dict[str, Any]) -> Summary:
    counts = np.zeros(buckets.COUNT, np.int64)
    counts[plain["buckets"]] = plain["counts"]
    units: dict[str, Any] = {
        key: np.array([float.fromhex(text) for text in array])
        if key in ("low", "high")
        else np.array(array, np.int64)
        for key, array in plain["units"].items()
    }
    squares = plain["squares"]
    return Summary(
        counts=counts,
        **{key: plain[key] for key in ("nan", "infinite", "zeros", "rank")},
        total=int(plain["total"], 16),
        squares=None if squares is None else int(squares, 16),
        units=Units(**units),
        lost=np.array(plain["lost"], np.int64),
        cells=np.array(plain["cells"], np.int64),
    )
