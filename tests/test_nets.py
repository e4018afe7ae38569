"""Small networks: gradients against PyTorch and differences, training against its own rules."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_code.losses import Huber, LogCosh, Quantile, SquaredError, mae, mse
from course_code.nets import Network, Run, adam, sgd, train
from tests.naming import label

LOSSES = [mse, mae, Huber(0.4), Quantile(0.8), LogCosh()]
TORCH = {
    mse: torch.nn.MSELoss(),
    mae: torch.nn.L1Loss(),
    Huber(0.4): torch.nn.HuberLoss(delta=0.4),
}
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(9, 3))
VALUES = RNG.normal(size=9)


def torch_network(network, theta):
    """The same network as a torch module in float64."""
    below = torch.nn.Linear(network.inputs, network.hidden, dtype=torch.float64)
    above = torch.nn.Linear(network.hidden, 1, dtype=torch.float64)
    h, first = network.hidden, network.inputs * network.hidden
    with torch.no_grad():
        below.weight[:] = torch.tensor(theta[:first].reshape(network.inputs, h).T)
        below.bias[:] = torch.tensor(theta[first : first + h])
        above.weight[0] = torch.tensor(theta[first + h : -1])
        above.bias[:] = torch.tensor(theta[-1:])
    return below, above, torch.nn.Sequential(below, torch.nn.Tanh(), above)


def flat(below, above, of):
    parts = [of(below.weight).T, of(below.bias), of(above.weight), of(above.bias)]
    return torch.cat([part.reshape(-1) for part in parts]).numpy()


@pytest.mark.parametrize("loss", TORCH, ids=label)
@pytest.mark.parametrize(("inputs", "hidden"), [(1, 10), (3, 4)])
def test_the_gradient_is_that_of_autograd(loss, inputs, hidden):
    network = Network(inputs, hidden)
    theta = network.start(np.random.default_rng(1), runs=1)[0]
    x = POINTS[:, :inputs]
    below, above, module = torch_network(network, theta)
    output = module(torch.tensor(x))[:, 0]
    np.testing.assert_allclose(network.predict(theta, x), output.detach().numpy(), rtol=1e-12)
    TORCH[loss](output, torch.tensor(VALUES)).backward()
    expected = flat(below, above, lambda parameter: parameter.grad)
    np.testing.assert_allclose(network.gradient(theta, x, VALUES, loss), expected, atol=1e-14)


@pytest.mark.parametrize("loss", LOSSES, ids=label)
def test_the_gradient_is_the_slope_of_the_mean_loss(loss):
    network = Network(3, 4)
    theta = network.start(np.random.default_rng(2), runs=1)[0]
    for k, slope in enumerate(network.gradient(theta, POINTS, VALUES, loss)):
        nudge = np.zeros(network.size)
        nudge[k] = 1e-6
        ahead, behind = (loss(VALUES, network.predict(theta + s * nudge, POINTS)) for s in (1, -1))
        assert slope == pytest.approx((ahead - behind) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("inputs", [1, 2])
def test_runs_side_by_side_are_runs_one_by_one(inputs):
    network, rng = Network(inputs, 5), np.random.default_rng(3)
    theta, x = network.start(rng, runs=4), rng.normal(size=(4, 12, inputs))
    y = rng.normal(size=(4, 12))
    rates = np.array([[0.01], [0.1]])
    shape = network.predict(np.broadcast_to(theta, (2, 4, network.size)), x).shape
    assert shape == (2, 4, 12)
    whole = {"steps": 7, "batch": 12, "rng": 0}
    together = train(network, theta, Huber(0.5), x, y, rate=rates, **whole).final
    for k, rate in enumerate(rates[:, 0]):
        for run in range(4):
            alone = train(network, theta[run], Huber(0.5), x[run], y[run], rate=rate, **whole).final
            np.testing.assert_allclose(together[k, run], alone, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("rule", "optimiser"),
    [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)],
    ids=["sgd", "adam"],
)
def test_training_follows_the_optimiser_of_torch(rule, optimiser):
    network = Network(2, 4)
    theta = network.start(np.random.default_rng(4), runs=1)[0]
    below, above, module = torch_network(network, theta)
    steps = optimiser(module.parameters(), lr=0.05)
    for _ in range(25):
        steps.zero_grad()
        TORCH[mse](module(torch.tensor(POINTS[:, :2]))[:, 0], torch.tensor(VALUES)).backward()
        steps.step()
    run = train(
        network, theta, mse, POINTS[:, :2], VALUES, rate=0.05, steps=25, batch=9, rng=0, rule=rule
    )
    expected = flat(below, above, lambda parameter: parameter.detach())
    np.testing.assert_allclose(run.final, expected, rtol=1e-9, atol=1e-11)


def test_a_pass_deals_every_point_once_and_losses_see_the_same_minibatches():
    class Recorder:
        def __init__(self):
            self.seen = []

        def psi(self, r):
            self.seen.append(r.copy())
            return np.zeros_like(r)

    network, y = Network(1, 1), np.arange(10.0)
    first, second = Recorder(), Recorder()
    for recorder in (first, second):
        how = {"rate": 1.0, "steps": 4, "batch": 5, "rng": 3}
        train(network, np.zeros(4), recorder, np.zeros((10, 1)), y, **how)
    np.testing.assert_array_equal(first.seen, second.seen)
    for half in (0, 2):
        assert sorted(np.concatenate(first.seen[half : half + 2])) == list(y)
    assert list(first.seen[0]) != list(first.seen[2])


def test_the_kept_steps_are_the_start_each_tenth_and_the_end():
    network, start = Network(1, 2), np.full(7, 0.1)
    how = {"rate": 0.1, "steps": 25, "batch": 9, "rng": 0}
    run = train(network, start, mse, POINTS[:, :1], VALUES, every=10, **how)
    assert list(run.at) == [0, 10, 20, 25]
    np.testing.assert_array_equal(run.theta[0], start)
    np.testing.assert_array_equal(start, np.full(7, 0.1))
    again = train(network, start, mse, POINTS[:, :1], VALUES, every=25, **how)
    np.testing.assert_array_equal(run.final, again.final)


def test_a_run_that_diverges_stays_and_leaves_the_others_alone():
    network = Network(1, 3)
    theta = network.start(np.random.default_rng(5), runs=1)[0]
    how = {"steps": 300, "batch": 9, "rng": 0, "rule": "sgd"}
    rates = np.array([0.05, 50.0])
    run = train(network, theta, mse, POINTS[:, :1], VALUES, rate=rates, **how)
    alone = train(network, theta, mse, POINTS[:, :1], VALUES, rate=0.05, **how)
    np.testing.assert_allclose(run.final[0], alone.final)
    assert np.isfinite(run.final).all()
    error = VALUES - network.predict(run.final, POINTS[:, :1])
    assert np.mean(error[1] ** 2) > 1e6 > 1 > np.mean(error[0] ** 2)


def test_training_lowers_the_loss_it_is_given():
    network = Network(1, 10)
    x = np.linspace(-3, 3, 60)[:, None]
    y = np.sin(2 * x[:, 0])
    theta = network.start(np.random.default_rng(6), runs=3)
    for loss in (mse, mae, Huber(0.4)):
        run = train(network, theta, loss, x, y, rate=0.02, steps=600, batch=20, rng=0)
        before, after = (loss.rho(y - network.predict(t, x)).mean(-1) for t in run.theta[[0, -1]])
        assert (after < before / 5).all()


def test_adam_does_not_see_the_scale_of_the_gradient_and_sgd_does():
    gradients = np.random.default_rng(7).normal(size=(5, 3))
    plain, scaled, alike, same = adam(eps=1e-15), adam(eps=1e-15), sgd(), sgd()
    for g in gradients:
        np.testing.assert_allclose(plain(g), scaled(1000 * g), rtol=1e-6)
        np.testing.assert_allclose(1000 * alike(g), same(1000 * g))
    np.testing.assert_allclose(np.abs(adam(eps=1e-15)(gradients[0])), 1)  # the first step


def test_the_start_keeps_within_the_bounds_of_each_layer():
    network = Network(4, 25)
    theta = network.start(np.random.default_rng(8), runs=200)
    below, above = np.abs(theta[:, :125]), np.abs(theta[:, 125:])
    assert 0.49 < below.max() <= 0.5
    assert 0.19 < above.max() <= 0.2
    assert network.size == theta.shape[1] == 151


@given(st.lists(st.floats(0, 10), min_size=4, max_size=4), st.floats(0, 10))
def test_first_below_is_the_first_kept_step_at_the_target(values, target):
    run = Run(np.array([0, 5, 10, 12]), np.zeros((4, 1)))
    first = next((at for at, v in zip(run.at, values, strict=True) if v <= target), np.inf)
    assert run.first_below(np.array(values), target) == first


BAD = {
    "no unit": (lambda: Network(1, 0), "hidden: must be a whole number"),
    "theta": (lambda: Network(1, 2).predict(np.zeros(6), [[1.0]]), "theta: must have 7 numbers"),
    "flat x": (lambda: Network(1, 2).predict(np.zeros(7), [1.0]), "x: must have shape"),
    "nan": (lambda: Network(1, 2).predict(np.zeros(7), [[np.nan]]), "x: must hold finite"),
    "y": (
        lambda: Network(1, 2).gradient(np.zeros(7), [[1.0]], [1.0, 2.0], mse),
        "y: must have the shape of x without its last axis",
    ),
    "class": (
        lambda: Network(1, 2).gradient(np.zeros(7), [[1.0]], [1.0], "mse"),
        "loss: must have psi",
    ),
    "rng": (lambda: Network(1, 2).start(3, runs=1), "rng: must be a numpy.random.Generator"),
    "rows": (lambda: Run(np.arange(3), np.zeros((3, 1))).first_below([1.0], 0), "values: must"),
}


@pytest.mark.parametrize(("call", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": 0.0}, "rate: must be positive"),
        ({"batch": 10}, "batch: must be at most the number of points, 9"),
        ({"steps": 0}, "steps: must be a whole number"),
        ({"rule": "newton"}, "rule: must be one of 'adam', 'sgd'"),
        ({"rng": "seed"}, "rng: must be a numpy.random.Generator"),
        ({"every": 0}, "every: must be a whole number"),
    ],
)
def test_bad_training_is_named(change, message):
    how = {"rate": 0.1, "steps": 2, "batch": 3, "rng": 0} | change
    with pytest.raises(ValueError, match=message):
        train(Network(1, 2), np.zeros(7), SquaredError(), POINTS[:, :1], VALUES, **how)
