// Numbers: steps, ranges, scales, and how they are written.

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** 1, 2 or 5 times a power of ten, at least `rough`. */
export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * (1 - 1e-9));
}

/** A multiple of `step`, without the digits that multiplying by a decimal leaves behind. */
export const snap = (value, step) => Number((Math.round(value / step) * step).toPrecision(12));

/** A step fine enough for a drag over this range, and coarse enough for short numbers. */
export const stepOf = ([low, high]) => niceStep((high - low) / 400);

/** The nearest multiple of that step inside the range. */
export const onGrid = (value, [low, high]) => clamp(snap(value, stepOf([low, high])), low, high);

/** [low, high] widened to hold the values, outwards to a multiple of a nice step. */
export function cover([low, high], values) {
  const a = Math.min(low, ...values);
  const b = Math.max(high, ...values);
  const step = niceStep((b - a) / 10);
  return [
    a < low ? snap(Math.floor(a / step) * step, step) : low,
    b > high ? snap(Math.ceil(b / step) * step, step) : high,
  ];
}

/** The ranges of x and y that hold a view, x low, x high, y low, y high, and all points. */
export const frameOf = (points, view) =>
  [0, 1].map((axis) =>
    cover(
      view.slice(2 * axis, 2 * axis + 2),
      points.map((p) => p[axis]),
    ),
  );

const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

/**
 * Four significant digits, and all before the point; a power of ten for what is very large or very
 * small; a true minus sign, never -0.
 */
export function show(value) {
  if (!Number.isFinite(value)) return "none";
  const size = Math.abs(value);
  if (size >= 1e7 || (size < 1e-4 && size > 0)) {
    const [digits, power] = value.toExponential(3).split("e");
    // On one line, whatever the room.
    return `${minus(Number(digits))}\u00a0\u00d7\u00a0${tenTo(Number(power))}`;
  }
  return minus(size < 1e4 ? Number(value.toPrecision(4)) : Math.round(value));
}

const tenTo = (power) => `10${[...String(power)].map((c) => RAISED[c] ?? "\u207b").join("")}`;

const minus = (value) => String(value === 0 ? 0 : value).replace("-", "\u2212");

/** A share in percent, with as many digits. */
export const percent = (share, digits = 2) =>
  `${show(Number((100 * share).toPrecision(digits)))} %`;

/** The slope (0) or intercept (1) of a best line in words; "a to b" where lines tie. */
export function span(fit, which) {
  const values = fit.vertices?.map((v) => v[which]) ?? [[fit.slope, fit.intercept][which]];
  const ends = [show(Math.min(...values)), show(Math.max(...values))];
  return ends[0] === ends[1] ? ends[0] : ends.join(" to ");
}

export function scale([d0, d1], [r0, r1]) {
  const to = (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
  to.invert = (pixel) => d0 + ((pixel - r0) / (r1 - r0)) * (d1 - d0);
  return to;
}

const UNITS = {
  9: "billions",
  6: "millions",
  3: "thousands",
  "-3": "thousandths",
  "-6": "millionths",
};

/**
 * The ticks of an axis as [value, text], and the word for the power of ten that was taken out of the
 * texts, so that they stay short.
 */
export function ticks([low, high]) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const everyday = size < 1e4 && size >= 0.01;
  const power = everyday ? 0 : 3 * Math.floor(Math.log10(size) / 3);
  const step = niceStep((high - low) / 6);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
    const value = snap(k * step, step);
    found.push([value, minus(Number((value / 10 ** power).toPrecision(12)))]);
  }
  return [found, power === 0 ? "" : (UNITS[power] ?? tenTo(power))];
}
