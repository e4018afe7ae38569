// Checks on a state: what Python's traits refuse is refused here, with the same words.

/** Throw what Python's checks say: `name: rule; got value`. */
function refuse(name, text, got) {
  throw new Error(`${name}: ${text}; got ${String(JSON.stringify(got) ?? got).slice(0, 60)}`);
}

const isReal = (v) => typeof v === "number" && Number.isFinite(v);

/**
 * Rules by kind; each is called with the name and the value of one key of the state. (They are set one
 * by one, so that a module need not carry those it does not use.)
 */
export const rule = {};

rule.real = (name, v) => isReal(v) || refuse(name, "must be a finite number", v);

rule.positive = (name, v) =>
  (isReal(v) && v > 0) || refuse(name, "must be a positive finite number", v);

/** Strictly inside. */
rule.inside = (low, high) => (name, v) =>
  (isReal(v) && v > low && v < high) ||
  refuse(name, `must lie strictly between ${low} and ${high}`, v);

/** The ends included. */
rule.within = (low, high) => (name, v) =>
  (isReal(v) && v >= low && v <= high) || refuse(name, `must be from ${low} to ${high}`, v);

rule.flag = (name, v) => typeof v === "boolean" || refuse(name, "must be true or false", v);

rule.oneOf = (allowed) => (name, v) =>
  allowed.includes(v) || refuse(name, `must be one of ${allowed.join(", ")}`, v);

/** Some of a few words, each at most once. */
rule.someOf = (allowed) => (name, v) =>
  (Array.isArray(v) && v.every((word, k) => allowed.includes(word) && v.indexOf(word) === k)) ||
  refuse(name, `must be different ones of ${allowed.join(", ")}`, v);

/** A whole number in a range. */
rule.count = (least, most) => (name, v) =>
  (Number.isInteger(v) && v >= least && v <= most) ||
  refuse(name, `must be a whole number from ${least} to ${most}`, v);

/** Positions of points, counted from 0. */
rule.positions = (name, v) =>
  (Array.isArray(v) && v.every((i) => Number.isInteger(i) && i >= 0)) ||
  refuse(name, "must be a list of positions, 0 or more", v);

rule.texts = (count) => (name, v) =>
  (Array.isArray(v) && v.length === count && v.every((text) => typeof text === "string")) ||
  refuse(name, `must be ${count} texts`, v);

/** Objects with a name. */
rule.named = (name, v) =>
  (Array.isArray(v) && v.every((item) => typeof item?.name === "string")) ||
  refuse(name, "must be a list of objects with a name", v);

/** Lists of `width` numbers, between `least` and `most` of them. */
rule.rows = (width, least, most) => (name, v) => {
  const text = `must be a list of ${least} to ${most} items of ${width} finite numbers`;
  if (!Array.isArray(v)) refuse(name, text, v);
  if (v.length < least || v.length > most) refuse(name, text, `${v.length} items`);
  for (const row of v) {
    if (!Array.isArray(row) || row.length !== width || !row.every(isReal)) refuse(name, text, row);
  }
};

/** [low, high, ...] pairs, each increasing. */
rule.ranges = (count) => (name, v) => {
  const increasing = (_, k) => v[2 * k] < v[2 * k + 1];
  const fits = Array.isArray(v) && v.length === 2 * count && v.every(isReal);
  if (!fits || !Array.from({ length: count }, increasing).every(Boolean)) {
    refuse(name, `must be ${count} increasing pairs of finite numbers`, v);
  }
};

/** The values of all keys of `rules`, each checked; `get` looks one up. */
export function readState(get, rules) {
  const state = {};
  for (const [name, check] of Object.entries(rules)) {
    state[name] = get(name);
    check(name, state[name]);
  }
  return state;
}

/** All keys of a state, which must be those of the rules. */
export function checkState(state, rules) {
  for (const name of Object.keys(state)) {
    if (!(name in rules)) refuse(name, "is not part of this explorer", state[name]);
  }
  return readState((name) => state[name], rules);
}
