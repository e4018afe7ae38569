// What each residual costs, as a shape on it: a square, a bar, or Huber's square cut off at delta.

import { h, put } from "./elements.js";
import { clamp } from "./numbers.js";
import { FAR } from "./panel.js";

/** How to read the shapes. */
export const READING = {
  squared: "Each square's area is the loss of its point.",
  absolute: "Each bar's length is the loss of its point.",
  huber:
    "Each shape's area is the loss of its point: it widens with the distance, but not beyond delta.",
};

/**
 * Corners, in pixels, of the polygon whose area (squared, Huber) or height (absolute) is the loss of a
 * point at (x, y) above or below the line at height `line`; to the right, where there is room.
 */
export function penalty(name, x, y, line, delta, room) {
  const side = Math.abs(y - line);
  if (name === "absolute") return box(x - 4, x + 4, y, line);
  const way = x + side > room ? -1 : 1;
  if (name === "squared") return box(x, x + way * side, y, line);
  // At height t above the line the shape is min(t, delta) wide, so its area is rho.
  const wide = Math.min(side, delta);
  const bend = y < line ? line - wide : line + wide;
  return [
    [x, line],
    [x + way * wide, bend],
    [x + way * wide, y],
    [x, y],
  ];
}

const box = (left, right, y, line) => [
  [left, y],
  [right, y],
  [right, line],
  [left, line],
];

/** On a plot: `draw({ points, loss, delta }, line)`. */
export function penalties(plot) {
  const shapes = plot.many(() => h("polygon"), { class: "ex-penalties" });
  return function draw({ points, loss, delta }, { slope, intercept }) {
    const unit = Math.abs(plot.y(1) - plot.y(0));
    shapes(points.length).forEach((shape, k) => {
      const [x, y] = points[k];
      const on = clamp(plot.y(intercept + slope * x), -FAR, FAR);
      const corners = penalty(loss, plot.x(x), plot.y(y), on, delta * unit, plot.width);
      put(shape, { points: corners.map((c) => c.map((v) => v.toFixed(1)).join()).join(" ") });
    });
  };
}
