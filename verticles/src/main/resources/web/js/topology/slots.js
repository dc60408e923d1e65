// SPDX-License-Identifier: Apache-2.0
// Gives each row of a host its place. A place is given once and is free again when its thing is gone; nothing else moves. Pure
// functions: a plan never changes, each assignment makes the next one.

/**
 * A host is one column of places, numbered from the top. A region (a bridge) has spans of it: its title in the first place of a span,
 * its rows in the others.
 *
 * @typedef {{start: number, length: number}} Span
 * @typedef {{spans: Span[], rows: Map<string, number>}} Places
 * @typedef {{regions: Map<string, Places>, free: Span[], end: number}} Plan
 */

/** The span that a region gets when its first one is full has at least this many rows. */
const ROWS_MORE = 8;

/** @returns {Plan} a plan without a region */
export function emptyPlan() {
  return { regions: new Map(), free: [], end: 0 };
}

/**
 * Returns a plan in which exactly these regions and rows have places. Those that had one keep it.
 *
 * @param {Plan} plan
 * @param {{id: string, rows: {id: string}[]}[]} regions
 * @returns {Plan}
 */
export function assign(plan, regions) {
  const wanted = new Set(regions.map((region) => region.id));
  const next = { regions: new Map(), free: [...plan.free], end: plan.end };
  for (const [id, places] of plan.regions) if (!wanted.has(id)) next.free.push(...places.spans);
  next.free = joined(next.free);
  for (const region of regions) next.regions.set(region.id, places(plan.regions.get(region.id), region.rows, next));
  return next;
}

function places(before, rows, plan) {
  const ids = new Set(rows.map((row) => row.id));
  const spans = [...(before?.spans ?? [])];
  const kept = new Map([...(before?.rows ?? [])].filter(([id]) => ids.has(id)));
  const taken = new Set(kept.values());
  if (spans.length === 0) spans.push(take(plan, rows.length + spare(rows.length) + 1));
  for (const row of rows) {
    if (kept.has(row.id)) continue;
    let place = firstFree(spans, taken);
    if (place < 0) {
      const missing = rows.length - kept.size;
      spans.push(take(plan, Math.max(ROWS_MORE, missing + spare(missing)) + 1));
      place = firstFree(spans, taken);
    }
    kept.set(row.id, place);
    taken.add(place);
  }
  return { spans, rows: kept };
}

/** A region begins with some room, so that the next rows are beside the first ones. */
function spare(rows) {
  return Math.max(2, Math.ceil(rows / 8));
}

function firstFree(spans, taken) {
  for (const span of spans) {
    for (let place = span.start + 1; place < span.start + span.length; place++) if (!taken.has(place)) return place;
  }
  return -1;
}

function take(plan, length) {
  const index = plan.free.findIndex((span) => span.length >= length);
  if (index < 0) {
    const span = { start: plan.end, length };
    plan.end += length;
    return span;
  }
  const found = plan.free[index];
  const rest = { start: found.start + length, length: found.length - length };
  plan.free.splice(index, 1, ...(rest.length > 0 ? [rest] : []));
  return { start: found.start, length };
}

function joined(spans) {
  const result = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && last.start + last.length === span.start) last.length += span.length;
    else result.push({ ...span });
  }
  return result;
}
