"""In which unit the numbers of a result are, and which ends its intervals contain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

UNITS: Mapping[str, str] = {
    "x": """x at low high window domain_window period places roots fixed_points hard at_derivative
        places_derivative Pair.range min max mean std bias sigma_b chrono_bias""",
    "f": """value value_low value_high value_left value_right limit intercept Range.low Range.high
        Gain.mean max_abs max_abs_bound Pair.rms""",
    "f/x": """slope derivative derivative_left derivative_right lipschitz max_slope eps
        max_abs_derivative max_abs_derivative_bound mean_derivative Enclosure.low Enclosure.high""",
    "f/x^2": "second_derivative",
    "x/f": "sigma_w forward_gain backward_gain torch_gain",
    "1/f": "standard_gain",
    "f^2": "second_moment variance",
    "f^2/x^2": "second_moment_derivative",
    "x^2": "q q0 q_error q_star gate_variance stream stream_error tamed",
    "y": "rms size got exact",
    "q": "enclosure levels",
    "1": """accuracy train_accuracy test_accuracy linear_limit saturated_share saturated zero_slope
        dead gates_saturated level ks ks_error probability probabilities unexplained
        c0 correlation correlation_error chi_1 chi_q factor alpha shift scale condition cost
        gradient gradient_error gradient_exact gradient_fresh gradient_fresh_error gradient_ratio
        path path_error path_independent path_alike""",
    "nat": "entropy log_probabilities",
    "logit": "logits temperature gap",
    "1/logit": "GapSaturation.eps jacobian",
    "loss": "loss test_loss Loss.value",
    "loss/logit": "Loss.gradient",
    "input": "u v",
    "output": """deviation bound fold_deviation fold_bound wrong_layout largest additivity
        homogeneity evenness outputs""",
    "weight": "weight matrix matrix_error Collapsed.bias LayerFacts.bias RunFacts.bias",
    "layer": "depth_scale_q depth_scale_c",
    "step": "back half_life",
    "epoch": "epochs epochs_to_95 diverged_in",
    "bit": "bits",
    "unit": "Summary.dead_units",
    "own": "params facts enclosures default examples above below least most Bounds.gap lr",
}
"""The unit -> the keys whose numbers are in it, or as `Type.key` those of one type."""

INTERVALS: Mapping[str, Literal["open", "closed", "attained"]] = {
    "Box": "open",
    "Enclosure": "closed",
    "Interval": "closed",
    "Quantile": "closed",
    "Range": "attained",
    "SaturatedRange": "open",
    "Steepest": "open",
    "Stretch": "attained",
    "Undecided": "closed",
    "ValueRange": "open",
    "Pair.range": "closed",
    "hard": "open",
    "window": "closed",
    "domain_window": "closed",
    "enclosure": "closed",
}
"""The type with `low` and `high`, or the key of a pair -> whether it contains its finite ends."""

ABOUT = (
    "`unit`: x is that of the input of f, f of its values, y of a measured column, q of f or, of "
    "order 1, f'; 1 is a ratio, own the thing's own. `interval` contains its finite ends where it "
    "is closed, none where it is open, and where it is attained those that it says."
)
"""What `unit` and `interval` say, for who reads a schema."""

_BY_KEY = {key: unit for unit, keys in UNITS.items() for key in keys.split()}


def unit(cls: type, key: str) -> str | None:
    """The unit of a key of a result of this type; None where it holds no measured number."""
    return _BY_KEY.get(f"{cls.__name__}.{key}", _BY_KEY.get(key))


def interval(cls: type, key: str) -> str | None:
    """What the pair at a key of a result of this type contains; None where it is none."""
    return INTERVALS.get(f"{cls.__name__}.{key}", INTERVALS.get(key))
