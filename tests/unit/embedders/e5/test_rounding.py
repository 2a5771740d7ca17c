import numpy as np

from soso.embedders.e5.rounding import LARGEST, round_weights


def test_weights_come_back_within_half_a_step() -> None:
    weights = np.random.default_rng(1).normal(0, 0.3, (5, 40)).astype(np.float32)
    rounded = round_weights(weights)
    assert rounded.numbers.shape == (40, 5)
    assert rounded.numbers.dtype == np.int8
    assert np.abs(rounded.numbers).max() == LARGEST
    back = (rounded.numbers * rounded.scales).T
    assert (np.abs(back - weights) <= rounded.scales[:, None] * 0.501).all()


def test_two_products_of_a_byte_and_a_weight_fit_into_16_bits() -> None:
    assert np.iinfo(np.int16).max >= 2 * 255 * LARGEST


def test_an_output_of_zeros_stays_zero() -> None:
    rounded = round_weights(np.zeros((2, 8), np.float32))
    assert not rounded.numbers.any()
    assert np.isfinite(rounded.scales).all()


def test_sums_are_what_inputs_of_one_give() -> None:
    weights = np.arange(12, dtype=np.float32).reshape(3, 4)
    rounded = round_weights(weights)
    assert np.allclose(rounded.sums, np.ones(4) @ (rounded.numbers * rounded.scales))
