// SPDX-License-Identifier: Apache-2.0
// Turns the agent's figures, as the stream tells them, into the series of the plots. Pure functions.

/**
 * @typedef {{name: string, title: string, unit: 'count'|'bytes'|'ms', values: (number|null)[]}} Series
 */

/** Figures that the page knows; of each one or two successive figures make a value. */
const KNOWN = [
  { name: 'enrolments', title: 'Enrolments a minute', unit: 'count', of: (now, before) => rate(now.enrolled, before?.enrolled, now.at - before?.at, 60_000) },
  { name: 'latency', title: 'Enrolment, mean', unit: 'ms', of: (now, before) => mean(now.enrolmentMs, before?.enrolmentMs) },
  { name: 'latency-max', title: 'Enrolment, longest of late', unit: 'ms', of: (now) => numeric(now.enrolmentMs?.max) },
  { name: 'facts', title: 'Facts a second', unit: 'count', of: (now, before) => rate(now.facts, before?.facts, now.at - before?.at, 1000) },
  { name: 'refused', title: 'Refusals since the start', unit: 'count', of: (now) => numeric(now.refused) },
  { name: 'heap', title: 'Memory of Java in use', unit: 'bytes', of: (now) => numeric(now.heapBytes?.used) },
];

/**
 * Returns a series for each figure that has a value.
 *
 * @param {any[]} figures the oldest first, each with the time `at` in milliseconds
 * @returns {Series[]}
 */
export function seriesOf(figures) {
  const queues = [...new Set(figures.flatMap((each) => Object.keys(each.queues ?? {})))].sort();
  const all = [
    ...KNOWN,
    ...queues.map((queue) => ({ name: `queue-${queue}`, title: `Queue ${queue}`, unit: /** @type {const} */ ('count'), of: (now) => numeric(now.queues?.[queue]) })),
  ];
  return all
    .map(({ name, title, unit, of }) => ({ name, title, unit, values: figures.map((now, index) => of(now, figures[index - 1])) }))
    .filter(({ values }) => values.some((value) => value !== null) || values.length < 2);
}

function numeric(value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** How much a counter has grown, for each unit of time. A restarted agent counts from zero again. */
function rate(now, before, ms, unit) {
  return numeric(now) !== null && numeric(before) !== null && ms > 0 && now >= before ? ((now - before) * unit) / ms : null;
}

function mean(now, before) {
  if (!now || !before || now.count < before.count) return null;
  return now.count === before.count ? null : (now.total - before.total) / (now.count - before.count);
}
