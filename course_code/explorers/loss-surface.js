// The loss surface: a line over points on the left, the loss of every line on the right.

import { around, rings } from "./contours.js";
import { editor } from "./editor.js";
import { fitAll } from "./fits.js";
import {
  announcer,
  arrow,
  button,
  cover,
  draggable,
  explorer,
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
  span,
  stepOf,
  write,
} from "./kit.js";
import { lossNamed, meanLoss } from "./losses.js";

// Name of the trait, name on the button, name of the mean, and how to read the marks.
const LOSSES = [
  ["squared", "squared", "mean squared error", "Each square's area is the loss of its point."],
  ["absolute", "absolute", "mean absolute error", "Each bar's length is the loss of its point."],
  [
    "huber",
    "Huber",
    "mean Huber loss",
    "Each shape's area is the loss of its point: it widens with the distance, but not beyond delta.",
  ],
];
const lossInfo = (name) => LOSSES.find(([key]) => key === name);
/** Nodes of the surface per side: what is drawn in a frame with room to spare. */
const gridFor = (points) => (points.length > 60 ? 41 : 61);

export const rules = {
  points: rule.rows(2, 2, 200),
  slope: rule.real,
  intercept: rule.real,
  loss: rule.oneOf(LOSSES.map(([name]) => name)),
  delta: rule.positive,
  compare: rule.flag,
  marked: rule.positions,
  labels: rule.texts(2),
  view: rule.ranges(2),
  presets: rule.named,
};

// ---------------------------------------------------------------- what is shown, as pure functions

/** Mean loss of the line, beside the best line, for each of the three losses. */
export function measure({ points, slope, intercept, delta }, best = fitAll(points, delta)) {
  const now = (name) => meanLoss(lossNamed(name, delta), points, slope, intercept);
  return Object.fromEntries(LOSSES.map(([name]) => [name, { now: now(name), best: best[name] }]));
}

/** Ranges of slope and intercept that hold this line, the best lines with a margin, and the view's. */
export function windowOf([x0, x1, y0, y1], line, fits) {
  const steep = niceStep((1.2 * (y1 - y0)) / (x1 - x0));
  const range = (key, low, high) => {
    // No margin around the line: it would push the edge away from a hand that drags it there.
    const margin = (high - low) / 20;
    const ends = fits.flatMap((fit) => [fit[key] - margin, fit[key] + margin]);
    return cover([low, high], [line[key], ...ends]);
  };
  return { slopes: range("slope", -steep, steep), intercepts: range("intercept", y0, y1) };
}

/** One to three sentences: how far from the best, whether the best is unique, who makes the loss. */
export function verdict(state, measured) {
  const { points, slope, intercept, loss: name, delta } = state;
  const { now, best } = measured[name];
  const called = lossInfo(name)[2];
  const said = [];
  if (best === null) {
    said.push("All points share one x, so every slope can do equally well.");
  } else if (now - best.objective <= 1e-9 * (now + best.objective)) {
    said.push(`No line has a smaller ${called} on these points.`);
  } else if (best.objective <= 1e-12 * now) {
    said.push(`Your line's ${called} is ${show(now)}. Another line passes through every point.`);
  } else if (now / best.objective < 1.1) {
    const percent = show(Number(((now / best.objective - 1) * 100).toPrecision(2)));
    said.push(`Close: your line's ${called} is ${percent} % above the least possible.`);
  } else {
    const times = show(Number((now / best.objective).toPrecision(3)));
    said.push(`Your line's ${called} is ${times} times the least possible.`);
  }
  if (best?.vertices?.length > 1) {
    const slopes = span(best, 0);
    const which = slopes.includes(" to ") ? `slopes from ${slopes}` : "intercepts";
    said.push(`The least is not at one line: a whole range of ${which} shares it.`);
  }
  const shares = (key) => {
    const loss = lossNamed(key, delta);
    const rho = points.map(([x, y]) => loss.rho(y - intercept - slope * x));
    const total = rho.reduce((a, b) => a + b, 0);
    return rho.map((value) => (total > 0 ? Math.round((100 * value) / total) : 0));
  };
  const own = shares(name);
  const worst = own.indexOf(Math.max(...own));
  if (own[worst] >= 30) {
    const other = name === "squared" ? "absolute" : "squared";
    said.push(
      `Point ${worst + 1} alone makes ${own[worst]} % of it; it makes ${shares(other)[worst]} % of the ${other} loss.`,
    );
  } else if (own[worst] > 0) {
    said.push(`No single point makes more than ${own[worst]} % of it.`);
  }
  return said.join(" ");
}

/** The polygon whose area (squared, Huber) or height (absolute) is one point's loss, in pixels. */
function penalty(name, px, py, line, delta, bar, width) {
  const side = Math.abs(py - line);
  // To the right, where there is room.
  const way = px + side > width ? -1 : 1;
  if (name === "squared")
    return [
      [px, py],
      [px + way * side, py],
      [px + way * side, line],
      [px, line],
    ];
  if (name === "absolute")
    return [
      [px - bar, py],
      [px + bar, py],
      [px + bar, line],
      [px - bar, line],
    ];
  // At height t above the line Huber's shape is min(t, delta) wide, so its area is rho.
  const wide = Math.min(side, delta);
  const bend = py < line ? line - wide : line + wide;
  return [
    [px, line],
    [px + way * wide, bend],
    [px + way * wide, py],
    [px, py],
  ];
}

// ---------------------------------------------------------------- the elements

function build(app) {
  let fitted;
  let measured;
  let ranges;
  let left;
  let right;
  let surfaceKey = "";

  const scatter = panel("Points and line");
  const surface = panel("Loss of every line");

  // Left: penalties under the lines, points on top.
  const shapes = pool(scatter.area.appendChild(h("g", { class: "ex-penalties" })), () =>
    h("polygon"),
  );
  const lines = pool(scatter.area.appendChild(h("g")), () => h("line", { class: "ex-best" }));
  const line = scatter.area.appendChild(h("line", { class: "ex-line" }));
  const editing = editor(app, scatter);

  // Right: contours, the minimum of each loss, the current line as a dot.
  const drawRings = rings(surface);
  const flat = surface.area.appendChild(h("polygon", { class: "ex-flat" }));
  const minima = pool(surface.area.appendChild(h("g")), () => h("path", { class: "ex-minimum" }));
  const moveLine = (b, a) =>
    app.set({ slope: onGrid(b, ranges.slopes), intercept: onGrid(a, ranges.intercepts) });
  const jump = (px, py) => moveLine(right.x.invert(px), right.y.invert(py));
  surface.area.addEventListener("click", (event) => jump(...surface.at(event)));
  const here = h(
    "g",
    {
      class: "ex-here",
      tabindex: 0,
      role: "slider",
      "aria-label": "Your line on the loss surface",
      onkeydown: (event) => {
        const move = arrow(event);
        if (move === null) return;
        event.preventDefault();
        const { slope: b, intercept: a } = app.state;
        moveLine(b + move[0] * stepOf(ranges.slopes), a + move[1] * stepOf(ranges.intercepts));
      },
    },
    h("circle", { class: "ex-touch", r: 22 }),
    h("circle", { r: 7 }),
  );
  surface.front.append(draggable(here, surface, jump));

  // Controls.
  const slope = slider("Slope", (value) => app.set({ slope: value }));
  const intercept = slider("Intercept", (value) => app.set({ intercept: value }));
  const delta = slider("Delta", (value) => app.set({ delta: Math.max(value, 0.01) }));
  const loss = radios("Loss", LOSSES, (value) => app.set({ loss: value }));
  const compare = h("input", {
    type: "checkbox",
    onchange: () => app.set({ compare: compare.checked }),
  });
  const data = presetList(app, rules);
  const best = button("Go to the best line", () => {
    const goal = measured[app.state.loss].best;
    const { slope: b, intercept: a } = app.state;
    if (goal === null) return;
    glide((t) =>
      app.set(
        t === 1
          ? { slope: goal.slope, intercept: goal.intercept }
          : { slope: b + t * (goal.slope - b), intercept: a + t * (goal.intercept - a) },
      ),
    );
  });
  // Numbers and words.
  const table = numberTable(
    "Losses in numbers",
    ["your line", "least", "best slope", "best intercept"],
    ["now", "least", "slope", "intercept"],
    LOSSES.map(([name, , called]) => [name, called]),
  );
  const words = h("p", { class: "ex-verdict" });
  const reading = h("p", { class: "ex-help" });
  const spoken = announcer();

  app.body.append(
    h("div", { class: "ex-row" }, data, loss, h("label", {}, compare, "all three best lines")),
    h("div", { class: "ex-panels" }, scatter.el, surface.el),
    reading,
    h("div", { class: "ex-row" }, slope, intercept, delta),
    words,
    spoken,
    table,
    editing,
    h("div", { class: "ex-row" }, best, ...keeping(app)),
    h(
      "p",
      { class: "ex-help" },
      "Drag points, or the dot on the right. Keys: arrows move what has the focus (Shift: ten steps), N and P go to the next and previous point, Delete removes it.",
    ),
  );

  // ---- drawing

  function drawLine(el, fit, [x0, x1]) {
    put(el, {
      x1: 0,
      x2: scatter.width,
      y1: left.y(fit.intercept + fit.slope * x0),
      y2: left.y(fit.intercept + fit.slope * x1),
    });
  }

  function drawSurface(state) {
    const key = JSON.stringify([state.points, state.loss, state.delta, ranges]);
    if (key === surfaceKey) return;
    surfaceKey = key;
    const f = lossNamed(state.loss, state.delta);
    const value = (b, a) => meanLoss(f, state.points, b, a);
    drawRings(value, ranges.slopes, ranges.intercepts, gridFor(state.points));
  }

  return function draw(state) {
    const { points, view, labels, loss: name } = state;
    // A line that moves leaves the best lines where they are.
    if (points !== fitted?.points || state.delta !== fitted.delta) {
      fitted = { points, delta: state.delta, best: fitAll(points, state.delta) };
    }
    measured = measure(state, fitted.best);
    const fits = LOSSES.map(([key]) => measured[key].best).filter(Boolean);
    const xs = cover(
      view.slice(0, 2),
      points.map((p) => p[0]),
    );
    const ys = cover(
      view.slice(2),
      points.map((p) => p[1]),
    );
    ranges = windowOf([...xs, ...ys], state, fits);
    left = scatter.axes(xs, ys, ...labels);
    right = surface.axes(ranges.slopes, ranges.intercepts, "slope", "intercept");
    put(app.body, { "data-loss": name });

    const unit = Math.abs(left.y(1) - left.y(0));
    shapes(points.length).forEach((shape, k) => {
      const [x, y] = [left.x(points[k][0]), left.y(points[k][1])];
      const on = left.y(state.intercept + state.slope * points[k][0]);
      const corners = penalty(name, x, y, on, state.delta * unit, 4, scatter.width);
      put(shape, { points: corners.map((c) => c.map((v) => v.toFixed(1)).join()).join(" ") });
    });
    drawLine(line, state, xs);
    // The chosen loss comes last, so that it lies on top.
    const shown = LOSSES.filter(([key]) => measured[key].best && (state.compare || key === name));
    shown.sort(([a], [b]) => (a === name) - (b === name));
    lines(shown.length).forEach((el, k) => {
      put(el, { "data-loss": shown[k][0] });
      drawLine(el, measured[shown[k][0]].best, xs);
    });
    editing.show(state, left);

    drawSurface(state);
    minima(shown.length).forEach((el, k) => {
      const { slope: b, intercept: a } = measured[shown[k][0]].best;
      put(el, {
        "data-loss": shown[k][0],
        d: "M-2-7H2V-2H7V2H2V7H-2V2H-7V-2H-2Z",
        transform: `translate(${right.x(b)} ${right.y(a)})`,
      });
    });
    const ties = name === "absolute" ? (measured.absolute.best?.vertices ?? []) : [];
    put(flat, {
      points: around(ties)
        .map(([b, a]) => `${right.x(b)},${right.y(a)}`)
        .join(" "),
    });
    put(here, {
      transform: `translate(${right.x(state.slope)} ${right.y(state.intercept)})`,
      "aria-valuenow": state.slope,
      "aria-valuemin": ranges.slopes[0],
      "aria-valuemax": ranges.slopes[1],
      "aria-valuetext": `slope ${show(state.slope)}, intercept ${show(state.intercept)}`,
    });

    slope.show(state.slope, ranges.slopes);
    intercept.show(state.intercept, ranges.intercepts);
    delta.hidden = name !== "huber" && !state.compare;
    delta.show(state.delta, cover([0, (ys[1] - ys[0]) / 2], [state.delta]));
    loss.show(name);
    compare.checked = state.compare;
    data.show(state);
    for (const [key] of LOSSES) {
      const { now, best: fit } = measured[key];
      table.show(key, "now", now);
      table.show(key, "least", fit?.objective);
      table.show(key, "slope", fit?.slope, fit ? span(fit, 0) : "none");
      table.show(key, "intercept", fit?.intercept, fit ? span(fit, 1) : "none");
    }
    write(reading, lossInfo(name)[3]);
    const text = verdict(state, measured);
    write(words, text);
    spoken.say(text);
  };
}

export default explorer(rules, build);
