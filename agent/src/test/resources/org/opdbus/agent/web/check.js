// SPDX-License-Identifier: Apache-2.0
// What tests of modules say of values.

/** Fails unless both are the same as JSON; Maps and Sets are compared as lists. */
export function same(actual, expected, what = '') {
  const left = text(actual);
  const right = text(expected);
  if (left !== right) throw new Error(`${what} expected ${right}, was ${left}`);
}

/** Fails unless this is true. */
export function that(condition, what) {
  if (!condition) throw new Error(what);
}

function text(value) {
  return JSON.stringify(value, (key, each) => {
    if (each instanceof Map) return [...each.entries()];
    if (each instanceof Set) return [...each];
    return each === undefined ? '(undefined)' : each;
  });
}

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
