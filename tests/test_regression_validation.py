"""Cross-validation, against scikit-learn's with the same folds."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, Ridge
from sklearn.model_selection import PredefinedSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_code.regression import CrossValidation, cross_validate, lasso, ridge

RNG = np.random.default_rng(4)
X = RNG.normal(size=(43, 4)) * [1, 10, 0.1, 5] + 3
Y = X[:, 0] - 0.2 * X[:, 1] + RNG.normal(size=43)
STRENGTHS = [2.0, 0.3, 0.01]


def folds_of(seed, n, folds):
    """The way rows are dealt, written out again."""
    return np.random.default_rng(seed).permutation(np.arange(n) % folds)


@pytest.mark.parametrize(
    ("method", "model"),
    [(lasso, lambda a: Lasso(a, tol=1e-12, max_iter=100_000)), (ridge, lambda a: Ridge(a))],
    ids=["lasso", "ridge"],
)
@pytest.mark.parametrize("folds", [5, 10])
def test_errors_agree_with_scikit_learn_on_the_same_folds(method, model, folds):
    found = cross_validate(method, X, Y, STRENGTHS, np.random.default_rng(1), folds)
    split = PredefinedSplit(folds_of(1, 43, folds))
    for k, strength in enumerate(STRENGTHS):
        pipeline = make_pipeline(StandardScaler(), model(strength))
        scores = cross_val_score(pipeline, X, Y, cv=split, scoring="neg_mean_squared_error")
        np.testing.assert_allclose(found.errors[:, k], -scores, rtol=1e-6)


def test_every_row_is_held_out_once():
    held = []

    class Mean:
        def predict(self, Z):
            held.append(len(Z))
            return np.zeros((len(Z), 2))

    cross_validate(lambda Z, y, s: Mean(), X, Y, [2, 1], np.random.default_rng(0), 10)
    assert sum(held) == 43
    assert set(held) == {4, 5}


def test_the_choices_of_a_table_of_errors():
    errors = np.array([[9.0, 5.0, 4.0, 6.0], [11.0, 7.0, 6.0, 8.0]])
    found = CrossValidation(np.array([8.0, 4.0, 2.0, 1.0]), errors)
    assert found.mean.tolist() == [10, 6, 5, 7]
    np.testing.assert_allclose(found.standard_error, 1.0)  # sd of (4, 6) is root 2, over root 2
    assert found.best == 2
    assert found.one_standard_error == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"strengths": [1.0, 2.0]}, "strengths: must be in decreasing order"),
        ({"strengths": [1.0, 1.0]}, "strengths: must be in decreasing order"),
        ({"folds": 44}, "folds: must be at most the number of rows, 43; got 44"),
        ({"folds": 1}, "folds: must be a whole number, at least 2; got 1"),
        ({"y": Y[:5]}, "y: must have 43 values; got 5"),
        ({"rng": 3}, "rng: must be a numpy.random.Generator"),
        ({"X": X[:, 0]}, "X: must be 2-dimensional"),
    ],
)
def test_bad_input_is_named(change, message):
    good = {
        "method": lasso,
        "X": X,
        "y": Y,
        "strengths": STRENGTHS,
        "rng": np.random.default_rng(0),
    }
    with pytest.raises(ValueError, match=message):
        cross_validate(**good | change)
