// Contour lines of a function on a grid, by marching squares.

import { h, put } from "./elements.js";

/** f at (x, y) on a (columns x rows) grid over the ranges, row by row from the smallest y. */
export function sample(f, [x0, x1], [y0, y1], columns, rows) {
  const values = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    const y = y0 + ((y1 - y0) * j) / (rows - 1);
    for (let i = 0; i < columns; i++) {
      values[j * columns + i] = f(x0 + ((x1 - x0) * i) / (columns - 1), y);
    }
  }
  return values;
}

// Segments as pairs of edges (0 bottom, 1 right, 2 top, 3 left), with the low side always on the same
// hand, by which corners (1 bottom left, 2 bottom right, 4 top right, 8 top left) are low.
const SEGMENTS = "|30|01|31|12|3012|02|32|23|20|2301|21|13|10|03|".split("|");

/**
 * Closed loops around {values <= level}, as lists of [column, row] in grid units. The grid is fenced
 * with infinity, so that a region cut off by the border is closed along it and can be filled.
 */
export function loops(values, columns, rows, level) {
  const at = (i, j) =>
    i < 0 || j < 0 || i >= columns || j >= rows ? Infinity : values[j * columns + i];
  const width = columns + 2;
  const id = (i, j, vertical) => 2 * ((j + 1) * width + i + 1) + vertical;
  const next = new Map();
  const place = new Map();
  for (let j = -1; j < rows; j++) {
    for (let i = -1; i < columns; i++) {
      const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
      let low = 0;
      for (let k = 0; k < 4; k++) if (corners[k] <= level) low |= 1 << k;
      const pairs = SEGMENTS[low];
      for (let k = 0; k < pairs.length; k += 2) {
        const edges = [id(i, j, 0), id(i + 1, j, 1), id(i, j + 1, 0), id(i, j, 1)];
        next.set(edges[pairs[k]], edges[pairs[k + 1]]);
        place.set(edges[pairs[k]], crossing(i, j, pairs[k], corners, level));
      }
    }
  }
  const found = [];
  for (const first of next.keys()) {
    const loop = [];
    for (let edge = first; next.has(edge);) {
      loop.push(place.get(edge));
      const following = next.get(edge);
      next.delete(edge);
      edge = following;
    }
    if (loop.length > 0) found.push(loop);
  }
  return found;
}

/** Where the level crosses an edge of cell (i, j), by linear interpolation from its low end. */
function crossing(i, j, edge, corners, level) {
  const vertical = edge % 2;
  const [a, b] = ["01", "12", "32", "03"][edge];
  // One end is low, so finite; beyond an infinite one lies the fence.
  const t = (level - corners[a]) / (corners[b] - corners[a]);
  const along = Number.isFinite(corners[a]) ? t : 1;
  return [
    i + (vertical ? Number(edge === "1") : along),
    j + (vertical ? along : Number(edge === "2")),
  ];
}

/** `count` levels in equal steps of height, so that crowded lines mean a steep slope. */
export function levels(values, count) {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  return Array.from({ length: count }, (_, k) => low + ((high - low) * (k + 0.5)) / count);
}

/** On a plot, `draw(f, xs, ys, n)`: twelve contour lines of f over the ranges, from n x n values. */
export function rings(plot) {
  const bands = plot.many(() => h("path"), { class: "ex-bands" });
  return function draw(f, xs, ys, n) {
    const values = sample(f, xs, ys, n, n);
    const [sx, sy] = [plot.width / (n - 1), plot.height / (n - 1)];
    const pixel = ([i, j]) => `${(i * sx).toFixed(1)} ${(plot.height - j * sy).toFixed(1)}`;
    const heights = levels(values, 12);
    bands(heights.length).forEach((path, k) => {
      const closed = loops(values, n, n, heights[k]);
      put(path, { d: closed.map((loop) => `M${loop.map(pixel).join("L")}Z`).join("") });
    });
  };
}

/** Corners of a convex polygon in order around their middle. */
export function around(corners) {
  const mx = corners.reduce((sum, c) => sum + c[0], 0) / corners.length;
  const my = corners.reduce((sum, c) => sum + c[1], 0) / corners.length;
  return corners.toSorted(
    (p, q) => Math.atan2(p[1] - my, p[0] - mx) - Math.atan2(q[1] - my, q[0] - mx),
  );
}
