"""Files of tensors that are damaged, or hold what is no number: one line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from actcli.errors import ActcliError
from actcli.networks.files.interface import check_finite
from tests.networks.files.tensor_files import SUFFIXES, TORCH, Tensors, refusal, store


@SUFFIXES
@pytest.mark.parametrize(("bad", "what"), [(np.nan, "NaN"), (-np.inf, "an infinity")])
def test_weights_that_are_no_numbers_are_named(
    tmp_path: Path, suffix: str, bad: float, what: str
) -> None:
    tensors = {name: array.copy() for name, array in TORCH.items()}
    tensors["2.weight"][4, 9] = bad
    message = refusal(store(tmp_path / f"m{suffix}", tensors))
    assert f"2.weight holds {what}, at (4, 9)" in message


def test_the_place_is_told_in_a_long_array_too() -> None:
    weights = np.zeros((3000, 2))
    weights[2500, 1] = np.inf
    with pytest.raises(ActcliError, match=r"w holds an infinity, at \(2500, 1\)"):
        check_finite("w", weights)


@SUFFIXES
def test_damage_is_one_line(tmp_path: Path, suffix: str) -> None:
    whole = store(tmp_path / f"m{suffix}", TORCH).read_bytes()
    cut = tmp_path / f"cut{suffix}"
    for size in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:size])
        refusal(cut)


def test_a_flipped_bit_is_seen(tmp_path: Path) -> None:
    raw = bytearray(store(tmp_path / "m.npz", TORCH).read_bytes())
    raw[200] ^= 1
    (tmp_path / "bad.npz").write_bytes(raw)
    refusal(tmp_path / "bad.npz")


def test_pickles_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", w=np.array([{}, print], object), allow_pickle=True)
    assert "pickled" in refusal(tmp_path / "m.npz")


@pytest.mark.parametrize("header", [b"", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x02\x00{\n"])
def test_a_member_that_is_no_array_is_refused(tmp_path: Path, header: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        archive.writestr("w.npy", header)
    refusal(tmp_path / "m.npz")


def test_a_member_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        member, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**6)}
    )
    with zipfile.ZipFile(tmp_path / "m.npz", "w") as archive:
        archive.writestr("w.npy", member.getvalue())
    refusal(tmp_path / "m.npz")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_one_bit_in_a_long_array_is_found(tmp_path: Path, place: float, packed: bool) -> None:
    path = tmp_path / "m.npz"
    arrays: Tensors = {
        f"W{n}": np.random.default_rng(n).standard_normal((200, 200)) for n in (1, 2)
    }
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    assert "no sound npz file" in refusal(path)
