// Likelihood: slide the density of the noise under a few observations and watch minus log-likelihood.

import { mean } from "./fits.js";
import {
  announcer,
  arrow,
  button,
  clamp,
  cover,
  draggable,
  explorer,
  fact,
  glide,
  h,
  keeping,
  niceStep,
  numberTable,
  onGrid,
  panel,
  pool,
  presetList,
  put,
  radios,
  rule,
  show,
  slider,
  stepOf,
  write,
} from "./kit.js";
import { median } from "./leverage.js";
import { density, nllAt, noiseNamed } from "./noise.js";

export const rules = {
  values(name, v) {
    rule.rows(1, 2, 40)(name, Array.isArray(v) ? v.map((value) => [value]) : v);
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
    const share = show(Number(((100 * most) / (here.loss * values.length)).toPrecision(2)));
    const sum = normal ? "sum of squares" : "sum of absolute residuals";
    said.push(
      `The value ${show(values[costs.indexOf(most)])} alone makes ${share} % of the ${sum}.`,
    );
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

// ---------------------------------------------------------------- the elements

/** Even steps, and places of its own: a kink is to be drawn where it is. */
function gridOf([low, high], corners) {
  const even = Array.from({ length: 121 }, (_, k) => low + ((high - low) * k) / 120);
  const inside = corners.filter((v) => v > low && v < high);
  return [...even, ...inside].sort((a, b) => a - b);
}

const pathOf = (points) =>
  `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

function build(app) {
  let chosen = 0;
  let axes;
  let listed;
  let choices;

  const left = panel("Values, and the density of the noise about the location");
  const right = panel("Minus log-likelihood of every location at this scale");
  const bars = pool(left.area.appendChild(h("g")), () => h("line", { class: "ex-height" }));
  const bell = left.area.appendChild(h("path", { class: "ex-fit ex-curve" }));
  const cost = right.area.appendChild(h("path", { class: "ex-fit ex-curve" }));
  const flat = right.area.appendChild(h("line", { class: "ex-flat" }));
  const lowest = right.front.appendChild(h("circle", { class: "ex-minimum", r: 5 }));
  const called = right.front.appendChild(h("text", { "text-anchor": "middle" }));

  const slide = (m) => app.set({ location: onGrid(m, app.state.view) });
  const handle = (plot, where) =>
    draggable(
      plot.front.appendChild(
        h(
          "g",
          {
            class: "ex-here",
            role: "slider",
            tabindex: 0,
            "aria-label": `Location, on the ${where}`,
            onkeydown: (event) => {
              const step = arrow(event);
              if (step === null) return;
              event.preventDefault();
              slide(app.state.location + (step[0] + step[1]) * stepOf(app.state.view));
            },
          },
          h("circle", { class: "ex-touch", r: 18 }),
          h("circle", { r: 6 }),
        ),
      ),
      plot,
      (px) => slide(axes.x.invert(px)),
    );
  const handles = [handle(left, "density"), handle(right, "curve")];

  const place = (k, value) => app.set({ values: app.state.values.with(k, value) });
  const move = (k, value) => place(k, onGrid(value, app.state.view));
  const choose = (k) => {
    chosen = k;
    showValues(app.state);
  };
  const remove = (k) => {
    const { values } = app.state;
    if (values.length > 2) app.set({ values: values.filter((_, i) => i !== k) });
  };
  const dots = pool(left.front.appendChild(h("g")), (k) => {
    const dot = h(
      "g",
      {
        class: "ex-dot",
        role: "slider",
        onfocus: () => choose(k),
        onkeydown: (event) => {
          const step = arrow(event);
          const hop = { n: 1, p: -1 }[event.key.toLowerCase()];
          const { values, view } = app.state;
          if (step !== null) move(k, values[k] + (step[0] + step[1]) * stepOf(view));
          else if (hop) dots(values.length)[(k + hop + values.length) % values.length].focus();
          else if (event.key === "Delete" || event.key === "Backspace") remove(k);
          else return;
          event.preventDefault();
        },
      },
      h("circle", { class: "ex-touch", r: 18 }),
      h("path", { d: "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1-5 0Z" }),
    );
    return draggable(
      dot,
      left,
      (px) => move(k, axes.x.invert(px)),
      (px) => {
        const away = app.state.values.map((v) => Math.abs(axes.x(v) - px));
        return dots(away.length)[away.indexOf(Math.min(...away))];
      },
    );
  });
  const which = h("select", { onchange: () => choose(Number(which.value)) });
  const numbers = pool(which, (k) => h("option", { value: k }, String(k + 1)));
  const typed = h("input", {
    type: "number",
    step: "any",
    onchange: () => {
      if (Number.isFinite(typed.valueAsNumber)) place(chosen, typed.valueAsNumber);
    },
  });
  const add = button("Add", () => {
    const { values, view } = app.state;
    chosen = values.length;
    app.set({ values: [...values, onGrid(view[0] + 0.75 * (view[1] - view[0]), view)] });
  });
  const drop = button("Remove", () => remove(chosen));

  function showValues({ values, view }) {
    const n = values.length;
    chosen = Math.min(chosen, n - 1);
    dots(n).forEach((dot, k) => {
      put(dot, {
        transform: `translate(${axes.x(values[k])} ${axes.y(0)})`,
        class: `ex-dot${k === chosen ? " ex-chosen" : ""}`,
        tabindex: k === chosen ? 0 : -1,
        "aria-label": `Value ${k + 1} of ${n}`,
        "aria-valuenow": values[k],
        "aria-valuemin": Math.min(view[0], ...values),
        "aria-valuemax": Math.max(view[1], ...values),
        "aria-valuetext": show(values[k]),
      });
    });
    numbers(n);
    which.value = chosen;
    if (document.activeElement !== typed) typed.value = values[chosen];
    drop.disabled = n <= 2;
    add.disabled = n >= 40;
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
  const data = presetList(app, rules);
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
  const facts = Object.fromEntries(["constant", "spread", "nll"].map((id) => [id, fact(id)]));
  const formula = [h("div"), h("div")];
  const words = h("p", { class: "ex-verdict" });
  const spoken = announcer();

  app.body.append(
    h("div", { class: "ex-row" }, data, kind),
    h("div", { class: "ex-row" }, where, width, toBest, fitScale),
    h("div", { class: "ex-panels" }, left.el, right.el),
    words,
    spoken,
    table,
    h(
      "div",
      { class: "ex-identity" },
      ...formula,
      h("div", {}, "= ", facts.constant, " + ", facts.spread, " = ", facts.nll),
    ),
    h(
      "fieldset",
      { class: "ex-row" },
      h("legend", {}, "Values"),
      h("label", {}, "Value ", which),
      h("label", {}, "y ", typed),
      add,
      drop,
    ),
    h("div", { class: "ex-row" }, ...keeping(app)),
    h(
      "p",
      { class: "ex-help" },
      "Drag a value, or the density by the dot at its top. Keys: arrows move what has the focus (Shift: ten steps), N and P go to the next and previous value, Delete removes it.",
    ),
  );

  return function draw(state) {
    const { values, noise: name, location, scale, view, labels } = state;
    const measured = measure(state);
    const { noise, best, here, least } = measured;
    const hue = { "data-loss": name === "gaussian" ? "squared" : "absolute" };
    const xs = cover(view, [...values, location]);
    const pixel = (value, axis) => clamp(axis(value), -1e4, 1e4);

    const peak = density(noise, 0, scale);
    const top = niceStep(peak * 1.08);
    axes = left.axes(xs, [-0.08 * top, top], labels[0], "density");
    // A bell far narrower than the view needs places of its own.
    const narrow = Array.from({ length: 33 }, (_, k) => location + ((k - 16) / 4) * scale);
    put(bell, {
      ...hue,
      d: pathOf(
        gridOf(xs, narrow).map((v) => [axes.x(v), axes.y(density(noise, v - location, scale))]),
      ),
    });
    bars(values.length).forEach((bar, k) => {
      const x = axes.x(values[k]);
      const y2 = axes.y(density(noise, values[k] - location, scale));
      put(bar, { x1: x, x2: x, y1: axes.y(0), y2 });
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
    const costs = right.axes(xs, ys, "location m", "−ℓ");
    put(cost, {
      ...hue,
      d: pathOf(
        gridOf(xs, [...values, ...best]).map((m) => [costs.x(m), pixel(nllOf(m, scale), costs.y)]),
      ),
    });
    const bottom = pixel(least.nll, costs.y);
    put(flat, { ...hue, x1: costs.x(best[0]), x2: costs.x(best[1]), y1: bottom, y2: bottom });
    put(lowest, { ...hue, cx: costs.x(median(best)), cy: bottom });
    put(called, {
      x: clamp(costs.x(median(best)), 30, right.width - 30),
      y: bottom + 18 > right.height ? bottom - 12 : bottom + 18,
    });
    write(called, name === "gaussian" ? "mean" : best[0] < best[1] ? "medians" : "median");
    put(handles[0], { transform: `translate(${axes.x(location)} ${axes.y(peak)})` });
    put(handles[1], {
      transform: `translate(${costs.x(location)} ${pixel(here.nll, costs.y)})`,
    });
    for (const el of handles) {
      put(el, {
        "aria-valuenow": location,
        "aria-valuemin": xs[0],
        "aria-valuemax": xs[1],
        "aria-valuetext": `m ${show(location)}, minus log-likelihood ${show(here.nll)}`,
      });
    }

    kind.show(name);
    where.show(location, xs);
    write(width.firstChild, scales[name]);
    width.show(scale, cover([0, (view[1] - view[0]) / 2], [scale]));
    fitScale.disabled = here.scale === 0;
    write(lossHead, name === "gaussian" ? "MSE" : "MAE");
    table.show("here", "location", location);
    table.show("least", "location", best[0], [...new Set(best.map(show))].join(" to "));
    for (const [row, found] of Object.entries({ here, least })) {
      for (const column of ["nll", "loss", "scale"]) table.show(row, column, found[column]);
    }
    identity(state, measured).forEach((text, k) => write(formula[k], text));
    facts.constant.show(measured.constant);
    facts.spread.show(measured.spread);
    facts.nll.show(here.nll);
    // The list tells presets by their points, which here are the values.
    if (listed !== state.presets) {
      listed = state.presets;
      choices = listed.map((preset) => ({ ...preset, points: preset.values }));
    }
    data.show({ presets: choices, points: values });
    const text = verdict(state, measured);
    write(words, text);
    spoken.say(text);
  };
}

export default explorer(rules, build);
