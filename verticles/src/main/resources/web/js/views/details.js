// SPDX-License-Identifier: Apache-2.0
// What the side panel says of each kind of thing.

import { el } from '../dom.js';
import { ago, byName, clock, count, value, visible } from '../format.js';
import { addressesOf, containerKeyOf, reasonOf, remedyOf, vlanOf } from '../model.js';
import { link } from '../router.js';
import { urgency } from '../words.js';
import { facts, foreign, stateMark, vlanMark } from './marks.js';

const MEMBERS_SHOWN = 200;
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/u;

/**
 * Returns what is known of a thing. Each part has a text that is different when its content is, so that only then it is made anew.
 *
 * @param {{kind: string, key: string, members?: any[]}} subject
 * @param {import('../store.js').State} state
 * @returns {{title: string, parts: {name: string, title: string, text: string, build: () => HTMLElement}[], subjects: string[], host?: string}}
 *     `subjects` are those of its events and entries, on its host
 */
export function describe(subject, state) {
  const { model } = state;
  switch (subject.kind) {
    case 'container': return ofContainer(subject.key, model);
    case 'port': return ofPort(subject.key, model);
    case 'bridge':
    case 'none': return ofBridge(subject.key, model);
    case 'host': return ofHost(subject.key, model);
    case 'hub': return ofMesh(subject.key, model);
    default: return ofGroup(subject, model);
  }
}

function piece(name, title, basis, build) {
  return { name, title, text: JSON.stringify(basis ?? null), build };
}

function gone(key, what) {
  return { title: visible(key, 200), subjects: [], parts: [piece('state', 'State', 'gone', () => el('p', {}, `This ${what} is not there any more.`))] };
}

function ofContainer(key, model) {
  const container = model.containers.get(key);
  if (!container) return { ...gone(key, 'container'), subjects: [key.slice(key.indexOf('/') + 1)], host: key.slice(0, key.indexOf('/')) };
  const links = container.links ?? [];
  const ports = [...model.ports.values()].filter((port) => containerKeyOf(port) === key);
  const kernel = [...model.links.values()].filter((one) => one.host === container.host && links.some((known) => known.index === one.index));
  const parts = [piece('state', 'State', [container.state, container.reason, container.remedy, container.mesh, container.since], () => stateOf(container))];
  parts.push(piece('about', 'Container', [container.kind, container.bridge, container.properties, container.mesh, container.name], () => facts([
    ['kind', container.kind], ['id', foreign(container.id)], ['host', el('a', { href: link('hosts', container.host) }, visible(container.host))],
    ['image', container.image && foreign(container.image)], ['bridge', container.bridge && foreign(container.bridge)], ['VLAN', vlanMark(vlanOf(container))],
    ['addresses', addressesOf(container).map((address) => visible(address)).join(', ')],
    ['see', el('span', {}, el('a', { href: link('topology', `c:${key}`) }, 'topology'), ' · ', el('a', { href: link('containers', key) }, 'containers'))],
  ])));
  if (links.length > 0) {
    parts.push(piece('links', 'Links', [links, kernel], () => el('div', {}, ...links.map((one) => linkFacts(one, kernel.find((found) => found.index === one.index))))));
  }
  const wanted = Object.entries(container.properties ?? {});
  if (wanted.length > 0) parts.push(piece('wanted', 'Wanted', wanted, () => facts(wanted.map(([name, each]) => [visible(name, 40), value(each)]))));
  for (const port of ports) parts.push(marksPart(port));
  parts.push(...capturePart(container.host, links[0]?.name));
  if (container.mesh?.phase) parts.push(piece('mesh', 'Mesh', container.mesh, () => meshFacts(container.mesh)));
  const names = links.map((one) => one.name);
  return { title: visible(container.name, 200), parts, subjects: [container.id, ...names], host: container.host };
}

function stateOf(container) {
  const reason = reasonOf(container);
  const remedy = remedyOf(container);
  return el('div', {},
    el('p', {}, stateMark(container.state), container.since ? el('span', { class: 'quiet-text' }, `  since ${clock(container.since)} (${ago(container.since)})`) : null),
    reason ? el('div', { class: urgency(container.state) >= 3 ? 'problem' : 'part', 'data-field': 'reason' }, foreign(reason, 1200)) : null,
    remedy ? el('div', { class: 'remedy', 'data-field': 'remedy' }, el('strong', {}, 'What to do: '), foreign(remedy, 1200)) : null);
}

function linkFacts(one, kernel) {
  return facts([
    ['name', el('span', { class: 'mono' }, visible(one.name, 60))], ['also', (kernel?.altNames ?? one.altNames ?? []).map((name) => visible(name, 130)).join(', ')],
    ['index', one.index], ['bridge', one.bridge && visible(one.bridge, 60)], ['VLAN', vlanMark(one.vlan)], ['OpenFlow port', one.ofport || null],
    ['MAC address', kernel?.mac && el('span', { class: 'mono' }, visible(kernel.mac, 40))], ['MTU', kernel?.mtu],
    ['kernel', kernel && `${kernel.up ? 'up' : 'down'}${kernel.carrier === false ? ', no carrier' : ''}`],
  ]);
}

function marksPart(port) {
  const marks = Object.entries(port.marks?.external_ids ?? port.marks ?? {});
  return piece(`marks-${port.id ?? port.name}`, `Marks of port ${visible(port.name, 40)}`, [marks, port.id], () => (marks.length === 0
    ? el('p', { class: 'quiet-text' }, 'None: the port is not the agent’s.')
    : facts(marks.map(([name, each]) => [visible(name, 60), el('span', { class: 'mono' }, value(each))]))));
}

/** The command that shows what crosses a link; none for names that a shell would not take as they are. */
function capturePart(host, name) {
  if (!PLAIN.test(host) || !PLAIN.test(name ?? '')) return [];
  return [piece('capture', 'Capture', [host, name], () => el('div', {}, el('p', { class: 'quiet-text' }, 'What crosses it, live in Wireshark on your machine:'),
    el('pre', {}, `ssh root@${host} op-dbus capture ${name} | wireshark -k -i -`)))];
}

function meshFacts(mesh) {
  return facts([['phase', stateMark(mesh.phase)], ['network', visible(mesh.network, 60)], ['address', visible(mesh.address, 60)], ['reason', foreign(mesh.why || mesh.reason, 600)], ['remedy', foreign(mesh.remedy, 600)]]);
}

function ofPort(key, model) {
  const port = model.ports.get(key);
  if (!port) return gone(key, 'port');
  const owner = containerKeyOf(port);
  const kernel = [...model.links.values()].find((one) => one.host === port.host && one.name === port.name);
  const container = owner && model.containers.get(owner);
  return {
    title: visible(port.name, 200),
    parts: [
      ...(port.error ? [piece('state', 'State', port.error, () => el('div', { class: 'problem' }, foreign(port.error, 1200)))] : []),
      piece('about', 'Port', port, () => facts([
        ['bridge', visible(port.bridge, 60)], ['VLAN', vlanMark(port.vlan)], ['trunks', port.trunks?.join(', ')], ['OpenFlow port', port.ofport],
        ['container', owner && el('a', { href: link('containers', owner) }, visible(container?.name ?? port.container))], ['row', el('span', { class: 'mono' }, visible(port.id, 60))],
      ])),
      ...(kernel ? [piece('links', 'Link', kernel, () => linkFacts(kernel, kernel))] : []),
      marksPart(port),
      ...capturePart(port.host, port.name),
    ],
    subjects: [port.name, ...(container ? [container.id] : [])],
    host: port.host,
  };
}

function ofBridge(key, model) {
  const [host, name] = [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)];
  const bridge = [...model.bridges.values()].find((one) => one.host === host && one.name === name);
  const ports = [...model.ports.values()].filter((port) => port.host === host && port.bridge === name);
  const containers = [...model.containers.values()].filter((one) => one.host === host && (one.bridge ?? '') === name);
  const vlans = new Map();
  for (const one of containers) vlans.set(vlanOf(one), (vlans.get(vlanOf(one)) ?? 0) + 1);
  return {
    title: name ? visible(name, 200) : `On no bridge of ${visible(host, 60)}`,
    parts: [
      piece('about', 'Bridge', [bridge, ports.length, containers.length], () => facts([
        ['host', el('a', { href: link('hosts', host) }, visible(host, 60))], ['datapath', bridge && (visible(bridge.datapathType, 40) || 'system')],
        ['ports', ports.length || null], ['containers', containers.length],
      ])),
      piece('vlans', 'VLANs', [...vlans], () => facts([...vlans].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).map(([vlan, many]) => [vlan === null ? 'none' : String(vlan), el('span', {}, vlanMark(vlan), ` ${count(many, 'container')}`)]))),
      membersPart(containers),
    ],
    subjects: name ? [name] : [],
    host,
  };
}

function ofHost(key, model) {
  const host = model.hosts.get(key) ?? [...model.hosts.values()].find((one) => one.name === key);
  const containers = [...model.containers.values()].filter((one) => one.host === key && urgency(one.state) > 1);
  return {
    title: visible(key, 200),
    parts: [
      piece('about', 'Host', host, () => facts([
        ['place', host?.self ? 'this host' : 'peer'], ['heard', host ? (host.up === false ? `not since ${clock(host.lastSeen)}` : 'yes') : null], ['version', visible(host?.version, 40)],
        ['started', host?.started && clock(host.started)], ['ledger', host && (host.ledger?.height ?? host.height)], ['more', el('a', { href: link('hosts', key) }, 'Hosts')],
      ])),
      membersPart(containers, 'Not as they should be'),
    ],
    subjects: [],
  };
}

function ofMesh(network, model) {
  const members = [...model.containers.values()].filter((one) => one.mesh?.network === network);
  return {
    title: `Mesh ${visible(network, 120)}`,
    parts: [piece('addresses', 'Addresses', members.map((one) => [one.key, one.mesh.address, one.mesh.phase]), () => facts(members.slice(0, MEMBERS_SHOWN)
      .map((one) => [visible(one.name, 40), el('span', {}, el('span', { class: 'mono' }, visible(one.mesh.address, 60)), ' ', one.mesh.phase === 'joined' ? null : stateMark(one.mesh.phase))])))],
    subjects: [],
  };
}

function ofGroup(subject, model) {
  const members = (subject.members ?? []).map((row) => row.container && model.containers.get(row.container.key)).filter(Boolean);
  const ports = (subject.members ?? []).filter((row) => row.port && !row.container);
  return {
    title: visible(subject.key.slice(subject.key.indexOf(':') + 1), 200),
    parts: [
      membersPart(members),
      ...(ports.length > 0 ? [piece('ports', 'Ports', ports.map((row) => row.id), () => el('ul', { class: 'rows' }, ...ports.slice(0, MEMBERS_SHOWN).map((row) => el('li', { class: 'mono' }, visible(row.port.name, 60)))))] : []),
    ],
    subjects: [],
  };
}

function membersPart(containers, title = 'Containers') {
  const sorted = [...containers].sort((a, b) => urgency(b.state) - urgency(a.state) || byName(a.name, b.name));
  return piece('members', title, sorted.map((one) => [one.key, one.state]), () => (sorted.length === 0
    ? el('p', { class: 'quiet-text' }, 'None.')
    : el('ul', { class: 'rows' }, ...sorted.slice(0, MEMBERS_SHOWN).map((one) => el('li', {}, el('a', { href: link('containers', one.key), class: 'mono' }, visible(one.name, 80)), ' ', stateMark(one.state))),
      sorted.length > MEMBERS_SHOWN ? el('li', { class: 'quiet-text' }, `and ${sorted.length - MEMBERS_SHOWN} more`) : null)));
}
