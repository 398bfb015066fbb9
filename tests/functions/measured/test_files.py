"""Files of measured points: how they are read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from actcli.errors import ActcliError
from actcli.functions.measured.files import read_points

X, Y, DY = np.array([-1.0, 0.5, 2.0]), np.array([0.25, 0.125, -3.0]), np.array([1.0, 2.0, 0.1])

TEXTS = {
    "plain.txt": "-1 0.25\n0.5 0.125\n2 -3\n",
    "comma.csv": "-1,0.25\n0.5,0.125\n2,-3\n",
    "named.csv": "x,y\n-1,0.25\n0.5,0.125\n2,-3\n",
    "quoted.csv": '"y","x"\n0.25,-1\n0.125,0.5\n-3,2\n',
    "others.csv": "name,x,value,note\na,-1,0.25,b\na,0.5,0.125,b\na,2,-3,b\n",
    "tabs.tsv": "input\toutput\n-1\t0.25\n0.5\t0.125\n2\t-3\n",
    "semicolons.csv": "x;y\n-1;0.25\n0.5;0.125\n2;-3\n",
    "strange.csv": "a,b\n-1,0.25\n0.5,0.125\n2,-3\n",
    "bom.csv": "\ufeffx,y\n-1,0.25\n\n# a comment\n0.5,0.125 # another\n2,-3\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXTS[name], encoding="utf-8")
    points = read_points(str(path), None)
    assert (points.x.tolist(), points.y.tolist()) == (X.tolist(), Y.tolist())
    assert points.dy is None
    assert points.dtype == "float64"


@pytest.mark.parametrize("names", [("x", "y", "dy"), ("x", "value", "derivative"), ("a", "b", "c")])
def test_three_columns(tmp_path: Path, names: tuple[str, ...]) -> None:
    path = tmp_path / "k.csv"
    np.savetxt(path, np.stack([X, Y, DY], 1), delimiter=",", header=",".join(names), comments="")
    points = read_points(str(path), None)
    assert points.dy is not None
    assert points.dy.tolist() == DY.tolist()


def test_arrays(tmp_path: Path) -> None:
    narrow = [column.astype(np.float32) for column in (X, Y, DY)]
    np.save(tmp_path / "rows.npy", np.stack(narrow, 1))
    np.save(tmp_path / "columns.npy", np.stack([np.tile(one, 2) for one in narrow]))
    np.savez(tmp_path / "named.npz", y=narrow[1], x=narrow[0], dy=narrow[2])
    np.savez(tmp_path / "one.npz", np.stack(narrow, 1))
    records = np.zeros(3, [("x", "f4"), ("y", "f4"), ("dy", "f4")])
    for key, column in zip(["x", "y", "dy"], narrow, strict=True):
        records[key] = column
    np.save(tmp_path / "records.npy", records)
    for path in tmp_path.iterdir():
        points = read_points(str(path), None)
        assert points.dtype == "float32", path.name
        assert points.x[:3].tolist() == X.tolist()
        assert points.y[:3].tolist() == Y.tolist()
        assert points.dy is not None
        assert points.dy[:3].tolist() == narrow[2].astype(float).tolist()


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "k.parquet"
    parquet.write_table(arrow.table({"x": X.astype(np.float16), "y": Y.astype(np.float16)}), path)
    points = read_points(str(path), None)
    assert (points.dtype, points.x.tolist()) == ("float16", X.tolist())


def test_a_decimal_text_stands_for_a_number_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    path.write_text("0.1,0.2\n")
    points = read_points(str(path), "float32")
    assert points.x.tolist() == [float(np.float32(0.1))]
    assert points.y.tolist() == [float(np.float32(0.2))]


REFUSED = {
    "words.csv": ("x,y\n1,2\n3,much\n", "line 3: 'much' is not a number"),
    "words2.csv": ("1,2\n3,much\n", "line 2: 'much' is not a number"),
    "four.csv": ("a,b,c,d\n1,2,3,4\n", "needs columns x and y, and maybe dy; it has: 'a', 'b'"),
    "one.csv": ("x\n1\n", "needs columns x and y"),
    "ragged.csv": ("x,y\n1,2\n3\n", "line 3: 1 columns, the first has 2"),
    "empty.csv": ("", "holds no points"),
    "titles.csv": ("x,y\n", "holds no points"),
    "long.csv": ("1" * 70_000, "line 1 is longer than 65536 bytes"),
    "broken.npy": ("no array", "holds no plain arrays"),
    "broken.npz": ("no archive", "holds no plain arrays"),
    "underscores.csv": ("1_0,2\n3,4\n5,6_0\n", "is not a number"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path: Path, name: str) -> None:
    text, message = REFUSED[name]
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ActcliError) as caught:
        read_points(str(path), None)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ActcliError, match=r"cannot read .*: No such file"):
        read_points(str(tmp_path / "nosuch.csv"), None)
