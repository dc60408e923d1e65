// SPDX-License-Identifier: Apache-2.0
// The page's visual words: which sign, tone and colour a state or a VLAN has. Pure.

/**
 * @typedef {'ok'|'wait'|'drift'|'bad'|'off'} Tone
 * @typedef {{tone: Tone, sign: string, word: string}} Look
 */

/** @type {Record<string, Look>} */
const LOOKS = {
  enrolled: { tone: 'ok', sign: '●', word: 'enrolled' },
  joined: { tone: 'ok', sign: '●', word: 'joined' },
  refused: { tone: 'bad', sign: '▲', word: 'refused' },
  drifted: { tone: 'drift', sign: '◆', word: 'drifted' },
  stopped: { tone: 'off', sign: '○', word: 'stopped' },
  'left-alone': { tone: 'off', sign: '–', word: 'left alone' },
  'without-link': { tone: 'off', sign: '–', word: 'without link' },
};

/** The states in the order in which people look for them. */
export const ORDER = ['refused', 'drifted', 'waiting', 'working', 'without-link', 'enrolled', 'left-alone', 'stopped'];

/**
 * Returns how a state looks. A state that the page does not know, such as a phase of a mesh, is one that waits.
 *
 * @param {string} state the state in the words of `query`
 * @returns {Look}
 */
export function look(state) {
  return (Object.hasOwn(LOOKS, state) && LOOKS[state]) || { tone: 'wait', sign: '◐', word: String(state || 'unknown').replaceAll('-', ' ') };
}

/**
 * Returns how much a state asks for attention; the highest number comes first.
 *
 * @param {string} state
 * @returns {number}
 */
export function urgency(state) {
  return { bad: 4, drift: 3, wait: 2, ok: 1, off: 0 }[look(state).tone];
}

export const VLAN_COLOURS = 8;

/**
 * Returns which of the eight colours a VLAN has: the same one on every page. Neighbours (1, 2, 3) and tens (10, 20, 30)
 * differ; others can share a colour, because the number always stands beside it.
 *
 * @param {number} vlan
 * @returns {number}
 */
export function vlanSlot(vlan) {
  return (vlan + Math.floor(vlan / 10)) % VLAN_COLOURS;
}
