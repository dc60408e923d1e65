// SPDX-License-Identifier: Apache-2.0
// Chooses which boxes and lines of a scene are worth drawing: those in sight. A host can have hundreds of rows, a screen shows forty.
// Pure functions.

import { PITCH } from './layout.js';

/** Rows are taken in bands, so that moving the picture by a little changes nothing. */
const BAND = 8 * PITCH;
/** Below this size a row is a few pixels high and nothing can be read: boxes alone show how large everything is. */
const FAR = 0.3;
const MESH_LINES_MAX = 300;
const TALL = new Set(['host', 'bridge', 'none', 'hub']);

/**
 * @typedef {{bands: Map<number, {boxes: any[], lines: any[]}>, always: {boxes: any[], lines: any[]}, bounds: {x1: number, y1: number, x2: number, y2: number}}} Index
 */

/**
 * Returns where everything of a scene is.
 *
 * @param {import('./layout.js').Scene} scene
 * @returns {Index}
 */
export function indexOf(scene) {
  const index = { bands: new Map(), always: { boxes: [], lines: [] }, bounds: { x1: 0, y1: -40, x2: 0, y2: 0 } };
  const lines = [...scene.lines.values()];
  const mesh = lines.filter((line) => line.kind === 'mesh' || line.kind === 'tunnel');
  // A line to a mesh is as long as the picture, so it is in sight when its container is not.
  const kept = new Set(mesh.length <= MESH_LINES_MAX ? mesh.map((line) => line.source) : []);
  for (const box of scene.boxes.values()) {
    const { bounds } = index;
    bounds.x2 = Math.max(bounds.x2, box.x + box.w + (box.kind === 'hub' ? 8 * box.label.length : 0));
    bounds.y1 = Math.min(bounds.y1, box.y - 8);
    bounds.y2 = Math.max(bounds.y2, box.y + box.h);
    (TALL.has(box.kind) || kept.has(box.id) ? index.always : band(index, bandOf(box.y))).boxes.push(box);
  }
  for (const line of lines) {
    if (TALL.has(scene.boxes.get(line.target)?.kind)) index.always.lines.push(line);
    else band(index, bandOf(scene.boxes.get(line.target)?.y ?? 0)).lines.push(line);
  }
  return index;
}

function bandOf(y) {
  return Math.floor(y / BAND);
}

function band(index, number) {
  let found = index.bands.get(number);
  if (!found) index.bands.set(number, found = { boxes: [], lines: [] });
  return found;
}

/**
 * Returns what of a scene is in sight, with a band above and below.
 *
 * @param {Index} index
 * @param {{y1: number, y2: number}} extent the part of the picture that the screen shows
 * @param {number} zoom
 * @returns {{key: string, things: () => {boxes: Map<string, any>, lines: Map<string, any>}}} the same key for the same things
 */
export function inSight(index, extent, zoom) {
  const far = zoom < FAR;
  const first = bandOf(Math.max(extent.y1, index.bounds.y1)) - 1;
  const last = bandOf(Math.min(extent.y2, index.bounds.y2)) + 1;
  return { key: `${first} ${last} ${far}`, things: () => thingsOf(index, first, last, far) };
}

function thingsOf(index, first, last, far) {
  const boxes = new Map(index.always.boxes.map((box) => [box.id, box]));
  const lines = new Map();
  const bands = [];
  for (let number = first; number <= last; number++) if (index.bands.has(number)) bands.push(index.bands.get(number));
  for (const each of bands) for (const box of each.boxes) if (!far || box.kind !== 'port' || box.failed) boxes.set(box.id, box);
  const seen = (line) => boxes.has(line.source) && boxes.has(line.target);
  for (const line of index.always.lines) if (seen(line)) lines.set(line.id, line);
  if (!far) for (const each of bands) for (const line of each.lines) if (seen(line)) lines.set(line.id, line);
  return { boxes, lines };
}
