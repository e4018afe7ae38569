// Likelihood: slide the density of the noise under a few observations and watch minus log-likelihood.

import {
  button,
  facts,
  field,
  help,
  keeping,
  keysOf,
  narrator,
  numberTable,
  picker,
  presetList,
  radios,
  row,
  slider,
} from "./controls.js";
import { h, put, write } from "./elements.js";
import { mean } from "./fits.js";
import { median } from "./leverage.js";
import { explorer } from "./mount.js";
import { density, nllAt, noiseNamed } from "./noise.js";
import { clamp, cover, niceStep, onGrid, percent, show, stepOf } from "./numbers.js";
import { FAR, glide, grip, handles, panel, pathOf } from "./panel.js";
import { rule } from "./rules.js";

const MOST = 40;

export const rules = {
  values(name, v) {
    rule.rows(1, 2, MOST)(name, Array.isArray(v) ? v.map((value) => [value]) : v);
  },
  noise: rule.oneOf(["gaussian", "laplace"]),
  location: rule.real,
  scale: rule.positive,
  labels: rule.texts(1),
  view: rule.ranges(1),
  presets: rule.named,
};

// ---------------------------------------------------------------- what is shown, as pure functions

/** [low, high] of the most likely locations: the mean twice, or the ends of the medians. */
export function bestLocations(name, values) {
  if (name === "gaussian") return [mean(values), mean(values)];
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[(values.length - 1) >> 1], sorted[values.length >> 1]];
}

/** Everything the numbers say. */
export function measure({ values, noise: name, location, scale }) {
  const noise = noiseNamed(name);
  const lossAt = (m) => mean(values.map((v) => noise.loss.rho(v - m)));
  const at = (m) => ({
    nll: nllAt(noise, values, m, scale),
    loss: lossAt(m),
    scale: noise.scaleOf(lossAt(m)),
  });
  const best = bestLocations(name, values);
  const constant = values.length * noise.logNormaliser(scale);
  const here = at(location);
  return { noise, best, constant, here, least: at(best[0]), spread: here.nll - constant };
}

/** Whether the location is one of the best, up to rounding. */
const isBest = ({ best: [low, high] }, location) => {
  const dust = 1e-9 * (Math.abs(low) + Math.abs(high));
  return location >= low - dust && location <= high + dust;
};

/** Where the reader stands, why, and which value costs most. */
export function verdict(state, measured = measure(state)) {
  const { values, noise: name, location, scale } = state;
  const { best, here, least, noise } = measured;
  if (!Number.isFinite(here.nll))
    return "At a scale this small −ℓ is too large a number to compute. Take a larger scale.";
  const normal = name === "gaussian";
  const many = best[0] < best[1];
  const said = [];
  if (isBest(measured, location)) {
    if (normal) said.push("The location is the mean, where −ℓ is least, whatever the scale.");
    else if (many)
      said.push(
        `The location is a median: every place from ${show(best[0])} to ${show(best[1])} has as many values on either side and is as likely, whatever the scale.`,
      );
    else said.push("The location is the median, where −ℓ is least, whatever the scale.");
  } else {
    const goal = normal ? "the mean" : many ? "the medians" : "the median";
    const way = location < best[0] ? "up" : "down";
    said.push(
      `−ℓ is ${show(here.nll - least.nll)} above its least value at this scale; it falls as the location goes ${way} to ${goal}.`,
    );
  }
  const ratio = scale / here.scale;
  const letter = normal ? "σ" : "b";
  const measureName = normal ? "√MSE" : "MAE";
  if (here.scale === 0)
    said.push("Every value is the location: the smaller the scale, the better.");
  else if (Math.abs(ratio - 1) < 0.005)
    said.push(`The scale is the best one here, ${letter} = ${measureName}.`);
  else if (ratio > 1)
    said.push(
      `The density is wider than the residuals ask for: ${letter} is above ${measureName}.`,
    );
  else
    said.push(
      `The density is narrower than the residuals ask for: ${letter} is below ${measureName}.`,
    );
  const costs = values.map((v) => noise.loss.rho(v - location));
  const most = Math.max(...costs);
  if (most > 0) {
    const share = percent(most / (here.loss * values.length));
    const sum = normal ? "sum of squares" : "sum of absolute residuals";
    said.push(`The value ${show(values[costs.indexOf(most)])} alone makes ${share} of the ${sum}.`);
  }
  return said.join(" ");
}

/** The identity with the numbers in it, up to its last two terms. */
export function identity({ values, noise, scale }, { here }) {
  const [n, s, loss] = [values.length, show(scale), show(here.loss)];
  return noise === "gaussian"
    ? [
        "−ℓ = n/2 · log(2πσ²) + n · MSE / (2σ²)",
        `= ${n}/2 · log(2π · ${s}²) + ${n} · ${loss} / (2 · ${s}²)`,
      ]
    : ["−ℓ = n · log(2b) + n · MAE / b", `= ${n} · log(2 · ${s}) + ${n} · ${loss} / ${s}`];
}

/** Whether one location is best under both kinds of noise. */
export function challenge({ values }) {
  const [centre] = bestLocations("gaussian", values);
  const medians = bestLocations("laplace", values);
  const dust = 1e-9 * (Math.abs(medians[0]) + Math.abs(medians[1]));
  const [from, to] = medians.map(show);
  return {
    met: centre >= medians[0] - dust && centre <= medians[1] + dust,
    now: `the mean is ${show(centre)}, the median ${from === to ? from : `${from} to ${to}`}.`,
  };
}

// ---------------------------------------------------------------- the elements

/** Even steps, and places of its own: a kink is to be drawn where it is. */
function gridOf([low, high], corners) {
  const even = Array.from({ length: 121 }, (_, k) => low + ((high - low) * k) / 120);
  const inside = corners.filter((v) => v > low && v < high);
  return [...even, ...inside].sort((a, b) => a - b);
}

function build(app) {
  let chosen = 0;

  const left = panel("Values, and the density of the noise about the location");
  const right = panel("Minus log-likelihood of every location at this scale");
  const bars = left.many(() => h("line", { class: "ex-height" }));
  const bell = left.add("path", { class: "ex-fit ex-curve" });
  const cost = right.add("path", { class: "ex-fit ex-curve" });
  const flat = right.add("line", { class: "ex-flat" });
  const lowest = right.front.appendChild(h("circle", { class: "ex-minimum", r: 5 }));
  const called = right.front.appendChild(h("text", { "text-anchor": "middle" }));

  const grips = [
    [left, "density"],
    [right, "curve"],
  ].map(([plot, where]) =>
    grip(
      plot,
      `Location, on the ${where}`,
      () => [app.state.location],
      (location) => app.set({ location }),
      [h("circle", { class: "ex-touch", r: 18 }), h("circle", { r: 6 })],
    ),
  );
  right.onclick((location) => app.set({ location }));

  const place = (k, [value]) => app.set({ values: app.state.values.with(k, value) });
  const choose = (k) => {
    chosen = k;
    showValues(app.state);
  };
  const remove = (k) => {
    const { values } = app.state;
    if (values.length > 2) app.set({ values: values.filter((_, i) => i !== k) });
  };
  const insert = (value) => {
    const { values } = app.state;
    if (values.length >= MOST) return;
    chosen = values.length;
    app.set({ values: [...values, value] });
  };
  const dots = handles(left, {
    places: () => app.state.values.map((value) => [value]),
    go: place,
    choose,
    remove,
  });
  left.onclick(insert);
  const which = picker("Value ", choose);
  const typed = field("y ", (value) => place(chosen, [value]));
  const add = button("Add", () => {
    const [low, high] = left.room[0];
    insert(onGrid(low + 0.75 * (high - low), [low, high]));
  });
  const drop = button("Remove", () => remove(chosen));

  function showValues({ values }) {
    const n = values.length;
    chosen = Math.min(chosen, n - 1);
    dots.show(chosen, (k) => ({ label: `Value ${k + 1} of ${n}`, text: show(values[k]) }));
    which.show(chosen, n);
    typed.show(values[chosen]);
    drop.disabled = n <= 2;
    add.disabled = n >= MOST;
  }

  const kind = radios(
    "Noise",
    [
      ["gaussian", "Gaussian"],
      ["laplace", "Laplace"],
    ],
    (noise) => app.set({ noise }),
  );
  const where = slider("Location m", (location) => app.set({ location }));
  const scales = { gaussian: "Scale σ", laplace: "Scale b" };
  const width = slider("", (scale) =>
    app.set({ scale: Math.max(scale, stepOf([0, app.state.view[1] - app.state.view[0]])) }),
  );
  const toBest = button("Best location", () => {
    const { location, noise, values } = app.state;
    const goal = median(bestLocations(noise, values));
    glide((t) => app.set({ location: t === 1 ? goal : location + t * (goal - location) }));
  });
  const fitScale = button("Best scale", () => app.set({ scale: measure(app.state).here.scale }));
  const data = presetList(app, rules, "values");
  const table = numberTable(
    "Minus log-likelihood here and at its least",
    ["m", "−ℓ", "mean loss", "best scale"],
    ["location", "nll", "loss", "scale"],
    [
      ["here", "here"],
      ["least", "least"],
    ],
  );
  const lossHead = table.querySelectorAll("thead th")[2];
  const told = facts("constant", "spread", "nll");
  const formula = [h("div"), h("div")];
  const words = narrator("Move values until one location is best under both kinds of noise.");
  const keep = keeping(app);

  app.body.append(
    row(data, kind),
    row(where, width, toBest, fitScale),
    h("div", { class: "ex-panels" }, left.el, right.el),
    words,
    table,
    h(
      "div",
      { class: "ex-identity" },
      ...formula,
      h("div", {}, "= ", told.constant, " + ", told.spread, " = ", told.nll),
    ),
    h("fieldset", { class: "ex-row" }, h("legend", {}, "Values"), which, typed, add, drop),
    keep,
    help(
      `Drag a value, or the density by the dot at its top; a click adds a value on the left and sets the location on the right. ${keysOf("value")}`,
    ),
  );

  return function draw(state) {
    const { values, noise: name, location, scale, view, labels } = state;
    const measured = measure(state);
    const { noise, best, here, least } = measured;
    const hue = { "data-loss": name === "gaussian" ? "squared" : "absolute" };
    const xs = cover(view, [...values, location]);
    const inside = (value) => clamp(right.y(value), -FAR, FAR);

    const peak = density(noise, 0, scale);
    const top = niceStep(peak * 1.08);
    left.axes(xs, [-0.08 * top, top], labels[0], "density");
    const height = (v) => left.y(density(noise, v - location, scale));
    // A bell far narrower than the view needs places of its own.
    const narrow = Array.from({ length: 33 }, (_, k) => location + ((k - 16) / 4) * scale);
    put(bell, { ...hue, d: pathOf(gridOf(xs, narrow).map((v) => [left.x(v), height(v)])) });
    bars(values.length).forEach((bar, k) => {
      const x = left.x(values[k]);
      put(bar, { x1: x, x2: x, y1: left.y(0), y2: height(values[k]) });
    });
    showValues(state);

    // The floor is the least of all scales, so that a curve sinks to it as the scale gets better.
    const ideal = Math.max(least.scale, (xs[1] - xs[0]) / 100);
    const nllOf = (m, s) => nllAt(noise, values, m, s);
    const floor = nllOf(best[0], ideal);
    const roof = Math.max(nllOf(xs[0], ideal), nllOf(xs[1], ideal));
    const step = niceStep((roof - floor) / 10);
    const seen = [here.nll, least.nll].filter(Number.isFinite);
    const ys = cover([Math.floor(floor / step - 1) * step, Math.ceil(roof / step) * step], seen);
    right.axes(xs, ys, "location m", "−ℓ");
    const curve = gridOf(xs, [...values, ...best]).map((m) => [
      right.x(m),
      inside(nllOf(m, scale)),
    ]);
    put(cost, { ...hue, d: pathOf(curve) });
    const bottom = inside(least.nll);
    put(flat, { ...hue, x1: right.x(best[0]), x2: right.x(best[1]), y1: bottom, y2: bottom });
    put(lowest, { ...hue, cx: right.x(median(best)), cy: bottom });
    put(called, {
      x: clamp(right.x(median(best)), 30, right.width - 30),
      y: bottom + 18 > right.height ? bottom - 12 : bottom + 18,
    });
    write(called, name === "gaussian" ? "mean" : best[0] < best[1] ? "medians" : "median");
    const text = `m ${show(location)}, minus log-likelihood ${show(here.nll)}`;
    grips[0].show(text, left.y(peak));
    grips[1].show(text, inside(here.nll));

    kind.show(name);
    where.show(location, xs);
    write(width.firstChild, scales[name]);
    width.show(scale, cover([0, (view[1] - view[0]) / 2], [scale]));
    fitScale.disabled = here.scale === 0;
    write(lossHead, name === "gaussian" ? "MSE" : "MAE");
    table.show("here", "location", location);
    table.show("least", "location", best[0], [...new Set(best.map(show))].join(" to "));
    for (const [line, found] of Object.entries({ here, least })) {
      for (const column of ["nll", "loss", "scale"]) table.show(line, column, found[column]);
    }
    identity(state, measured).forEach((line, k) => write(formula[k], line));
    told.constant.show(measured.constant);
    told.spread.show(measured.spread);
    told.nll.show(here.nll);
    data.show(state);
    keep.show();
    words.say(verdict(state, measured), challenge(state));
  };
}

export default explorer(rules, build);
