"""Guesses of uncertain pictures: each is the best one under its own loss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from course_code import blur
from course_code.losses import mae, mse

DICE = np.array([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]) / 36


def game(width):
    picture = np.zeros((20, 35))
    picture[4:17, 5 : 5 + width] = 1
    return blur.shifted(picture, range(1, 12))


GAMES = {"door": game(12), "post": game(3)}
RANDOM = np.random.default_rng(0).random((5, 3, 4))
P = np.array([0.1, 0.3, 0.2, 0.15, 0.25])


def test_shifted_moves_to_the_right_and_around():
    np.testing.assert_array_equal(
        blur.shifted([[1.0, 2, 3]], [0, 1, 4]), [[[1, 2, 3]], [[3, 1, 2]], [[3, 1, 2]]]
    )


@given(st.integers(0, 2**32 - 1))
def test_no_guess_beats_the_mean_in_squares_nor_the_median_in_absolute_values(seed):
    other = np.random.default_rng(seed).uniform(-0.5, 1.5, (3, 4))
    for guess, loss in [
        (blur.pixel_mean(RANDOM, P), mse),
        (blur.pixel_median(RANDOM, P), mae),
    ]:
        best = blur.expected_loss(guess, RANDOM, P, loss)
        assert best <= blur.expected_loss(other, RANDOM, P, loss)
        near = guess + 0.01 * (other - guess)
        assert best <= blur.expected_loss(near, RANDOM, P, loss) + 1e-15


def test_the_expected_loss_is_the_weighted_mean_and_weights_need_not_add_up():
    guess = RANDOM[0]
    by_hand = sum(p * np.mean((picture - guess) ** 2) for p, picture in zip(P, RANDOM, strict=True))
    assert blur.expected_loss(guess, RANDOM, P, mse) == pytest.approx(by_hand)
    assert blur.expected_loss(guess, RANDOM, 40 * P, mse) == pytest.approx(by_hand)


def test_the_median_door_is_the_middle_one_and_the_median_post_is_black():
    np.testing.assert_array_equal(blur.pixel_median(GAMES["door"], DICE), GAMES["door"][5])
    assert not blur.pixel_median(GAMES["post"], DICE).any()
    # Two dice: white above one half only where the post would have to be wider.
    assert blur.pixel_mean(GAMES["post"], DICE).max() == pytest.approx((5 + 6 + 5) / 36)


def test_sharpness_is_the_largest_step_along_a_row():
    assert blur.sharpness([[0, 0.25, 1], [0, 0, 0]]) == 0.75
    assert blur.sharpness(blur.pixel_mean(GAMES["door"], DICE)) == pytest.approx(6 / 36)


def test_amplitudes_keep_the_mean_square_and_forget_the_place():
    for truth in GAMES["post"]:
        np.testing.assert_allclose(
            blur.amplitudes(truth), blur.amplitudes(GAMES["post"][0]), atol=1e-12
        )
        assert np.mean(blur.amplitudes(truth) ** 2) == pytest.approx(np.mean(truth**2))


@pytest.mark.parametrize("name", GAMES)
def test_the_nearest_picture_with_the_amplitudes_is_the_truth_in_the_middle(name):
    truths = GAMES[name]
    nearest = blur.with_amplitudes(blur.pixel_mean(truths, DICE), blur.amplitudes(truths[0]))
    np.testing.assert_allclose(nearest, truths[5], atol=1e-10)


@given(st.integers(0, 2**32 - 1))
def test_no_other_picture_with_the_amplitudes_is_nearer(seed):
    rng = np.random.default_rng(seed)
    target, spectrum = rng.random((4, 5)), blur.amplitudes(rng.random((4, 5)))
    nearest = blur.with_amplitudes(target, spectrum)
    np.testing.assert_allclose(blur.amplitudes(nearest), spectrum, atol=1e-12)
    other = blur.with_amplitudes(rng.normal(size=(4, 5)), spectrum)
    assert np.sum((nearest - target) ** 2) <= np.sum((other - target) ** 2) + 1e-12


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_linear_autoencoder_is_principal_components(k):
    truths = GAMES["post"]
    flat = truths.reshape(11, -1)
    whole = PCA(k).fit(flat)
    expected = whole.inverse_transform(whole.transform(flat))
    np.testing.assert_allclose(
        blur.code_and_back(truths, np.ones(11), k).reshape(11, -1), expected, atol=1e-8
    )


def test_without_a_code_comes_the_mean_and_with_a_long_one_the_picture():
    truths = GAMES["door"]
    nothing = blur.code_and_back(truths, DICE, 0)
    np.testing.assert_allclose(
        nothing, np.broadcast_to(blur.pixel_mean(truths, DICE), nothing.shape)
    )
    np.testing.assert_allclose(blur.code_and_back(truths, DICE, 10), truths, atol=1e-10)


def test_a_longer_code_never_loses_more_and_weights_are_used():
    truths = GAMES["post"]
    for p in (DICE, np.ones(11) / 11):
        lost = [
            p @ np.mean((blur.code_and_back(truths, p, k) - truths) ** 2, axis=(1, 2))
            for k in range(11)
        ]
        assert (np.diff(lost) < 0).all()
    by_dice, evenly = (blur.code_and_back(truths, p, 2) for p in (DICE, np.ones(11)))
    errors = [DICE @ np.mean((back - truths) ** 2, axis=(1, 2)) for back in (by_dice, evenly)]
    assert errors[0] < errors[1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: blur.pixel_mean(RANDOM[0], P), "pictures: must be 3-dimensional"),
        (lambda: blur.pixel_mean(RANDOM, P[:4]), "p: must have shape"),
        (lambda: blur.pixel_median(RANDOM, -P), "p: must not be negative"),
        (lambda: blur.expected_loss(RANDOM[0, :2], RANDOM, P, mse), "guess: must have shape"),
        (lambda: blur.shifted([[1.0]], [-1]), "shifts: must be a whole number"),
        (lambda: blur.with_amplitudes(RANDOM[0], RANDOM[0, :2]), "spectrum: must have shape"),
        (lambda: blur.code_and_back(RANDOM, P, -1), "k: must be a whole number"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
