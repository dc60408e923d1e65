// SPDX-License-Identifier: Apache-2.0
// Puts rows of a large network into groups: of each bridge, those whose names begin alike. Pure functions.

import { byName } from '../format.js';
import { urgency } from '../words.js';
import { countPorts } from './tree.js';

/** With more ports than this the topology begins collapsed. */
export const PORTS_SHOWN = 150;
const GROUP_MIN = 3;
const SINGLE_ROWS_MAX = 12;

/**
 * @typedef {object} Group a row that stands for several
 * @property {string} id
 * @property {true} group
 * @property {string} name
 * @property {import('./tree.js').Row[]} members
 * @property {boolean} open
 * @property {string} state the most urgent state of its members
 * @property {Map<string, number>} states how many members have each state
 */

/**
 * Returns whether a network is so large that it begins collapsed.
 *
 * @param {import('./tree.js').HostTree[]} hosts
 * @returns {boolean}
 */
export function isLarge(hosts) {
  return countPorts(hosts) > PORTS_SHOWN;
}

/**
 * Returns the same hosts with groups in place of rows. The members of an open group have a region of their own, which follows that
 * of the bridge.
 *
 * @param {import('./tree.js').HostTree[]} hosts
 * @param {Set<string>} open the ids of open groups
 * @returns {any[]}
 */
export function collapse(hosts, open) {
  return hosts.map((host) => ({ ...host, regions: host.regions.flatMap((region) => regionsOf(region, open)) }));
}

function regionsOf(region, open) {
  const { groups, singles } = grouped(region);
  const rows = [...groups.map((group) => ({ ...group, open: open.has(group.id) })), ...singles];
  const opened = groups.filter((group) => open.has(group.id)).map((group) => ({
    ...region, id: `${group.id}/`, title: `${region.name || 'no bridge'} · ${group.name}`, rows: group.members,
  }));
  return [{ ...region, rows }, ...opened];
}

function grouped(region) {
  const byPrefix = new Map();
  for (const row of region.rows) {
    const prefix = prefixOf(row.name);
    if (!byPrefix.has(prefix)) byPrefix.set(prefix, []);
    byPrefix.get(prefix).push(row);
  }
  const groups = [];
  const singles = [];
  for (const [prefix, members] of byPrefix) {
    if (members.length >= GROUP_MIN) groups.push(groupOf(region, `${prefix}…`, members));
    else singles.push(...members);
  }
  groups.sort((a, b) => byName(a.name, b.name));
  if (singles.length <= SINGLE_ROWS_MAX) return { groups, singles };
  return { groups: [...groups, groupOf(region, 'others', singles)], singles: [] };
}

function groupOf(region, name, members) {
  const states = new Map();
  for (const { state } of members) if (state) states.set(state, (states.get(state) ?? 0) + 1);
  const worst = [...states.keys()].sort((a, b) => urgency(b) - urgency(a))[0] ?? '';
  return { id: `g:${region.id}/${name}`, group: true, name, members, open: false, state: worst, states };
}

/**
 * Returns what names of one family have in common: the name without the number at its end, or else its first word.
 *
 * @param {string} name
 * @returns {string}
 */
export function prefixOf(name) {
  const word = name.replace(/[-_.:]?\d+$/u, '');
  return (word || name.slice(0, 1)).slice(0, 24);
}
