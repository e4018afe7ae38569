// Outliers and leverage: drag a point up or sideways and see which of three lines goes with it.

import {
  checkbox,
  facts,
  help,
  keeping,
  keysOf,
  narrator,
  numberTable,
  presetList,
  row,
  slider,
  stroke,
} from "./controls.js";
import { editor } from "./editor.js";
import { h, memo, put, write } from "./elements.js";
import { fitAll, mean } from "./fits.js";
import { leverageOf, median, pullRange } from "./leverage.js";
import { explorer } from "./mount.js";
import { clamp, cover, frameOf, percent, scale, show, span } from "./numbers.js";
import { panel } from "./panel.js";
import { rule } from "./rules.js";

const LOSSES = [
  ["squared", "squared error"],
  ["absolute", "absolute error"],
  ["huber", "Huber's loss"],
];

export const rules = {
  points: rule.rows(2, 2, 200),
  marked: rule.positions,
  chosen: rule.count(0, 199),
  together: rule.flag,
  delta: rule.positive,
  labels: rule.texts(2),
  view: rule.ranges(2),
  presets: rule.named,
};

// ---------------------------------------------------------------- what is shown, as pure functions

const residual = (fit, [x, y]) => y - (fit.intercept + fit.slope * x);
const isClean = ({ marked }) => {
  const odd = new Set(marked);
  return (_, k) => !odd.has(k);
};

/** The best lines of the points that are not marked. */
export const fitClean = (state) => fitAll(state.points.filter(isClean(state)), state.delta);

/** Everything the numbers say, for the chosen point k and for the outliers together. */
export function measure(state, clean = fitClean(state)) {
  const { points, delta } = state;
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  const k = Math.min(state.chosen, points.length - 1);
  const fits = fitAll(points, delta);
  const good = points.filter(isClean(state));
  const odd = points.filter((p, i) => !isClean(state)(p, i));
  const measured = {
    k,
    fits,
    clean,
    odd,
    good,
    leverage: fits.squared && leverageOf(xs, k),
    mean: mean(ys),
    median: median(ys),
  };
  if (clean.absolute && odd.length > 0) {
    // A point above the line votes 1 and pulls with its x; one below votes -1.
    const votes = odd.map((p) => Math.sign(residual(clean.absolute, p)));
    measured.pull = votes.reduce((sum, v, i) => sum + v * odd[i][0], 0);
    measured.reach = pullRange(
      good.map((p) => p[0]),
      votes.reduce((a, b) => a + b, 0),
    );
    const [low, high] = measured.reach ?? [0, 0];
    const dust = 1e-12 * (Math.abs(low) + Math.abs(high));
    measured.held =
      measured.reach !== null && measured.pull >= low - dust && measured.pull <= high + dust;
  }
  return measured;
}

/**
 * How the outliers move a line: "follows", "leans towards" or "holds", by its largest shift over the
 * clean points in units of their mean distance, and by how much of the outliers' distance is left.
 */
export function moved({ fits, clean, odd, good }, name) {
  const [now, was] = [fits[name], clean[name]];
  const shift = Math.max(...good.map((p) => Math.abs(residual(now, p) - residual(was, p))));
  const noise = mean(good.map((p) => Math.abs(residual(clean.absolute, p))));
  const left = (fit) => mean(odd.map((p) => Math.abs(residual(fit, p))));
  const tiny = 1e-9 * mean(odd.map((p) => 1 + Math.abs(p[1])));
  if (shift <= 2 * noise + tiny) return "holds";
  return shift >= 10 * noise || left(now) <= left(was) / 2 ? "follows" : "leans towards";
}

/** Which lines go with the outliers, and why: distance, place, or the balance of votes. */
export function verdict(state, measured = measure(state)) {
  const { fits, clean, odd, good, k, leverage, reach, held } = measured;
  if (!fits.squared) return "All points share one x, so every slope can do equally well.";
  if (odd.length === 0) {
    const slopes = LOSSES.map(([name]) => span(fits[name], 0));
    return `No point is marked as an outlier. The slopes are ${slopes[0]}, ${slopes[1]} and ${slopes[2]}. Move a point, and it is marked.`;
  }
  if (!clean.squared)
    return "The points that are not marked share one x: without the outliers there is no line to compare with.";
  const said = [];
  const many = odd.length > 1;
  const them = many ? `the ${odd.length} outliers` : "the outlier";
  const behaviour = LOSSES.map(([name]) => moved(measured, name));
  for (const way of ["follows", "leans towards", "holds"]) {
    const names = LOSSES.filter((_, i) => behaviour[i] === way).map(([, called]) => called);
    if (names.length === 0) continue;
    const verb =
      names.length > 1 ? ({ follows: "follow", holds: "hold" }[way] ?? "lean towards") : way;
    const what = way === "holds" ? "" : said.length > 0 ? (many ? " them" : " it") : ` ${them}`;
    said.push(`${listed(names)} ${verb}${what}`);
  }
  const text = [`${capital(said.join("; "))}.`];
  const distances = odd.map((p) => residual(clean.squared, p));
  const noise = mean(good.map((p) => Math.abs(residual(clean.absolute, p))));
  if (distances.every((d) => Math.abs(d) <= 3 * noise)) {
    text.push(
      `${many ? "They lie" : "It lies"} where the other points lead to: leverage alone does no harm.`,
    );
  } else if (behaviour[0] !== "holds") {
    text.push(turning(measured, distances));
  }
  if (reach !== undefined) {
    const [its, go, point] = many ? ["their", "they go", "one of them"] : ["its", "it goes", "it"];
    text.push(
      held
        ? `The votes of the others can hold ${its} pull, so the absolute line stays within bounds, however far up or down ${go}.`
        : `The votes of the others cannot hold ${its} pull, so the absolute line must go to ${point}.`,
    );
    if (held && behaviour[1] === "follows") text.push("Within bounds is not the same as near.");
  }
  if (leverage >= 0.5) {
    text.push(
      `Point ${k + 1} hides: with leverage ${show(leverage)} only ${percent(1 - leverage)} of its distance remains as residual under squared error.`,
    );
  }
  return text.join(" ");
}

/** Why the squared line goes where it goes: push and seat. */
function turning({ fits, clean, odd, good }, distances) {
  const [now, was] = [fits.squared, clean.squared];
  const xs = good.map((p) => p[0]);
  const centre = mean(xs);
  const half = (Math.max(...xs) - Math.min(...xs)) / 2;
  const lift = Math.abs(now.intercept - was.intercept + (now.slope - was.slope) * centre);
  const turn = Math.abs(now.slope - was.slope) * half;
  const push = mean(distances.map(Math.abs));
  const start = `Squared error lets ${odd.length > 1 ? "them" : "it"} push with all of the distance, ${show(Number(push.toPrecision(2)))}${odd.length > 1 ? " on average" : ""},`;
  if (turn < lift / 2)
    return `${start} but near the middle of x: the line is moved, and hardly turned.`;
  const seats = odd.map(([x]) => Math.sign(x - centre));
  const side = seats.every((s) => s === seats[0]) ? (seats[0] < 0 ? "left" : "right") : "";
  const seat = side ? `from the ${side}` : "from both sides";
  return `${start} ${seat}: the slope goes from ${show(was.slope)} to ${show(now.slope)}.`;
}

const listed = (names) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** What changes when point k goes to p: it counts as an outlier, and may take the others along. */
export function displaced({ points, marked, together, view }, k, p) {
  if (!together || !marked.includes(k)) {
    return { points: points.with(k, p), marked: marked.includes(k) ? marked : [...marked, k] };
  }
  const step = p.map((value, axis) => {
    // All of them stay in view.
    const all = marked.filter((i) => i < points.length).map((i) => points[i][axis]);
    const [low, high] = view.slice(2 * axis, 2 * axis + 2);
    return clamp(value - points[k][axis], low - Math.min(...all), high - Math.max(...all));
  });
  const shifted = (point) => point.map((v, axis) => Number((v + step[axis]).toPrecision(12)));
  return { points: points.map((point, i) => (marked.includes(i) ? shifted(point) : point)) };
}

/** Whether one outlier alone turns the absolute line downhill, and what the votes say to it. */
export function challenge({ fits, clean, odd, reach, pull, held }) {
  const slope = fits.absolute && span(fits.absolute, 0);
  if (slope === null) return { met: false, now: "there is no line." };
  const before = clean.absolute?.slope;
  if (odd.length !== 1 || !(before > 0) || Math.max(...slopesOf(fits.absolute)) >= 0) {
    const outliers = odd.length === 1 ? "1 outlier" : `${odd.length} outliers`;
    return { met: false, now: `the slope is ${slope} with ${outliers}.` };
  }
  const limits = reach ? `${show(reach[0])} to ${show(reach[1])}` : "nothing";
  return {
    met: true,
    now: `one outlier at x = ${show(odd[0][0])} makes the slope ${slope}. It pulls with ${show(pull)}; the votes of the others can hold ${held ? "" : "only "}${limits}.`,
  };
}

const slopesOf = (fit) => fit.vertices.map((v) => v[0]);

// ---------------------------------------------------------------- the elements

function build(app) {
  // An outlier that moves leaves the clean lines where they are.
  const cleaned = memo((points, delta) => fitAll(points, delta));

  const scatter = panel("Points and three fitted lines");
  const levels = scatter.many(() => h("line", { class: "ex-level" }));
  const names = scatter.many(() => h("text", { "text-anchor": "end" }));
  const before = scatter.add("line", { class: "ex-before" });
  const lines = scatter.many((i) => h("line", { class: "ex-fit", "data-loss": LOSSES[i][0] }));
  const editing = editor(app, scatter, { moved: displaced, marks: true });

  const table = numberTable(
    "Slopes and residuals",
    ["slope", "without outliers", "residual of the point"],
    ["slope", "clean", "residual"],
    LOSSES.map(([name]) => [name, [stroke(), name === "huber" ? "Huber" : name]]),
  );
  const told = facts("leverage", "usual", "mean", "median", "pull", "low", "high");
  const point = h("b");
  // The balance of votes: what the clean points can hold, and what the outliers pull with.
  const bar = h("rect", { class: "ex-reach", y: 8, height: 14 });
  const zero = h("line", { class: "ex-zero", y1: 3, y2: 27 });
  const weight = h("path", { d: "M0-8L8 0L0 8L-8 0Z" });
  const balance = { class: "ex-balance", viewBox: "0 0 360 30", "aria-hidden": "true" };
  const p = (...children) => h("p", {}, ...children);
  const { pull, low, high } = told;
  const votes = h(
    "div",
    {},
    p(
      "Balance of votes: the outliers pull with ",
      pull,
      ", the others hold ",
      low,
      " to ",
      high,
      ".",
    ),
    h("svg", balance, bar, zero, weight),
  );

  const data = presetList(app, rules);
  const together = checkbox("move all outliers together", (ticked) =>
    app.set({ together: ticked }),
  );
  const odd = checkbox("outlier", (ticked) => {
    const { marked, chosen } = app.state;
    app.set({ marked: ticked ? [...marked, chosen] : marked.filter((k) => k !== chosen) });
  });
  const delta = slider("Delta of Huber's loss", (value) =>
    app.set({ delta: Math.max(value, 0.01) }),
  );
  const words = narrator(
    "With a single outlier, turn the absolute line downhill. Where must the outlier be?",
  );
  const keep = keeping(app);
  editing.append(odd);

  app.body.append(
    row(data, together, delta),
    h(
      "div",
      { class: "ex-panels" },
      scatter.el,
      h(
        "div",
        { class: "ex-side" },
        table,
        p(point, ": leverage ", told.leverage, ", where the mean of all is ", told.usual, "."),
        p("All y: mean ", told.mean, ", median ", told.median, "."),
        votes,
      ),
    ),
    words,
    editing,
    keep,
    help(
      `Drag a point up, down or sideways; click on a free place to add an outlier. ${keysOf("point")}`,
    ),
  );

  return function draw(state) {
    const { points, marked, view, labels } = state;
    const clean = cleaned(points.filter(isClean(state)), state.delta);
    const measured = measure(state, clean);
    const { k, fits } = measured;
    const [xs, ys] = frameOf(points, view);
    scatter.axes(xs, ys, ...labels);

    lines(fits.squared ? 3 : 0).forEach((el, i) => scatter.line(el, fits[LOSSES[i][0]]));
    const compare = clean.squared !== null && measured.odd.length > 0;
    put(before, { visibility: compare ? null : "hidden" });
    if (compare) scatter.line(before, clean.squared);

    const marks = [
      ["mean of y", measured.mean],
      ["median of y", measured.median],
    ];
    levels(2).forEach((el, i) => scatter.line(el, { slope: 0, intercept: marks[i][1] }));
    names(2).forEach((el, i) => {
      // The upper one's name goes above its line, the lower one's below.
      const up = marks[i][1] > marks[1 - i][1] || (marks[0][1] === marks[1][1] && i === 0);
      put(el, { x: scatter.width - 4, y: scatter.y(marks[i][1]) + (up ? -4 : 12) });
      write(el, marks[i][0]);
    });
    editing.show(state);

    for (const [name] of LOSSES) {
      const [now, was] = [fits[name], clean[name]];
      table.show(name, "slope", now?.slope, now ? span(now, 0) : "none");
      table.show(name, "clean", was?.slope, was ? span(was, 0) : "none");
      table.show(name, "residual", now ? residual(now, points[k]) : undefined);
    }
    write(point, `Point ${k + 1}`);
    told.leverage.show(measured.leverage ?? undefined);
    told.usual.show(2 / points.length);
    told.mean.show(measured.mean);
    told.median.show(measured.median);
    votes.hidden = !measured.reach;
    if (measured.reach) {
      const [from, to] = measured.reach;
      pull.show(measured.pull);
      low.show(from);
      high.show(to);
      const ends = [from, to, measured.pull];
      const [least, most] = [Math.min(...ends), Math.max(...ends)];
      const margin = 0.15 * (most - least) || 1;
      const x = scale([least - margin, most + margin], [0, 360]);
      put(bar, { x: x(from), width: x(to) - x(from) });
      put(zero, { x1: x(0), x2: x(0) });
      put(weight, {
        transform: `translate(${x(measured.pull)} 15)`,
        class: `ex-weight${measured.held ? "" : " ex-lost"}`,
      });
    }
    together.show(state.together);
    odd.show(marked.includes(k));
    delta.show(state.delta, cover([0, (ys[1] - ys[0]) / 4], [state.delta]));
    data.show(state);
    keep.show();
    words.say(verdict(state, measured), challenge(measured));
  };
}

export default explorer(rules, build);
