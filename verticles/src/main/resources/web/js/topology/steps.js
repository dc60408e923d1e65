// SPDX-License-Identifier: Apache-2.0
// Where the arrow keys lead in a scene. Pure functions.

const STOPS = new Set(['host', 'bridge', 'none', 'port', 'container', 'group', 'hub']);

/**
 * Returns the box that an arrow key leads to: up and down to the next one of its column, left and right to the nearest one of the
 * column beside it.
 *
 * @param {import('./layout.js').Scene} scene
 * @param {string} from the id of a box; the first box of the scene if there is none of this id
 * @param {string} key ArrowUp, ArrowDown, ArrowLeft, ArrowRight, Home or End
 * @returns {string} the same id if nothing is there
 */
export function step(scene, from, key) {
  const boxes = [...scene.boxes.values()].filter((box) => STOPS.has(box.kind));
  if (boxes.length === 0) return '';
  const here = scene.boxes.get(from);
  if (!here) return boxes[0].id;
  const column = boxes.filter((box) => box.x === here.x).sort((a, b) => a.y - b.y);
  if (key === 'Home') return column[0].id;
  if (key === 'End') return column.at(-1).id;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const place = column.indexOf(here) + (key === 'ArrowUp' ? -1 : 1);
    return column[place]?.id ?? from;
  }
  const forward = key === 'ArrowRight';
  const beside = boxes.filter((box) => (forward ? box.x > here.x : box.x < here.x));
  const near = (box) => Math.abs(box.y - here.y) * 4 + Math.abs(box.x - here.x);
  return beside.sort((a, b) => near(a) - near(b))[0]?.id ?? from;
}
