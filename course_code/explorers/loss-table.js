// The loss table: what six losses promise, as numbers; sorted by a column, a row opens.

import { efficiency, gaussian, laplace, quantileEfficiency, tukeyBreakdown } from "./efficiency.js";
import { button, help, keeping, narrator, row, slider } from "./controls.js";
import { h, put, write } from "./elements.js";
import { absolute, huber, logCosh, quantile, squared, tukey } from "./losses.js";
import { explorer } from "./mount.js";
import { cover, show } from "./numbers.js";
import { panel, pathOf } from "./panel.js";
import { rule } from "./rules.js";

// Name, what a residual costs, what it aims at, near zero and descent, when, when not.
export const ROWS = {
  squared: [
    "squared",
    "the square of r",
    "the mean",
    "The pull fades in proportion to the residual and the curvature is the same everywhere: Newton's method needs one step.",
    "errors are near Gaussian, or the mean itself is wanted, and large errors are real costs",
    "a few values may be wrong: one of them can carry the estimate anywhere",
  ],
  absolute: [
    "absolute",
    "the size of r",
    "a median",
    "The pull keeps its full size up to a kink at 0: with a fixed step, descent hops around the minimum and does not settle.",
    "tails are heavy, or the median itself is wanted",
    "noise is near Gaussian and data are few: more than a third of them is wasted",
  ],
  huber: [
    "Huber",
    "half the square up to delta, then a line of slope delta",
    "the point where clipped residuals balance",
    "Convex, one continuous derivative: near 0 it is half the square, so descent settles; Newton's method can meet flat curvature beyond delta.",
    "most noise is near Gaussian, a few values are wrong, and a scale sets delta",
    "there is no scale to set delta by, or bad values have high leverage",
  ],
  logCosh: [
    "log-cosh",
    "the logarithm of cosh r",
    "the point where the tanh of residuals balances",
    "Convex and smooth everywhere; far out the curvature fades, so undamped Newton steps can run away.",
    "second derivatives must be continuous and r is already divided by a scale",
    "y is in an arbitrary unit: it has no parameter that could follow",
  ],
  tukey: [
    "Tukey",
    "near half the square at 0, constant beyond c",
    "the centre of the main bulk",
    "Not convex: descent stops in the valley in which it starts, so the start decides.",
    "gross errors should count for nothing and a robust start is at hand",
    "only a poor start is known, or the scale is not",
  ],
  quantile: [
    "quantile",
    "tau times r above the prediction, 1 - tau times its size below",
    "the tau-quantile",
    "Convex with a kink at 0, like absolute error: a fixed step does not settle.",
    "too low and too high differ in cost, or an interval is wanted",
    "the centre is wanted and noise is near Gaussian",
  ],
};
export const COLUMNS = {
  formula: "a residual r costs",
  aims: "aims at",
  gaussian: "efficiency, Gaussian",
  laplace: "efficiency, Laplace",
  pull: "largest pull",
  breakdown: "breakdown point",
  curvature: "curvature at 0",
  smooth: "continuous derivatives",
};
const NAMES = Object.keys(ROWS);
const NUMBERS = Object.keys(COLUMNS).slice(2);
const PARAMETER = { huber: "delta", tukey: "c", quantile: "tau" };
const RANGE = { delta: [0.02, 5], c: [0.5, 12], tau: [0.02, 0.98] };

export const rules = {
  delta: rule.inside(0.01, 100),
  c: rule.inside(0.1, 100),
  tau: rule.inside(0.001, 0.999),
  opened: rule.oneOf([...NAMES, "none"]),
  sort: rule.oneOf(["none", ...NUMBERS]),
  ascending: rule.flag,
};

// ---------------------------------------------------------------- what is shown, as pure functions

const lossesOf = ({ delta, c, tau }) => ({
  squared,
  absolute,
  huber: huber(delta),
  logCosh,
  tukey: tukey(c),
  quantile: quantile(tau),
});

/** All numbers of the table, and each loss's sensitivity, as course_code computes them. */
export function measure(state) {
  const { delta, c, tau } = state;
  // The largest pull and where it is, breakdown point, curvature at 0, continuous derivatives.
  const known = {
    squared: [Infinity, 0, 2, Infinity],
    absolute: [1, 0.5, Infinity, 0],
    huber: [delta, 0.5, 1, 1],
    logCosh: [1, 0.5, 1, Infinity],
    tukey: [(16 / 25 / Math.sqrt(5)) * c, tukeyBreakdown(c), 1, 2],
    quantile: [Math.max(tau, 1 - tau), Math.min(tau, 1 - tau), Infinity, 0],
  };
  const kinks = { huber: [delta], tukey: [c] };
  const numbers = Object.entries(lossesOf(state)).map(([name, loss]) => {
    const under = (noise) =>
      name === "quantile"
        ? quantileEfficiency(tau, noise)
        : efficiency(loss, noise, kinks[name] ?? []);
    const [kept, held] = under(gaussian);
    const [pull, breakdown, curvature, smooth] = known[name];
    const row = { gaussian: kept, laplace: under(laplace)[0], pull, breakdown, curvature, smooth };
    return [name, { ...row, sensitivity: pull / held }];
  });
  return Object.fromEntries(numbers);
}

/** The names of the losses from the first row to the last. */
export function ordered({ sort, ascending }, numbers) {
  if (sort === "none") return NAMES;
  // Rounding must not decide between equals.
  const value = (name) => Number(numbers[name][sort].toFixed(9));
  const compare = (a, b) => (a === b ? 0 : a < b === ascending ? -1 : 1);
  return [...NAMES].sort((a, b) => compare(value(a), value(b)));
}

/** In percent, with one decimal in every row. */
const share = (value) => `${(100 * value).toFixed(1)} %`;

/** A number of the table as text. */
export function shown(column, value) {
  if (["gaussian", "laplace", "breakdown"].includes(column)) return share(value);
  if (value === Infinity) return { curvature: "a kink", smooth: "all" }[column] ?? "no limit";
  return show(value);
}

const titled = (name, state) =>
  PARAMETER[name]
    ? `${ROWS[name][0]}, ${PARAMETER[name]} ${show(state[PARAMETER[name]])}`
    : ROWS[name][0];

/** What the numbers come to: who is best under either noise, and the price of the open row. */
export function verdict(state, numbers = measure(state)) {
  const best = (column) => ordered({ sort: column, ascending: false }, numbers)[0];
  const [one, other] = ["gaussian", "laplace"].map(best);
  const text = [
    `Under Gaussian noise ${titled(one, state)}, keeps most, ${share(numbers[one].gaussian)}; under Laplace noise ${titled(other, state)}, ${share(numbers[other].laplace)}.`.replaceAll(
      /(squared|absolute),/g,
      "$1",
    ),
  ];
  const { opened } = state;
  if (opened !== "none") {
    const { gaussian: g, laplace: l, breakdown } = numbers[opened];
    text.push(
      `The open row, ${titled(opened, state)}, keeps ${share(g)} and ${share(l)}; it bears less than ${share(breakdown)} bad observations.`.replace(
        "bears less than 0.0 %",
        "bears no",
      ),
    );
  }
  if (state.sort !== "none") {
    text.push(
      `Sorted by ${COLUMNS[state.sort]}, ${state.ascending ? "smallest" : "largest"} first.`,
    );
  }
  return text.join(" ");
}

/** Whether Huber's loss keeps three quarters under either noise. */
export function challenge(state, { huber: { gaussian: g, laplace: l } }) {
  const { delta } = state;
  return {
    met: Math.min(g, l) >= 0.75,
    now: `with delta ${show(delta)} Huber's loss keeps ${share(g)} (Gaussian) and ${share(l)} (Laplace).`,
  };
}

// ---------------------------------------------------------------- the elements

function build(app) {
  const sliders = Object.fromEntries(
    Object.entries(PARAMETER).map(([name, key]) => [
      key,
      slider(`${ROWS[name][0]}: ${key}`, (value) => app.set({ [key]: value })),
    ]),
  );

  const heads = Object.entries(COLUMNS).map(([key, text]) => {
    const th = h("th", { scope: "col" });
    th.append(NUMBERS.includes(key) ? button(text, () => sortBy(key)) : text);
    return [key, th];
  });
  function sortBy(key) {
    const again = app.state.sort === key;
    app.set({ sort: key, ascending: again && !app.state.ascending });
  }

  const rows = {};
  for (const name of NAMES) {
    const opener = button("", () => app.set({ opened: app.state.opened === name ? "none" : name }));
    const cells = Object.fromEntries(
      NUMBERS.map((key) => [key, h("td", { "data-number": `${name}-${key}` })]),
    );
    const [, formula, aims] = ROWS[name];
    const el = h(
      "tr",
      { "data-loss": name },
      h("th", { scope: "row" }, opener),
      h("td", {}, formula),
      h("td", {}, aims),
      ...Object.values(cells),
    );
    rows[name] = { opener, cells, el };
  }

  // One detail for whichever row is open.
  const plots = ["rho", "psi"].map((what) => {
    const plot = panel(what === "rho" ? "rho, what a residual costs" : "psi, how hard it pulls");
    const path = plot.add("path", { class: "ex-fit ex-curve" });
    return { what, plot, path };
  });
  const advice = Array.from({ length: 3 }, () => h("p"));
  const detail = h(
    "tr",
    { class: "ex-detail" },
    h(
      "td",
      { colspan: 9 },
      h(
        "div",
        {},
        ...advice,
        h("div", { class: "ex-panels" }, ...plots.map(({ plot }) => plot.el)),
      ),
    ),
  );

  const tbody = h("tbody");
  const head = h("tr", {}, h("th", { scope: "col" }, "loss"), ...heads.map(([, th]) => th));
  const table = h("table", { class: "ex-numbers" }, h("thead", {}, head), tbody);
  const words = narrator("Set Huber's delta so that at least 75.0 % are kept under either noise.");
  const keep = keeping(app);
  app.body.append(
    row(...Object.values(sliders)),
    h(
      "div",
      { class: "ex-scroll ex-losses", tabindex: 0, role: "region", "aria-label": "Six losses" },
      table,
    ),
    words,
    keep,
    help(
      "A button in the first column opens and closes its row, one in the first line sorts by its column, pressed again the other way round. Keys: Tab goes from button to button, Enter presses, arrows move a slider (with Shift ten steps), Ctrl\u00a0Z undoes.",
    ),
  );

  function drawDetail(state, numbers) {
    const name = state.opened;
    const loss = lossesOf(state)[name];
    const key = PARAMETER[name];
    const wide = name === "huber" || name === "tukey" ? Math.max(3, 1.4 * state[key]) : 3;
    const places = Array.from({ length: 241 }, (_, k) => wide * (k / 120 - 1));
    for (const { what, plot, path } of plots) {
      const heights = places.map(loss[what]);
      const top = 1.15 * Math.max(...heights.map(Math.abs));
      const bottom = what === "rho" ? -0.08 * top : -top;
      plot.axes([-wide, wide], [bottom, top], "residual r", what);
      const line = places.map((v, k) => [plot.x(v), plot.y(heights[k])]);
      put(path, { d: pathOf(line), "data-loss": name });
    }
    const [called, , , near, when, not] = ROWS[name];
    const { sensitivity } = numbers[name];
    write(advice[0], `Start with ${called} when ${when}; not when ${not}.`);
    write(advice[1], near);
    write(
      advice[2],
      sensitivity === Infinity
        ? "There is no limit to what one observation can do to the estimate."
        : `One of n observations can move the estimate by at most ${show(sensitivity)} / n standard deviations (Gaussian noise, large n). Unlike the largest pull, this does not change when the loss is multiplied by a number.`,
    );
  }

  return function draw(state) {
    const numbers = measure(state);
    for (const [key, el] of Object.entries(sliders)) {
      el.show(state[key], key === "tau" ? RANGE.tau : cover(RANGE[key], [state[key]]));
    }
    for (const [key, th] of heads) {
      const order = state.ascending ? "ascending" : "descending";
      put(th, { "aria-sort": state.sort === key ? order : null });
    }
    const wanted = ordered(state, numbers).flatMap((name) =>
      name === state.opened ? [rows[name].el, detail] : [rows[name].el],
    );
    // Only what stands elsewhere is moved: a button that is moved loses the focus.
    if (state.opened === "none") detail.remove();
    wanted.forEach((el, k) => {
      if (tbody.children[k] !== el) tbody.insertBefore(el, tbody.children[k] ?? null);
    });
    for (const name of NAMES) {
      const { opener, cells } = rows[name];
      write(opener, titled(name, state));
      put(opener, { "aria-expanded": String(state.opened === name) });
      for (const key of NUMBERS) {
        write(cells[key], shown(key, numbers[name][key]));
        put(cells[key], { "data-value": numbers[name][key] });
      }
    }
    if (state.opened !== "none") drawDetail(state, numbers);
    keep.show();
    words.say(verdict(state, numbers), challenge(state, numbers));
  };
}

export default explorer(rules, build);
