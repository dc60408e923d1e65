// SPDX-License-Identifier: Apache-2.0
// The topology as nested lists: what the graph shows, for people who read or hear it instead.

import { el } from '../dom.js';
import { visible } from '../format.js';
import { look } from '../words.js';
import { stateMark, vlanMark } from '../views/marks.js';

/**
 * Returns the hosts, with a button for each thing.
 *
 * @param {any[]} hosts
 * @param {(id: string) => void} choose is called with the id of the box that shows the thing in the graph
 * @returns {HTMLElement}
 */
export function listOf(hosts, choose) {
  const thing = (id, key, ...children) => el('button', { type: 'button', 'data-id': id, 'data-key': key, on: { click: () => choose(id) } }, ...children);
  const rowItem = (row) => {
    if (row.group) {
      const states = [...row.states].map(([state, many]) => `${many} ${look(state).word}`).join(', ');
      return el('li', {}, thing(row.id, row.id, `${row.open ? '▾' : '▸'} ${visible(row.name)}: ${row.members.length} ports and containers${states ? ` (${states})` : ''}`));
    }
    const port = row.port && thing(`p:${row.port.key}`, row.port.key, el('span', { class: 'mono' }, visible(row.port.name)), ' ', vlanMark(row.port.vlan), row.port.error ? ' failed' : '');
    const container = row.container && thing(row.id, row.container.key, el('span', { class: 'mono' }, visible(row.name)), ' ', stateMark(row.state));
    return el('li', {}, port, port && container ? ' → ' : null, container);
  };
  const regionItem = (region) => el('li', {},
    thing(`b:${region.id}`, region.id, region.title ?? (region.name ? `bridge ${visible(region.name)}${region.known ? '' : ', which does not exist'}` : 'on no bridge')),
    el('ul', {}, ...region.rows.map(rowItem)));
  return el('div', { class: 'tree' }, el('ul', {}, ...hosts.map((host) => el('li', {},
    thing(`h:${host.key}`, host.key, el('strong', {}, `host ${visible(host.name)}`), host.host.up === false ? ', not heard' : ''),
    el('ul', {}, ...host.regions.map(regionItem))))));
}
