// SPDX-License-Identifier: Apache-2.0
// Orders what is known into hosts, their bridges, and rows: a port with its container, a port without one, or a container without a
// port. Pure functions.

import { byName } from '../format.js';
import { containerKeyOf, vlanOf } from '../model.js';

/**
 * @typedef {object} Row
 * @property {string} id the same as long as the thing is there: a container keeps its row when its port comes or goes
 * @property {any|null} port
 * @property {any|null} container
 * @property {string|null} owner the row that shows the container, if this is one of its further ports
 * @property {string} name
 * @property {string} state
 * @property {number|null} vlan
 *
 * @typedef {{id: string, host: string, name: string, known: boolean, datapath: string, rows: Row[]}} Region a bridge, or the place of
 *   what is on none (its name is empty)
 * @typedef {{key: string, name: string, host: any, regions: Region[]}} HostTree
 */

/**
 * Returns the hosts, this one first.
 *
 * @param {import('../model.js').Model} model
 * @returns {HostTree[]}
 */
export function treeOf(model) {
  const names = new Set();
  for (const host of model.hosts.values()) names.add(host.name);
  for (const container of model.containers.values()) names.add(container.host);
  const self = model.host?.name ?? [...model.hosts.values()].find((host) => host.self)?.name;
  const hosts = [...names].sort((a, b) => Number(b === self) - Number(a === self) || byName(a, b));
  const regions = new Map(hosts.map((name) => [name, new Map()]));
  for (const bridge of model.bridges.values()) region(regions, bridge.host, bridge.name, bridge);
  addPorts(regions, model);
  addContainers(regions, model, self);
  return hosts.map((name) => ({
    key: name,
    name,
    host: hostOf(model, name),
    regions: [...regions.get(name).values()].sort((a, b) => Number(!a.name) - Number(!b.name) || byName(a.name, b.name)).map(sorted),
  }));
}

function hostOf(model, name) {
  return model.hosts.get(name) ?? [...model.hosts.values()].find((host) => host.name === name) ?? { key: name, name, self: false, up: true };
}

function region(regions, host, name, bridge) {
  if (!regions.has(host)) regions.set(host, new Map());
  const ofHost = regions.get(host);
  if (!ofHost.has(name)) {
    ofHost.set(name, { id: `${host}/${name}`, host, name, known: Boolean(bridge), datapath: bridge?.datapathType ?? '', rows: [] });
  }
  return ofHost.get(name);
}

function addPorts(regions, model) {
  const seen = new Set();
  const ports = [...model.ports.values()].sort((a, b) => byName(a.name, b.name));
  for (const port of ports) {
    // A bridge's own port is the bridge, for people.
    if (port.name === port.bridge) continue;
    const key = containerKeyOf(port);
    const container = key === null ? null : model.containers.get(key) ?? null;
    const first = container !== null && !seen.has(key);
    if (container) seen.add(key);
    region(regions, port.host, port.bridge, null).rows.push({
      id: first ? `c:${key}` : `p:${port.key}`,
      port,
      container: first ? container : null,
      owner: container && !first ? `c:${key}` : null,
      name: container?.name ?? port.name,
      state: first ? container.state : port.error ? 'failed' : '',
      vlan: port.vlan ?? null,
    });
  }
  return seen;
}

function addContainers(regions, model, self) {
  const shown = new Set();
  for (const ofHost of regions.values()) {
    for (const each of ofHost.values()) for (const row of each.rows) if (row.container) shown.add(row.container.key);
  }
  for (const container of model.containers.values()) {
    if (shown.has(container.key)) continue;
    const link = container.links?.find((one) => one.bridge);
    // Of another host only its containers are told; their links say which ports it has.
    const port = link && container.host !== self
      ? { key: `${container.host}/${link.name}`, host: container.host, name: link.name, bridge: link.bridge, vlan: link.vlan ?? null, ofport: link.ofport, told: true }
      : null;
    region(regions, container.host, link?.bridge ?? container.bridge ?? '', null).rows.push({
      id: `c:${container.key}`, port, container, owner: null, name: container.name, state: container.state, vlan: vlanOf(container),
    });
  }
  // A bridge of another host is known because a port is on it; one of this host because Open vSwitch has it.
  for (const [host, ofHost] of regions) {
    if (host === self) continue;
    for (const each of ofHost.values()) each.known = each.known || each.rows.some((row) => row.port);
  }
}

function sorted(region) {
  region.rows.sort((a, b) => Number(Boolean(a.container || a.owner)) - Number(Boolean(b.container || b.owner)) || byName(a.name, b.name) || byName(a.id, b.id));
  return region;
}

/**
 * Returns how many ports there are.
 *
 * @param {HostTree[]} hosts
 * @returns {number}
 */
export function countPorts(hosts) {
  return hosts.reduce((sum, host) => sum + host.regions.reduce((part, region) => part + region.rows.filter((row) => row.port).length, 0), 0);
}
