// The numbers that course_code computed (make_vectors.py), and how close is close.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const vectors = JSON.parse(readFileSync(new URL("vectors.json", import.meta.url)));

/** Equal to 1e-12, relative to the larger of the two and 1. */
export function close(actual, expected, tolerance = 1e-12) {
  const scale = Math.max(1, Math.abs(actual), Math.abs(expected));
  assert.ok(Math.abs(actual - expected) <= tolerance * scale, `${actual} is not ${expected}`);
}
