// A curve over the residual, with the residuals themselves as ticks in a lane below it.

import { h, put, write } from "./elements.js";
import { panel } from "./panel.js";

/** A panel whose `.ticks(residuals, marked)` shows those inside the axes and counts the others. */
export function residualPlot(title) {
  const plot = panel(title);
  const { width, height, front } = plot;
  const lines = plot.many(() => h("line"));
  const beyond = [0, 1].map((right) =>
    front.appendChild(
      h("text", {
        x: right ? width - 4 : 4,
        y: height - 20,
        "text-anchor": right ? "end" : "start",
      }),
    ),
  );
  plot.ticks = (residuals, marked) => {
    const [low, high] = plot.room[0];
    lines(residuals.length).forEach((el, k) => {
      const odd = marked.includes(k);
      const x = plot.x(residuals[k]).toFixed(1);
      put(el, {
        class: `ex-tick${odd ? " ex-odd" : ""}`,
        x1: x,
        x2: x,
        y1: height,
        y2: height - (odd ? 16 : 11),
        visibility: residuals[k] < low || residuals[k] > high ? "hidden" : null,
      });
    });
    const out = [residuals.filter((r) => r < low), residuals.filter((r) => r > high)];
    beyond.forEach((el, right) => {
      const n = out[right].length;
      write(el, n === 0 ? "" : right ? `${n} more \u2192` : `\u2190 ${n} more`);
    });
  };
  return plot;
}
