"""Keras on JAX: where it agrees with ours, to how many digits, and what it does otherwise."""

import inspect

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from course_code.descent import LinearModel, train
from course_code.losses import Huber, LogCosh, Quantile, SmoothL1, mae, mse

EXACT, SINGLE = 1e-12, 1e-6
RNG = np.random.default_rng(5)
Y = RNG.normal(size=(300, 2))
P = Y + RNG.standard_t(2, size=(300, 2))
FOUR, GUESS = np.array([[1.0, 2.0, 3.0, 100.0]]).T, np.array([[1.1, 2.2, 2.8, 3.0]]).T


# Of Keras's own reading of its variables.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


class OwnMean(keras.losses.Loss):
    """One number per element; the reduction alone averages."""

    def __init__(self, rho, **settings):
        super().__init__(**settings)
        self.rho = rho

    def call(self, y_true, y_pred):
        return self.rho(y_true - y_pred)


BUILT_IN = [
    (mse, keras.losses.MeanSquaredError),
    (mae, keras.losses.MeanAbsoluteError),
    *((Huber(d), lambda d=d, **k: keras.losses.Huber(delta=d, **k)) for d in (0.3, 1.0, 2.5)),
    (LogCosh(), keras.losses.LogCosh),
]
k = keras.ops
OWN = [
    (mse, k.square),
    (mae, k.abs),
    (Huber(0.7), lambda r: k.where(k.abs(r) <= 0.7, r**2 / 2, 0.7 * (k.abs(r) - 0.35))),
    (SmoothL1(0.7), lambda r: k.where(k.abs(r) < 0.7, r**2 / 1.4, k.abs(r) - 0.35)),
    (Quantile(0.9), lambda r: k.where(r > 0, 0.9 * r, k.where(r < 0, -0.1 * r, 0 * r))),
]
every_built_in = pytest.mark.parametrize(
    ("loss", "theirs"), BUILT_IN, ids=[repr(p[0]) for p in BUILT_IN]
)


@pytest.fixture(autouse=True)
def double_precision():
    kind, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(kind)
    keras.config.set_dtype_policy(policy)


def test_these_tests_run_on_jax():
    assert keras.backend.backend() == "jax"
    assert k.convert_to_tensor(1.0).dtype == "float64"


@every_built_in
def test_mean_and_its_gradient_to_single_precision(loss, theirs):
    value, slope = jax.jit(jax.value_and_grad(lambda q: theirs()(Y, q)))(P)
    assert loss(Y, P) == pytest.approx(float(value), rel=SINGLE)
    np.testing.assert_allclose(loss.gradient(Y, P), slope, rtol=SINGLE, atol=1e-12)


@every_built_in
def test_a_sum_is_divided_by_the_outputs(loss, theirs):
    value = theirs(reduction="sum")(Y, P)
    assert loss(Y, P, reduction="sum") / 2 == pytest.approx(float(value), rel=SINGLE)


@every_built_in
def test_none_is_a_mean_per_row(loss, theirs):
    rows = theirs(reduction="none")(Y, P)
    expected = loss(Y, P, reduction="none").mean(axis=1)
    np.testing.assert_allclose(rows, expected, rtol=SINGLE, atol=1e-12)


@pytest.mark.parametrize(("loss", "rho"), OWN, ids=[repr(p[0]) for p in OWN])
def test_a_loss_with_its_own_mean_agrees_to_twelve_digits(loss, rho):
    value, slope = jax.jit(jax.value_and_grad(lambda q: OwnMean(rho)(Y, q)))(P)
    assert loss(Y, P) == pytest.approx(float(value), rel=EXACT)
    np.testing.assert_allclose(loss.gradient(Y, P), slope, rtol=EXACT, atol=1e-16)
    total = OwnMean(rho, reduction="sum")(Y, P)
    assert loss(Y, P, reduction="sum") == pytest.approx(float(total), rel=EXACT)


def test_the_mean_over_the_last_axis_is_rounded_to_single_precision():
    built_in = float(keras.losses.MeanAbsoluteError()(FOUR, GUESS))
    errors = np.abs(FOUR - GUESS).astype(np.float32).astype(np.float64)
    assert built_in == errors.mean() != 24.375
    assert float(OwnMean(k.abs)(FOUR, GUESS)) == pytest.approx(24.375, rel=1e-15)


def test_a_line_is_one_row():
    line = keras.losses.MeanAbsoluteError(reduction="sum")(FOUR[:, 0], GUESS[:, 0])
    column = keras.losses.MeanAbsoluteError(reduction="sum")(FOUR, GUESS)
    assert float(line) == pytest.approx(24.375)
    assert float(column) == pytest.approx(97.5)


def test_what_weights_divide_by():
    w = np.array([1.0, 1.0, 1.0, 0.0])
    by_rows = keras.losses.MeanAbsoluteError()(FOUR, GUESS, sample_weight=w)
    by_weight = keras.losses.MeanAbsoluteError(reduction="mean_with_sample_weight")
    assert float(by_rows) == pytest.approx(0.5 / 4, rel=SINGLE)
    assert float(by_weight(FOUR, GUESS, sample_weight=w)) == pytest.approx(0.5 / 3, rel=SINGLE)
    assert mae(FOUR, GUESS, w) == pytest.approx(0.5 / 3)
    of_a_line = keras.losses.MeanAbsoluteError()(FOUR[:, 0], GUESS[:, 0], sample_weight=w)
    assert float(of_a_line) == pytest.approx(24.375 * 3 / 4)


def test_names_and_defaults():
    assert list(inspect.signature(keras.losses.mean_squared_error).parameters) == [
        "y_true",
        "y_pred",
    ]
    default = inspect.signature(keras.losses.MeanSquaredError).parameters["reduction"].default
    assert default == "sum_over_batch_size"
    assert inspect.signature(keras.losses.Huber).parameters["delta"].default == 1.0
    assert inspect.signature(keras.optimizers.SGD).parameters["learning_rate"].default == 0.01
    assert not any(hasattr(keras.losses, name) for name in ("SmoothL1", "Quantile", "Pinball"))


@pytest.mark.parametrize(
    ("loss", "at", "slope"),
    [
        (keras.losses.MeanAbsoluteError, 0.0, -1.0),
        (keras.losses.MeanSquaredError, 0.0, 0.0),
        (keras.losses.Huber, 0.0, 0.0),
        (keras.losses.Huber, 1.0, 1.0),
        (keras.losses.Huber, -1.0, -1.0),
    ],
    ids=["MAE", "MSE", "Huber", "Huber at delta", "Huber at minus delta"],
)
def test_slopes_at_special_places(loss, at, slope):
    theirs = jax.jit(jax.grad(lambda u: loss()(jnp.zeros((1, 1)), u.reshape(1, 1))))(at)
    assert float(theirs) == slope


@pytest.mark.parametrize(("r", "right"), [(1e-9, False), (1e-4, True), (0.5, True), (1e3, True)])
def test_log_cosh_cancels_near_zero_and_does_not_overflow(r, right):
    theirs = float(keras.losses.LogCosh()(np.zeros((1, 1)), np.full((1, 1), r)))
    assert (abs(theirs / LogCosh().rho(r) - 1) < SINGLE) == right


@pytest.mark.parametrize(
    ("shapes", "value"),
    [(((3,), (3, 1)), 0.0), (((3, 1), (3,)), 0.0), (((1, 3), (3, 1)), 4 / 3)],
    ids=["line, column", "column, line", "row, column"],
)
def test_a_line_is_aligned_with_a_column_and_a_row_is_not(shapes, value):
    y, p = (np.arange(3.0).reshape(shape) for shape in shapes)
    assert float(keras.losses.MeanSquaredError()(y, p)) == pytest.approx(value, rel=SINGLE)


@pytest.fixture(scope="module")
def points():
    x = RNG.uniform(size=(24, 1))
    return x, 1 + 2 * x + RNG.normal(scale=0.1, size=(24, 1))


def fitted(loss, points, epochs, batch, moment="on_epoch_begin"):
    """Dials noted at the moment of each epoch, the history, and the model."""
    layer = keras.layers.Dense(1, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(loss=loss, optimizer=keras.optimizers.SGD(0.1))
    dials = []
    note = keras.callbacks.LambdaCallback(
        **{moment: lambda *_: dials.append([v.item() for v in layer.get_weights()])}
    )
    past = model.fit(*points, batch, epochs, verbose=0, shuffle=False, callbacks=[note])
    return np.array(dials).T, np.array(past.history["loss"]), model


@pytest.mark.parametrize(("name", "rel"), [("own mean", EXACT), ("mse", SINGLE)])
def test_a_training_run_takes_the_same_path(points, name, rel):
    loss = OwnMean(k.square) if name == "own mean" else name  # made in float64, by the fixture
    ours = train(LinearModel(), mse, points[0][:, 0], points[1][:, 0], 0.1, 100)
    (w, b), losses, _ = fitted(loss, points, 101, 24)
    np.testing.assert_allclose(w, ours.w, rtol=rel, atol=1e-9 if rel == SINGLE else 1e-14)
    np.testing.assert_allclose(b, ours.b, rtol=rel, atol=1e-9 if rel == SINGLE else 1e-14)
    np.testing.assert_allclose(losses, ours.loss, rtol=rel)


def test_at_the_end_of_an_epoch_the_dials_are_a_step_ahead_of_the_printed_loss(points):
    ours = train(LinearModel(), mse, points[0][:, 0], points[1][:, 0], 0.1, 6)
    (w, _), losses, _ = fitted(OwnMean(k.square), points, 6, 24, moment="on_epoch_end")
    np.testing.assert_allclose(w, ours.w[1:], rtol=EXACT)
    np.testing.assert_allclose(losses, ours.loss[:-1], rtol=EXACT)


def test_the_printed_loss_is_a_running_mean_over_unequal_batches(points):
    x, y = points[0][:, 0], points[1][:, 0]
    _, printed, model = fitted("mse", points, 1, 10)
    w = b = total = 0.0
    for batch in (slice(0, 10), slice(10, 20), slice(20, 24)):
        r = y[batch] - (w * x[batch] + b)
        total += (r**2).sum()
        w, b = w + 0.2 * (r * x[batch]).mean(), b + 0.2 * r.mean()
    assert printed[0] == pytest.approx(total / 24, rel=SINGLE)
    end = mse(y, w * x + b)
    assert model.evaluate(*points, verbose=0) == pytest.approx(end, rel=SINGLE)
    assert abs(printed[0] - end) > 0.1
