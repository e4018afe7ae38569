// Huber's delta: one number that leads from least squares to least absolute deviations.

import {
  button,
  facts,
  help,
  keeping,
  keysOf,
  narrator,
  numberTable,
  presetList,
  radios,
  row,
  showLine,
  slider,
  stroke,
} from "./controls.js";
import { editor } from "./editor.js";
import { h, memo, put } from "./elements.js";
import { fitAbsolute, fitHuber, fitSquared } from "./fits.js";
import { absolute, huber, meanLoss } from "./losses.js";
import { explorer } from "./mount.js";
import { frameOf, percent, show, span } from "./numbers.js";
import { panel, pathOf } from "./panel.js";
import { residualPlot } from "./residual-plot.js";
import { gaussianEfficiency, noiseScale } from "./robust.js";
import { rule } from "./rules.js";

const LOSSES = ["squared", "absolute", "huber"];
const CURVES = [
  ["rho", "rho, what a residual costs"],
  ["psi", "psi, how hard it pulls"],
];
const DEFAULT = 1;
const CUSTOMARY = 1.345;

export const rules = {
  points: rule.rows(2, 2, 200),
  marked: rule.positions,
  delta: rule.positive,
  curve: rule.oneOf(CURVES.map(([name]) => name)),
  labels: rule.texts(2),
  view: rule.ranges(2),
  presets: rule.named,
};

// ---------------------------------------------------------------- what is shown, as pure functions

const residuals = (points, { slope, intercept }) =>
  points.map(([x, y]) => y - (intercept + slope * x));

/** What does not depend on delta: two best lines, and sigma about the absolute one. */
export function fitEnds(points) {
  const least = fitAbsolute(points);
  if (least === null) return { squared: null, absolute: null, sigma: 0 };
  // Where best lines tie, sigma belongs to the middle of their slopes and of their intercepts.
  const [slope, intercept] = [0, 1].map((i) => {
    const values = least.vertices.map((v) => v[i]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  });
  const sigma = noiseScale(residuals(points, { slope, intercept }));
  const dust = 1e-12 * Math.max(...points.map((p) => Math.abs(p[1])));
  return { squared: fitSquared(points), absolute: least, sigma: sigma > dust ? sigma : 0 };
}

/** Everything the numbers say. Without a sigma there is no multiple of it and no efficiency. */
export function measure({ points, delta }, ends = fitEnds(points)) {
  const { sigma } = ends;
  const fits = { squared: ends.squared, absolute: ends.absolute };
  fits.huber = fitHuber(points, delta, ends.absolute);
  const r = fits.huber ? residuals(points, fits.huber) : [];
  // By more than rounding: data in whole numbers leave residuals that equal delta.
  const far = r.map((value) => Math.abs(value) > delta * (1 + 1e-9));
  const multiple = sigma > 0 ? delta / sigma : undefined;
  const efficiency = multiple && gaussianEfficiency(multiple);
  return { fits, sigma, r, far, count: far.filter(Boolean).length, multiple, efficiency };
}

/** The range of the slider: powers of ten that hold both ends, the marks and delta itself. */
export function reach({ points, delta }, { fits, sigma }) {
  const noise = sigma || delta;
  const largest = fits.squared ? Math.max(...residuals(points, fits.squared).map(Math.abs)) : delta;
  return [
    Math.floor(Math.log10(Math.min(noise / 30, DEFAULT, delta))),
    Math.ceil(Math.log10(Math.max(noise * 30, 1.5 * largest, DEFAULT, delta))),
  ];
}

/** How far to either side the right panel goes: a few sigma, and past the kink if anything is there. */
export function halfWidth(delta, { sigma, r }) {
  const largest = Math.max(0, ...r.map(Math.abs));
  return Math.max(4 * sigma, Math.min(1.6 * delta, 2 * largest)) || delta;
}

/** What delta does at either end, and where it is now. */
export function verdict({ points, delta, marked }, measured = measure({ points, delta })) {
  const { fits, far, count, multiple, sigma } = measured;
  if (!fits.huber) return "All points share one x, so every slope can do equally well.";
  const text = [
    "With delta far above the noise Huber's line is the least-squares line, far below it the line of least absolute deviations.",
  ];
  const where = multiple ? `${show(multiple)} sigma` : show(delta);
  if (!multiple) text.push("More than half of the residuals are 0, so there is no sigma.");
  if (count === 0) {
    text.push(
      `Now delta is ${where}: no residual is beyond it, so this is the least-squares line.`,
    );
    return text.join(" ");
  }
  const odd = marked.filter((k) => far[k]).length;
  const [are, all] = count === 1 ? ["is", "It pulls"] : ["are", "Each of them pulls"];
  const whose =
    odd === 0 ? "" : odd === count ? ", all marked as outliers," : `, ${odd} of them marked,`;
  text.push(
    `Now delta is ${where}: ${count} of ${points.length} points${whose} ${are} on the linear part. ${all} with delta, however far away.`,
  );
  const { slope, intercept } = fits.huber;
  const excess = meanLoss(absolute, points, slope, intercept) - fits.absolute.objective;
  if (excess < 0.001 * sigma) {
    text.push(
      "The mean absolute error of the line is less than 0.001 sigma above the least: this is nearly the other end.",
    );
  } else if (span(fits.squared, 0) !== span(fits.absolute, 0)) {
    const away = (name) => Math.abs(slope - fits[name].slope);
    const [near, other] =
      away("squared") < away("absolute") ? ["squared", "absolute"] : ["absolute", "squared"];
    text.push(
      `The slope of the line, ${show(slope)}, is nearer to the ${near} line's, ${span(fits[near], 0)}, than to the ${other} line's, ${span(fits[other], 0)}.`,
    );
  }
  return text.join(" ");
}

/** Whether delta is about as small as it can be while nine tenths of the efficiency are kept. */
export function challenge({ efficiency, multiple }) {
  if (!multiple) return { met: false, now: "without a sigma there is no efficiency." };
  return {
    met: efficiency >= 0.9 && efficiency < 0.91,
    now: `${show(multiple)} sigma keep ${percent(efficiency, 3)}.`,
  };
}

// ---------------------------------------------------------------- the elements

function build(app) {
  const fitted = memo(fitEnds);
  let ends;
  let far = [];

  // Left: the points, three lines, and the strip in which residuals are squared.
  const scatter = panel("Points and three fitted lines");
  const strip = scatter.add("polygon", { class: "ex-within" });
  const lines = scatter.many((i) => h("line", { class: "ex-fit", "data-loss": LOSSES[i] }));
  const editing = editor(app, scatter, { open: (k) => far[k] });

  // Right: the loss or its derivative over the residual, with the residuals as ticks.
  const plot = residualPlot("Huber's loss and the residuals");
  const within = plot.add("rect", { class: "ex-within", y: 0, height: plot.height });
  const curves = plot.many((i) =>
    h("path", { class: `ex-fit ex-curve${i < 2 ? " ex-thin" : ""}`, "data-loss": LOSSES[i] }),
  );

  const table = numberTable(
    "Slopes and intercepts",
    ["slope", "intercept"],
    ["slope", "intercept"],
    LOSSES.map((name) => [name, [stroke(), name === "huber" ? "Huber" : name]]),
  );
  const told = facts("delta", "multiple", "sigma", "linear", "points", "efficiency");
  const p = (...children) => h("p", {}, ...children);

  const data = presetList(app, rules);
  const set = (delta) => app.set({ delta });
  const delta = slider("Delta of Huber's loss", set, Math.log10, (place) =>
    Number((10 ** place).toPrecision(3)),
  );
  // On the slider's scale: the default of most libraries, and the customary multiple of sigma.
  const marks = [h("span", {}, String(DEFAULT)), h("span", {}, `${CUSTOMARY} sigma`)];
  const customary = button(`delta = ${CUSTOMARY} sigma`, () => set(CUSTOMARY * ends.sigma));
  const curve = radios("Right panel", CURVES, (name) => app.set({ curve: name }));
  const words = narrator("How small may delta be while 90 % of the efficiency is kept?");
  const keep = keeping(app);

  app.body.append(
    row(
      data,
      button(`delta = ${DEFAULT}`, () => set(DEFAULT)),
      customary,
    ),
    h(
      "div",
      { class: "ex-marked" },
      delta,
      h("div", { class: "ex-marks", "aria-hidden": "true" }, ...marks),
    ),
    h("div", { class: "ex-panels" }, scatter.el, plot.el),
    curve,
    words,
    h(
      "div",
      { class: "ex-panels" },
      table,
      h(
        "div",
        { class: "ex-side" },
        p("Delta is ", told.delta, " in units of y, ", told.multiple, " sigma."),
        p("Sigma, 1.4826 MAD about the absolute line, is ", told.sigma, "."),
        p("On the linear part: ", told.linear, " of ", told.points, " points."),
        p(
          "Efficiency for large samples, were the noise Gaussian with this sigma: ",
          told.efficiency,
          ".",
        ),
      ),
    ),
    editing,
    keep,
    help(
      `Filled points are within delta of Huber's line, open ones beyond. Drag a point, or click on a free place to add one. ${keysOf("point")}`,
    ),
  );

  function drawLeft({ points, view, labels, delta: d }, fits) {
    scatter.axes(...frameOf(points, view), ...labels);
    lines(fits.huber ? 3 : 0).forEach((el, i) => scatter.line(el, fits[LOSSES[i]]));
    put(strip, { visibility: fits.huber ? null : "hidden" });
    if (!fits.huber) return;
    const { slope, intercept } = fits.huber;
    const corners = [-d, d].map((side) =>
      scatter.room[0].map((x) => [scatter.x(x), scatter.y(intercept + slope * x + side)]),
    );
    const outline = [...corners[0], ...corners[1].reverse()];
    put(strip, { points: outline.map((c) => c.map((v) => v.toFixed(1)).join()).join(" ") });
  }

  function drawRight({ delta: d, curve: name, marked }, measured) {
    const wide = halfWidth(d, measured);
    const loss = huber(d);
    const top = name === "rho" ? 1.15 * loss.rho(wide) : 1.4 * loss.psi(wide);
    // Below the curve is a lane for the ticks.
    const bottom = name === "rho" ? -0.12 * top : -1.3 * top;
    plot.axes([-wide, wide], [bottom, top], "residual r", name);
    const shapes = {
      rho: [(v) => (v * v) / 2, (v) => d * Math.abs(v), loss.rho],
      psi: [(v) => v, (v) => d * Math.sign(v), loss.psi],
    }[name];
    put(within, { x: plot.x(-d), width: plot.x(d) - plot.x(-d) });
    const places = Array.from({ length: 181 }, (_, k) => wide * (k / 90 - 1));
    curves(3).forEach((el, i) => {
      // Far outside nothing is seen, and a path keeps short numbers.
      const height = (v) => Math.max(-999, plot.y(shapes[i](v)));
      put(el, { d: pathOf(places.map((v) => [plot.x(v), height(v)])) });
    });
    plot.ticks(measured.r, marked);
  }

  return function draw(state) {
    ends = fitted(state.points);
    const measured = measure(state, ends);
    const { fits, sigma } = measured;
    far = measured.far;
    drawLeft(state, fits);
    editing.show(state);
    drawRight(state, measured);

    for (const name of LOSSES) showLine(table, name, fits[name]);
    told.delta.show(state.delta);
    told.multiple.show(measured.multiple);
    told.sigma.show(sigma);
    told.linear.show(measured.count);
    told.points.show(state.points.length);
    told.efficiency.show(measured.efficiency);

    const [low, high] = reach(state, measured);
    delta.show(state.delta, [low, high]);
    const values = [DEFAULT, CUSTOMARY * sigma];
    marks.forEach((mark, i) => {
      const place = (Math.log10(values[i]) - low) / (high - low);
      mark.hidden = !(values[i] > 0);
      // The lower one's name goes to its left, so that the two never meet; at the edge there is no room.
      const lower = values[i] < values[1 - i] && place > 0.1;
      put(mark, { class: lower ? "ex-lower" : null, style: `--at: ${place.toFixed(4)}` });
    });
    customary.disabled = sigma === 0;
    curve.show(state.curve);
    data.show(state);
    keep.show();
    words.say(verdict(state, measured), challenge(measured));
  };
}

export default explorer(rules, build);
