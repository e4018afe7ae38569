// Gradient flow: what one residual costs and how hard it pulls, loss by loss.

import { help, keeping, narrator, numberTable, row, slider, stroke } from "./controls.js";
import { h, pool, put, write } from "./elements.js";
import { absolute, huber, logCosh, quantile, squared, tukey } from "./losses.js";
import { explorer } from "./mount.js";
import { clamp, show } from "./numbers.js";
import { grip, panel, pathOf } from "./panel.js";
import { rule } from "./rules.js";

const ENDS = [-4, 4];
const NAMES = {
  squared: "squared error",
  absolute: "absolute error",
  huber: "Huber",
  logcosh: "log-cosh",
  quantile: "quantile",
  tukey: "Tukey",
};
const LOSSES = Object.keys(NAMES);
const COLUMNS = ["rho", "psi", "gradient", "ratio"];

export const rules = {
  residual: rule.within(...ENDS),
  losses: rule.someOf(LOSSES),
  delta: rule.positive,
  tau: rule.inside(0, 1),
  c: rule.positive,
};

// ---------------------------------------------------------------- what is shown, as pure functions

const functions = ({ delta, tau, c }) => ({
  squared,
  absolute,
  huber: huber(delta),
  logcosh: logCosh,
  quantile: quantile(tau),
  tukey: tukey(c),
});

/** [lowest, highest] slope at the kink in 0, by loss. */
const kinks = ({ tau }) => ({ absolute: [-1, 1], quantile: [tau - 1, tau] });

/** One loss at the residual. A ratio to a pull of 0 is none. */
export function measure(state, name) {
  const r = state.residual;
  const { rho, psi } = functions(state)[name];
  const own = Math.abs(absolute.psi(r));
  // Adding 0 turns -0 into 0.
  const pull = psi(r) + 0;
  return {
    rho: rho(r),
    psi: pull,
    gradient: 0 - pull,
    ratio: own > 0 ? Math.abs(pull) / own : NaN,
    kink: r === 0 ? kinks(state)[name] : undefined,
  };
}

const interval = (ends) => `[${ends.map(show).join(", ")}]`;

/** Why a loss pulls as it does, where there is more to say than a number. */
function reason(state, name, { kink }) {
  const size = Math.abs(state.residual);
  if (kink) return `a kink, any slope in ${interval(kink)} is a subgradient and 0 is the choice`;
  if (name === "huber" && size === state.delta) return "exactly at delta, where it switches";
  if (name === "huber")
    return size < state.delta ? "within delta, r itself" : "beyond delta, constant";
  if (name !== "tukey") return "";
  if (size >= state.c) return "beyond c, it has let go";
  return size > state.c / Math.sqrt(5) ? "less for a larger r" : "";
}

/** What is happening, in a few sentences. */
export function verdict(state) {
  const { residual: r, losses } = state;
  const low = `The prediction is ${show(Math.abs(r))} too ${r > 0 ? "low" : "high"}`;
  const way = r > 0 ? "upwards" : "downwards";
  const start = r === 0 ? "The prediction is right: nothing needs to move." : `${low}.`;
  if (losses.length === 0) return `${start} No loss is switched on.`;
  const pulls = losses.map((name) => {
    const at = measure(state, name);
    const why = reason(state, name, at);
    return `${NAMES[name]} ${show(Math.abs(at.psi))}${why && ` (${why})`}`;
  });
  const lead = r === 0 ? "Strength of the pull" : `Strength of the pull ${way}`;
  return `${start} ${lead}: ${pulls.join("; ")}.`;
}

/** Whether squared and absolute error agree here: on the pull, or on the cost. */
export function challenge(state) {
  const [one, other] = ["squared", "absolute"].map((name) => measure(state, name));
  const near = (key) => Math.abs(Math.abs(one[key]) - Math.abs(other[key])) < 1e-9;
  const found = [near("psi") && "pull equally hard", near("rho") && "cost the same"].filter(
    Boolean,
  );
  const r = show(state.residual);
  const met = state.residual !== 0 && found.length > 0;
  const differ = `squared error pulls with ${show(Math.abs(one.psi))} and costs ${show(one.rho)}, absolute error ${show(Math.abs(other.psi))} and ${show(other.rho)}.`;
  return { met, now: met ? `at r = ${r} they ${found[0]}. Now find the other place.` : differ };
}

// ---------------------------------------------------------------- the explorer

const places = Array.from({ length: 321 }, (_, k) => k / 40 - 4);

/** A plot over the residual with everything that stands at a place of it. */
function plotOf(app, title, handle) {
  const plot = panel(title);
  const { height } = plot;
  const go = (residual) => app.set({ residual });
  plot.zero = plot.add("line", { class: "ex-zero", x1: 0, x2: plot.width });
  plot.edges = plot.many(() => h("line", { class: "ex-level", y1: 0, y2: height }));
  plot.tangents = plot.many(() => h("line", { class: "ex-fit ex-thin" }));
  plot.curves = plot.many(() => h("path", { class: "ex-fit ex-curve" }));
  plot.bars = plot.many(() => h("line", { class: "ex-kink" }));
  plot.chosen = plot.many(() => h("circle", { class: "ex-kink", r: 4 }));
  plot.rings = plot.many(() =>
    h("circle", { class: "ex-fit ex-curve", r: 6, "data-loss": "huber" }),
  );
  plot.names = plot.many(() => h("text", { y: 12 }));
  plot.onclick(go);
  plot.here = grip(plot, handle, () => [app.state.residual], go, [
    h("rect", { class: "ex-touch", x: -22, y: 0, width: 44, height }),
    h("line", { class: "ex-before", y1: 0, y2: height }),
  ]);
  plot.dots = pool(plot.here, () => h("circle", { class: "ex-now", r: 5 }));
  return plot;
}

function build(app) {
  const costs = plotOf(app, "Loss over the residual", "Residual, on the curves of the loss");
  const pulls = plotOf(app, "Pull over the residual", "Residual, on the curves of the pull");

  const residual = slider("Residual r = y \u2212 prediction", (value) =>
    app.set({ residual: value }),
  );
  const boxes = LOSSES.map(() =>
    h("input", {
      type: "checkbox",
      onchange: () => app.set({ losses: LOSSES.filter((_, k) => boxes[k].checked) }),
    }),
  );
  const choose = h(
    "fieldset",
    { class: "ex-radios" },
    h("legend", {}, "Losses"),
    ...LOSSES.map((name, k) => h("label", { "data-loss": name }, boxes[k], NAMES[name])),
  );
  const dials = [
    ["huber", "delta", "Delta of Huber's loss", [0.1, 4]],
    ["quantile", "tau", "Tau of the quantile loss", [0.02, 0.98]],
    ["tukey", "c", "C of Tukey's loss", [0.5, 8]],
  ].map(([name, key, label, range]) => ({
    name,
    key,
    range,
    el: slider(label, (value) => app.set({ [key]: clamp(value, ...range) })),
  }));

  const table = numberTable(
    "Loss, pull and gradient at this residual",
    ["rho(r)", "psi(r)", "gradient = \u2212psi", "|psi| / absolute's"],
    COLUMNS,
    LOSSES.map((name) => [name, [stroke(), NAMES[name]]]),
  );
  const rows = LOSSES.map((name) => table.querySelector(`tr[data-loss=${name}]`));
  const words = narrator(
    "Squared and absolute error pull equally hard at one residual above 0, and cost the same at another. Where?",
  );
  const keep = keeping(app);

  app.body.append(
    row(residual),
    choose,
    row(...dials.map((dial) => dial.el)),
    h("div", { class: "ex-panels" }, costs.el, pulls.el),
    words,
    table,
    keep,
    help(
      "One convention: rho is a function of r = y \u2212 prediction; squared error is r\u00b2 without a half. The gradient with respect to the prediction is \u2212psi, because r falls as the prediction rises; in a mean over n points, divide it by n. Drag the upright line or click in a panel. Keys: arrows move the slider or the line that has the focus (with Shift ten steps), Home and End take it to the edges, Ctrl\u00a0Z undoes.",
    ),
  );

  function draw(plot, state, which, ys, label) {
    const { residual: r, losses, delta } = state;
    const named = functions(state);
    plot.axes(ENDS, ys, "residual r", label);
    const { x, y } = plot;
    const px = (v) => x(v).toFixed(1);
    const py = (v) => y(v).toFixed(1);
    put(plot.zero, { y1: py(0), y2: py(0) });
    const pairs = Object.entries(which === "psi" ? kinks(state) : {});
    const bars = pairs.filter(([name]) => losses.includes(name));
    plot.curves(losses.length).forEach((el, k) => {
      const value = named[losses[k]][which];
      const broken = bars.find(([name]) => name === losses[k]);
      const d = broken
        ? [-1, 1].map((side) => `M${px(side * 4)} ${py(value(side))}H${px(0)}`).join("")
        : pathOf(places.map((v) => [x(v), y(value(v))]));
      put(el, { d, "data-loss": losses[k] });
    });
    plot.bars(bars.length).forEach((el, k) => {
      const [name, [low, high]] = bars[k];
      put(el, { "data-loss": name, x1: px(0), x2: px(0), y1: py(low), y2: py(high) });
    });
    plot.chosen(bars.length).forEach((el, k) => {
      put(el, { "data-loss": bars[k][0], cx: px(0), cy: py(0) });
    });
    const edges = losses.includes("huber") && delta <= ENDS[1] ? [-delta, delta] : [];
    plot.edges(edges.length).forEach((el, k) => put(el, { x1: px(edges[k]), x2: px(edges[k]) }));
    plot.rings(edges.length).forEach((el, k) => {
      put(el, { cx: px(edges[k]), cy: py(named.huber[which](edges[k])) });
    });
    plot.names(edges.length).forEach((el, k) => {
      write(el, k ? "delta" : "\u2212delta");
      // Inwards near the frame, outwards otherwise.
      const end = (k === 0) === delta < 3.2;
      put(el, { x: x(edges[k]) + (end ? -4 : 4), "text-anchor": end ? "end" : "start" });
    });
    plot.here.show(show(r), 0);
    plot.dots(losses.length).forEach((el, k) => {
      put(el, { "data-loss": losses[k], cy: py(named[losses[k]][which](r)) });
    });
    if (which === "psi") return;
    plot.tangents(losses.length).forEach((el, k) => {
      const { rho, psi } = measure(state, losses[k]);
      const along = (v) => py(rho + psi * (v - r));
      const [a, b] = [r - 1.5, r + 1.5];
      put(el, { "data-loss": losses[k], x1: px(a), x2: px(b), y1: along(a), y2: along(b) });
    });
  }

  return function update(state) {
    const { losses } = state;
    const named = functions(state);
    const largest = (which) =>
      Math.max(...losses.flatMap((name) => ENDS.map((r) => Math.abs(named[name][which](r)))), 0);
    // Tukey's pull has its peak inside.
    const peak = losses.includes("tukey")
      ? tukey(state.c).psi(Math.min(4, state.c / Math.sqrt(5)))
      : 0;
    const top = largest("rho") || 1;
    const reach = Math.max(largest("psi"), peak) || 1;
    draw(costs, state, "rho", [-0.08 * top, 1.05 * top], "rho(r), the loss");
    draw(pulls, state, "psi", [-1.12 * reach, 1.12 * reach], "psi(r), the pull");

    residual.show(state.residual, ENDS);
    LOSSES.forEach((name, k) => {
      boxes[k].checked = losses.includes(name);
      rows[k].hidden = !boxes[k].checked;
      const at = measure(state, name);
      for (const column of COLUMNS) {
        const text = column === "psi" && at.kink ? `0 of ${interval(at.kink)}` : show(at[column]);
        table.show(name, column, at[column], text);
      }
    });
    for (const { name, key, range, el } of dials) {
      el.hidden = !losses.includes(name);
      el.show(state[key], [Math.min(range[0], state[key]), Math.max(range[1], state[key])]);
    }
    keep.show();
    words.say(verdict(state), challenge(state));
  };
}

export default explorer(rules, build);
