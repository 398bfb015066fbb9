"""Files that `collapse` does not read: what they are, and what makes one of them that it reads."""

from __future__ import annotations

import re
from pathlib import Path

from actcli.errors import UsageError, quoted
from actcli.networks.files.interface import FORMATS, is_weight_file

TORCH = (
    "a PyTorch file",
    'in PyTorch, torch.onnx.export(model.eval(), torch.zeros(1, 784), "model.onnx") makes one of '
    "a model whose input is 784 numbers",
)
KERAS = (
    "a Keras file",
    'in Keras, keras.saving.load_model(FILE).export("model.onnx", format="onnx") makes one of it',
)
PICKLE = (
    "a pickle, which may run any code when it is opened",
    'numpy.savez("model.npz", W1=W1, b1=b1, W2=W2, b2=b2) makes one of the arrays in it',
)
TENSORFLOW = (
    "a TensorFlow graph",
    "python -m tf2onnx.convert --graphdef FILE --inputs x:0 --outputs y:0 --output model.onnx "
    "makes one of it",
)
LITE = (
    "a TensorFlow Lite file",
    "python -m tf2onnx.convert --tflite FILE --output model.onnx makes one of it",
)
QUANTISED = (
    "a llama.cpp file, its weights quantised",
    "the .safetensors files that it was made from can be read",
)
ARRAY = ("a single array", 'numpy.savez("model.npz", W1=W1, W2=W2) makes one of several')
CORE = ("a Core ML file", "the model that it was made from can be exported to .onnx")

FOREIGN = {
    ".pt": TORCH,
    ".pth": TORCH,
    ".ckpt": TORCH,
    ".bin": TORCH,
    ".h5": KERAS,
    ".hdf5": KERAS,
    ".keras": KERAS,
    ".pkl": PICKLE,
    ".pickle": PICKLE,
    ".joblib": PICKLE,
    ".pb": TENSORFLOW,
    ".tflite": LITE,
    ".gguf": QUANTISED,
    ".npy": ARRAY,
    ".mlmodel": CORE,
    ".mlpackage": CORE,
}
"""By suffix: what it is, and how to come to a file that is read."""

READ = f"{', '.join(FORMATS[:-1])} and {FORMATS[-1]}"


_SIZES = re.compile(r"\d+(x\d+)*")
"""The input of a stack, which is no file even where a file is called so."""


def check_read(words: tuple[str, ...]) -> None:
    """Refuse a word that names a file of another format, or a folder, in place of a stack.

    Raises:
        UsageError: one does; the message says which formats are read and what makes one.
    """
    for word in words:
        if known := FOREIGN.get(Path(word).suffix.lower()):
            what, line = known
            _refuse(f"{_name(word)} is {what}", line.replace("FILE", repr(_name(word))))
    first = Path(words[0])
    if _SIZES.fullmatch(words[0]):
        return
    if first.is_dir():
        _refuse(f"{_name(words[0])} is a folder", _inside(first))
    if first.is_file():
        suffix = f"has the suffix {first.suffix}" if first.suffix else "has no suffix"
        _refuse(f"{_name(words[0])} {suffix}", "a file is known by its suffix")


def _name(path: str) -> str:
    return quoted(path, 200)[1:-1]


def _refuse(what: str, line: str) -> None:
    raise UsageError(f"{what}: collapse reads {READ}; {line}")


def _inside(folder: Path) -> str:
    """What to do about a folder: name a file in it, or export what it holds."""
    try:
        inside = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        inside = []
    read = [name for name in inside if is_weight_file(name)]
    if read:
        return f"name a file in it, such as {_name(str(folder / read[0]))}"
    if "saved_model.pb" in inside:
        return (
            f"python -m tf2onnx.convert --saved-model {_name(str(folder))} --output model.onnx "
            "makes one of it"
        )
    return "there is none in it"
