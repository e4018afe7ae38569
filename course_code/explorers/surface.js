// The map of all lines, slope by intercept: what each costs, which is best, and one to move.

import { around, rings } from "./contours.js";
import { h, memo, put } from "./elements.js";
import { show } from "./numbers.js";
import { lossNamed, meanLoss } from "./losses.js";
import { grip, panel } from "./panel.js";

/** Names of the losses, their names on buttons, and the names of their means. */
export const LOSSES = [
  ["squared", "squared", "mean squared error"],
  ["absolute", "absolute", "mean absolute error"],
  ["huber", "Huber", "mean Huber loss"],
];

/**
 * A panel with a handle called `label` for the line [slope, intercept] that `place()` names; `go` takes
 * it elsewhere. `.show(state, ranges, fits)` draws the rings of the state's loss over the two ranges,
 * and the best lines: `fits` has them by loss, the state's own last.
 */
export function surface(title, label, place, go) {
  const plot = panel(title);
  const draw = rings(plot);
  // Nodes per side: what is drawn in a frame with room to spare.
  const map = memo((points, loss, delta, ranges) => {
    const f = lossNamed(loss, delta);
    draw((b, a) => meanLoss(f, points, b, a), ...ranges, points.length > 60 ? 41 : 61);
  });
  const flat = plot.add("polygon", { class: "ex-flat" });
  const minima = plot.many(() =>
    h("path", { class: "ex-minimum", d: "M-2-7H2V-2H7V2H2V7H-2V2H-7V-2H-2Z" }),
  );
  const here = grip(plot, label, place, go);
  plot.onclick(go);
  plot.show = ({ points, loss, delta }, ranges, fits) => {
    plot.axes(...ranges, "slope", "intercept");
    map(points, loss, delta, ranges);
    const pixels = ([b, a]) => [plot.x(b), plot.y(a)];
    const found = Object.entries(fits);
    minima(found.length).forEach((el, k) => {
      const [name, { slope, intercept }] = found[k];
      const [x, y] = pixels([slope, intercept]);
      put(el, { "data-loss": name, transform: `translate(${x} ${y})` });
    });
    const corners = around(fits[loss]?.vertices ?? []).map((corner) => pixels(corner).join());
    put(flat, { points: corners.join(" ") });
    const [b, a] = place();
    here.show(`slope ${show(b)}, intercept ${show(a)}`);
  };
  return plot;
}
