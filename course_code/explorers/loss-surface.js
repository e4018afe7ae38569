// The loss surface: a line over points on the left, the loss of every line on the right.

import {
  button,
  checkbox,
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
} from "./controls.js";
import { editor } from "./editor.js";
import { h, memo, put, write } from "./elements.js";
import { fitAll } from "./fits.js";
import { lossNamed, meanLoss } from "./losses.js";
import { explorer } from "./mount.js";
import { cover, frameOf, niceStep, percent, show, span } from "./numbers.js";
import { glide, panel } from "./panel.js";
import { penalties, READING } from "./penalties.js";
import { rule } from "./rules.js";
import { LOSSES, surface } from "./surface.js";

const lossInfo = (name) => LOSSES.find(([key]) => key === name);

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
    const above = percent(now / best.objective - 1);
    said.push(`Close: your line's ${called} is ${above} above the least possible.`);
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

/** Whether one line comes close to the least of all three losses at once. */
export function challenge(measured) {
  const ratios = LOSSES.map(([name]) => {
    const { now, best } = measured[name];
    return best === null ? Infinity : now <= best.objective ? 1 : now / best.objective;
  });
  const told = LOSSES.map(([, called], k) => {
    const times = show(Number(ratios[k].toPrecision(3)));
    return `${called} ${times === "none" ? "\u221e" : times}`;
  });
  return {
    met: Math.max(...ratios) <= 1.1,
    now: `${told.join(", ")} times the least.`,
  };
}

// ---------------------------------------------------------------- the elements

function build(app) {
  let measured;
  let ranges;
  const fitted = memo(fitAll);

  // Left: penalties under the lines, points on top. Right: the map of lines.
  const scatter = panel("Points and line");
  const drawPenalties = penalties(scatter);
  const lines = scatter.many(() => h("line", { class: "ex-best" }));
  const line = scatter.add("line", { class: "ex-line" });
  const editing = editor(app, scatter);
  const map = surface(
    "Loss of every line",
    "Your line on the loss surface",
    () => [app.state.slope, app.state.intercept],
    (slope, intercept) => app.set({ slope, intercept }),
  );

  const slope = slider("Slope", (value) => app.set({ slope: value }));
  const intercept = slider("Intercept", (value) => app.set({ intercept: value }));
  const delta = slider("Delta", (value) => app.set({ delta: Math.max(value, 0.01) }));
  const loss = radios("Loss", LOSSES, (value) => app.set({ loss: value }));
  const compare = checkbox("all three best lines", (ticked) => app.set({ compare: ticked }));
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
  const table = numberTable(
    "Losses in numbers",
    ["your line", "least", "best slope", "best intercept"],
    ["now", "least", "slope", "intercept"],
    LOSSES.map(([name, , called]) => [name, called]),
  );
  const reading = help("");
  const words = narrator(
    "Find one line within 10 % of the least under all three losses. Is there one with an outlier, too?",
  );
  const keep = keeping(app);
  keep.prepend(best);

  app.body.append(
    row(data, loss, compare),
    h("div", { class: "ex-panels" }, scatter.el, map.el),
    reading,
    row(slope, intercept, delta),
    words,
    table,
    editing,
    keep,
    help(
      `Drag points, or the dot on the right; click on a free place to add a point or to move the line. ${keysOf("point")}`,
    ),
  );

  return function draw(state) {
    const { points, view, labels, loss: name } = state;
    // A line that moves leaves the best lines where they are.
    measured = measure(state, fitted(points, state.delta));
    const fits = LOSSES.map(([key]) => measured[key].best).filter(Boolean);
    const [xs, ys] = frameOf(points, view);
    ranges = windowOf([...xs, ...ys], state, fits);
    scatter.axes(xs, ys, ...labels);
    put(app.body, { "data-loss": name });
    drawPenalties(state, state);
    scatter.line(line, state);
    // The chosen loss comes last, so that it lies on top.
    const shown = LOSSES.map(([key]) => key)
      .filter((key) => measured[key].best && (state.compare || key === name))
      .sort((a, b) => (a === name) - (b === name));
    lines(shown.length).forEach((el, k) => {
      put(el, { "data-loss": shown[k] });
      scatter.line(el, measured[shown[k]].best);
    });
    editing.show(state);
    map.show(
      state,
      [ranges.slopes, ranges.intercepts],
      Object.fromEntries(shown.map((key) => [key, measured[key].best])),
    );

    slope.show(state.slope, ranges.slopes);
    intercept.show(state.intercept, ranges.intercepts);
    delta.hidden = name !== "huber" && !state.compare;
    delta.show(state.delta, cover([0, (ys[1] - ys[0]) / 2], [state.delta]));
    loss.show(name);
    compare.show(state.compare);
    data.show(state);
    keep.show();
    for (const [key] of LOSSES) {
      const { now, best: fit } = measured[key];
      table.show(key, "now", now);
      table.show(key, "least", fit?.objective);
      showLine(table, key, fit);
    }
    write(reading, READING[name]);
    words.say(verdict(state, measured), challenge(measured));
  };
}

export default explorer(rules, build);
