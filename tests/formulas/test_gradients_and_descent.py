"""The displayed formulas of the chapter on gradients and descent, each against something else."""

import numpy as np
import pytest
import sympy as sp
import torch
from scipy.optimize import approx_fprime, linprog, minimize_scalar
from sklearn.metrics import mean_absolute_error, mean_squared_error

from course_code.datasets import two_coaches
from course_code.descent import LinearModel, train
from course_code.losses import Huber, mae, mse
from tests.formulas.registry import formula

w, b, t, h = sp.symbols("w b t h", real=True)
xs, ys = sp.symbols("x1:4 y1:4", real=True)[:3], sp.symbols("x1:4 y1:4", real=True)[3:]
n = len(xs)
residuals = [y - (w * x + b) for x, y in zip(xs, ys, strict=True)]
# A loss with no symmetry that could hide a wrong sign or factor.
rho = sp.Lambda(t, sp.exp(sp.Symbol("a") * t) + sp.Symbol("c") * t**2)
psi = sp.Lambda(t, rho(t).diff(t))

CLEAN = two_coaches()
RNG = np.random.default_rng(5)


def generic_loss():
    """The mean of rho over three unspecified points."""
    return sum(rho(r) for r in residuals) / n


def same(left, right):
    return sp.simplify((left - right).doit()) == 0


@formula("eq-descent-step")
def test_one_step_moves_both_dials_from_the_old_place():
    eta, (w0, b0) = 0.3, (0.7, -0.2)

    def loss(dials):
        return mean_squared_error(CLEAN.y, dials[0] * CLEAN.x + dials[1])

    slope_w, slope_b = approx_fprime(np.array([w0, b0]), loss, 1e-7)
    by_formula = w0 - eta * slope_w, b0 - eta * slope_b
    dials = torch.tensor([w0, b0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([dials], lr=eta)
    x, y = torch.tensor(CLEAN.x), torch.tensor(CLEAN.y)
    torch.nn.functional.mse_loss(dials[0] * x + dials[1], y).backward()
    optimiser.step()
    assert by_formula == pytest.approx(dials.tolist(), abs=1e-6)
    run = train(LinearModel(w0, b0), mse, CLEAN.x, CLEAN.y, eta, 1)
    assert by_formula == pytest.approx((run.w[1], run.b[1]), abs=1e-6)


@formula("eq-line-loss")
@pytest.mark.parametrize(
    ("of_residual", "reference"),
    [(lambda r: r**2, mean_squared_error), (abs, mean_absolute_error)],
)
def test_mean_loss_of_a_line(of_residual, reference):
    slope, intercept = 1.2, 0.1
    pairs = list(zip(CLEAN.x, CLEAN.y, strict=True))
    mean = sum(of_residual(y - (slope * x + intercept)) for x, y in pairs) / len(pairs)
    assert mean == pytest.approx(reference(CLEAN.y, slope * CLEAN.x + intercept), rel=1e-12)


@formula("eq-residual-slopes")
def test_slopes_of_a_residual():
    for x, r in zip(xs, residuals, strict=True):
        assert r.diff(w) == -x
        assert r.diff(b) == -1


@formula("eq-chain-rule")
def test_chain_rule_for_one_residual():
    for x, r in zip(xs, residuals, strict=True):
        assert same(rho(r).diff(w), psi(r) * r.diff(w))
        assert same(rho(r).diff(w), -psi(r) * x)
        assert same(rho(r).diff(b), -psi(r))


@formula("eq-line-gradient")
def test_gradient_of_the_mean_loss():
    pairs = list(zip(xs, residuals, strict=True))
    assert same(generic_loss().diff(w), -sum(psi(r) * x for x, r in pairs) / n)
    assert same(generic_loss().diff(b), -sum(psi(r) for r in residuals) / n)


@formula("eq-mse-line-gradient")
def test_gradient_of_the_mse():
    loss = sum(r**2 for r in residuals) / n
    along_w = -sp.Rational(2, n) * sum(r * x for x, r in zip(xs, residuals, strict=True))
    assert same(loss.diff(w), along_w)
    assert same(loss.diff(b), -sp.Rational(2, n) * sum(residuals))


@formula("eq-mae-line-gradient")
def test_gradient_of_the_mae():
    at = np.array([1.0, 0.3])

    def loss(dials):
        return mean_absolute_error(CLEAN.y, dials[0] * CLEAN.x + dials[1])

    signs = np.sign(CLEAN.y - (at[0] * CLEAN.x + at[1]))
    by_formula = -(signs * CLEAN.x).sum() / 40, -signs.sum() / 40
    assert by_formula == pytest.approx(approx_fprime(at, loss, 1e-8), abs=1e-6)


@formula("eq-parameter-gradient")
def test_gradient_of_any_parameter():
    theta = sp.Symbol("theta", real=True)
    curve = [sp.tanh(theta * x) + theta**2 for x in xs]
    loss = sum(rho(y - p) for y, p in zip(ys, curve, strict=True)) / n
    by_prediction = [-psi(y - p) / n for y, p in zip(ys, curve, strict=True)]
    chained = sum(d * p.diff(theta) for d, p in zip(by_prediction, curve, strict=True))
    assert same(loss.diff(theta), chained)


@formula("eq-central-difference")
def test_central_difference_errs_by_the_square_of_h():
    height = sp.exp(w) * sp.cos(b)
    quotient = (height.subs(w, w + h) - height.subs(w, w - h)) / (2 * h)
    assert sp.simplify(sp.limit(quotient, h, 0) - height.diff(w)) == 0
    assert sp.limit((quotient - height.diff(w)) / h, h, 0) == 0


@formula("eq-rmse-chain")
def test_gradient_of_the_rmse():
    mean_square = sum(r**2 for r in residuals) / n
    for dial in (w, b):
        by_formula = mean_square.diff(dial) / (2 * sp.sqrt(mean_square))
        assert same(sp.sqrt(mean_square).diff(dial), by_formula)


def is_subgradient(g, f, u):
    """The displayed inequality, tried on a fine grid of v."""
    v = np.linspace(-8.0, 8.0, 16_001)
    return bool(np.all(f(v) >= f(u) + g * (v - u) - 1e-12))


@formula("eq-subgradient")
def test_a_smooth_convex_function_has_one_subgradient_its_slope():
    for u in (-1.5, 0.0, 2.0):
        assert is_subgradient(np.exp(u), np.exp, u)
        assert not is_subgradient(np.exp(u) + 0.01, np.exp, u)
        assert not is_subgradient(np.exp(u) - 0.01, np.exp, u)


@formula("eq-subdifferential-abs")
@pytest.mark.parametrize(("u", "low", "high"), [(-2.0, -1, -1), (0.0, -1, 1), (3.0, 1, 1)])
def test_subdifferential_of_the_absolute_value(u, low, high):
    for g in np.linspace(-1.5, 1.5, 61):
        assert is_subgradient(g, np.abs, u) == (low - 1e-9 <= g <= high + 1e-9)


def one_sided_slopes(f, u, step=1e-6):
    """The ends of the subdifferential of a convex function of one number."""
    return (f(u) - f(u - step)) / step, (f(u + step) - f(u)) / step


@formula("eq-optimality")
@pytest.mark.parametrize("values", [[0, 0, 10], [1, 2, 3, 10], [-3, -3, 0, 1, 5], [4]])
def test_a_minimiser_has_zero_among_its_subgradients(values):
    def f(c):
        return np.mean(np.abs(np.array(values) - c))

    least = min(f(c) for c in values)
    for c in {*values, np.mean(values), np.median(values), min(values) - 1.0}:
        low, high = one_sided_slopes(f, c)
        assert (low <= 1e-6 and high >= -1e-6) == (f(c) <= least + 1e-9)


@formula("eq-three-numbers")
def test_subdifferential_at_the_median_of_three_numbers():
    low, high = one_sided_slopes(lambda c: (abs(c) + abs(c) + abs(c - 10)) / 3, 0.0)
    assert (low, high) == pytest.approx((-1, 1 / 3), abs=1e-6)
    assert ((-1 - 1 - 1) / 3, (1 + 1 - 1) / 3) == (-1, 1 / 3)


def lad_line(x, y):
    """The least-absolute line by SciPy's linear programming, and its mean loss."""
    m = len(x)
    cost = np.concatenate([np.zeros(4), np.full(2 * m, 1 / m)])
    line = np.column_stack([x, -x, np.ones(m), -np.ones(m)])
    equal = np.hstack([line, np.eye(m), -np.eye(m)])
    found = linprog(cost, A_eq=equal, b_eq=y, method="highs")
    return found.x[0] - found.x[1], found.x[2] - found.x[3], found.fun


@formula("eq-mae-optimality")
def test_balancing_numbers_exist_at_the_best_line_and_nowhere_near():
    x, y = CLEAN.x, CLEAN.y
    slope, intercept, _ = lad_line(x, y)

    def balanced(slope, intercept):
        r = y - (slope * x + intercept)
        bounds = [(-1, 1) if abs(e) < 1e-9 else (np.sign(e), np.sign(e)) for e in r]
        rows = np.vstack([x, np.ones_like(x)])
        return linprog(np.zeros(40), A_eq=rows, b_eq=[0, 0], bounds=bounds).status == 0

    assert balanced(slope, intercept)
    for move in ([0.01, 0], [0, 0.01], [-0.01, 0.01], [0, -0.01]):
        assert not balanced(slope + move[0], intercept + move[1])


@formula("eq-mse-hessian")
def test_gradient_and_hessian_in_matrix_form():
    design = sp.Matrix([[x, 1] for x in xs])
    loss = sum(r**2 for r in residuals) / n
    gradient = -sp.Rational(2, n) * design.T * sp.Matrix(residuals)
    assert sp.simplify(gradient - sp.Matrix([loss.diff(w), loss.diff(b)])) == sp.zeros(2, 1)
    curvature = sp.Rational(2, n) * design.T * design
    assert sp.simplify(curvature - sp.hessian(loss, (w, b))) == sp.zeros(2, 2)


def some_bowl():
    x = RNG.normal(0.4, 1.3, 15)
    y = 2 * x - 1 + RNG.normal(0, 0.5, 15)
    design = np.column_stack([x, np.ones(15)])
    best, *_ = np.linalg.lstsq(design, y, rcond=None)
    return x, y, best, 2 * design.T @ design / 15


@formula("eq-error-step")
def test_one_step_multiplies_the_error_by_a_matrix():
    x, y, best, curvature = some_bowl()
    for eta in (0.05, 0.4, 1.0):
        run = train(LinearModel(0.3, -2.0), mse, x, y, eta, 1)
        errors = np.column_stack([run.w, run.b]) - best
        assert errors[1] == pytest.approx((np.eye(2) - eta * curvature) @ errors[0], abs=1e-12)


@formula("eq-safe-step")
@pytest.mark.parametrize(("share", "converges"), [(0.02, True), (0.99, True), (1.01, False)])
def test_the_safe_step_parts_convergence_from_divergence(share, converges):
    x, y, best, curvature = some_bowl()
    eta = share * 2 / np.linalg.eigvalsh(curvature)[-1]
    design, dials = np.column_stack([x, np.ones(15)]), np.array([5.0, 5.0])
    start = np.linalg.norm(dials - best)
    for _ in range(2000):
        dials = dials + eta * 2 * design.T @ (y - design @ dials) / 15
    assert (np.linalg.norm(dials - best) < 1e-3 * start) == converges
    flat = np.array([[4.0, 2.0], [2.0, 1.0]])  # all x equal to 2: the smallest eigenvalue is 0
    assert np.linalg.norm((np.eye(2) - 0.05 * flat) @ [1, -2]) == pytest.approx(5**0.5)


def test_the_best_constant_step_and_its_factor():
    low, high = np.linalg.eigvalsh(some_bowl()[3])
    found = minimize_scalar(lambda eta: max(abs(1 - eta * low), abs(1 - eta * high)), (0, 1 / high))
    assert found.x == pytest.approx(2 / (low + high), rel=1e-6)
    assert found.fun == pytest.approx((high - low) / (high + low), rel=1e-6)


def bound(radius, longest, steps):
    return (radius**2 + longest**2 * np.sum(steps**2)) / (2 * np.sum(steps))


@formula("eq-subgradient-bound")
@pytest.mark.parametrize("first", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("decay", [0.0, 0.5, 1.0])
def test_the_best_iterate_keeps_the_bound(first, decay):
    slope, intercept, least = lad_line(CLEAN.x, CLEAN.y)
    longest = np.hypot(np.abs(CLEAN.x).mean(), 1.0)
    for epochs in (1, 10, 300):
        steps = first * (1.0 + np.arange(epochs)) ** -decay
        run = train(
            LinearModel(), mae, CLEAN.x, CLEAN.y, first, epochs, lambda k: (1.0 + k) ** -decay
        )
        gap = run.loss[:epochs].min() - least
        assert gap <= bound(np.hypot(slope, intercept), longest, steps) + 1e-12


def test_the_bound_is_reached_by_a_cone_and_one_step():
    # f(u) = 3 |u| from u = 2, one step of R / G: no smaller right side would be true.
    assert bound(2.0, 3.0, np.array([2.0 / 3.0])) == pytest.approx(3 * 2.0)


@formula("eq-unstandardise")
def test_a_line_in_standard_units_is_a_line_in_raw_units():
    x, centre, scale, w_z, b_z = sp.symbols("x c s w_z b_z", positive=True)
    slope = w_z / scale
    intercept = b_z - slope * centre
    assert same(w_z * (x - centre) / scale + b_z, slope * x + intercept)


@formula("eq-huber-psi")
def test_hubers_psi_is_the_clipped_residual():
    r, delta = sp.symbols("r delta", real=True)
    inside, outside = r**2 / 2, delta * (sp.Abs(r) - delta / 2)
    for value, branch in [(-3, outside), (-0.4, inside), (0.9, inside), (2.5, outside)]:
        slope = branch.diff(r).subs({delta: 1, r: value})
        assert float(slope) == pytest.approx(max(-1, min(value, 1)))
    residual = torch.linspace(-3, 3, 61, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.huber_loss(
        residual, torch.zeros_like(residual), reduction="sum", delta=0.5
    ).backward()
    assert np.clip(residual.detach().numpy(), -0.5, 0.5) == pytest.approx(residual.grad.numpy())
    assert Huber(0.5).psi(residual.detach().numpy()) == pytest.approx(residual.grad.numpy())


@formula("eq-four-points")
def test_eigenvalues_of_four_points():
    four = np.array([1.0, 2.0, 3.0, 4.0])
    design = np.column_stack([four, np.ones(4)])
    low, high = np.linalg.eigvalsh(2 * design.T @ design / 4)
    assert low == pytest.approx((17 - 269**0.5) / 2)
    assert high == pytest.approx((17 + 269**0.5) / 2)
    assert 2 / high == pytest.approx(4 / (17 + 269**0.5))


@formula("eq-median-subdifferential")
def test_subdifferential_of_the_mae_of_a_constant():
    for size in (1, 4, 7):
        values = RNG.normal(size=size)

        def f(c, values=values):
            return np.abs(values - c).mean()

        for c in [*values, values.min() - 1, values.mean()]:
            below, above, at = (values < c).sum(), (values > c).sum(), (values == c).sum()
            ends = (below - above - at) / size, (below - above + at) / size
            assert one_sided_slopes(f, c, 1e-7) == pytest.approx(ends, abs=1e-6)


@formula("eq-uphill")
def test_a_step_against_a_subgradient_that_goes_up():
    def f(u, v):
        return sp.Abs(u) + 2 * sp.Abs(v)

    for step in (sp.Rational(1, 1000), sp.Rational(1, 2), sp.Rational(99, 100)):
        assert f(1 - step, 0 - 2 * step) == (1 - step) + 4 * step == 1 + 3 * step
        assert f(1 - step, 0 - 2 * step) > f(1, 0) == 1
    u, v = np.meshgrid(np.linspace(-3, 3, 61), np.linspace(-3, 3, 61))
    assert np.all(np.abs(u) + 2 * np.abs(v) >= 1 + 1 * (u - 1) + 2 * v - 1e-12)


@formula("eq-distance-progress")
def test_the_distance_after_a_step():
    dials, best, g = (sp.Matrix(sp.symbols(f"{name}1:3", real=True)) for name in "abg")
    moved = (dials - t * g - best).dot(dials - t * g - best)
    before = (dials - best).dot(dials - best)
    assert same(moved, before - 2 * t * g.dot(dials - best) + t**2 * g.dot(g))


def test_pytorch_chooses_zero_at_an_exact_hit():
    hit = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.l1_loss(hit, torch.zeros(3, dtype=torch.float64)).backward()
    assert hit.grad.tolist() == [0.0, 0.0, 0.0]
    assert mae.psi(0.0) == 0


def test_automatic_differentiation_of_the_rmse_fails_at_a_perfect_fit():
    fit = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
    target = torch.tensor([1.0, 2.0], dtype=torch.float64)
    torch.sqrt(torch.nn.functional.mse_loss(fit, target)).backward()
    assert torch.isnan(fit.grad).all()
