// SPDX-License-Identifier: Apache-2.0
// This host and its peers: who is heard, how far their ledgers are, and whether one contradicts itself.

import { el, fill } from '../dom.js';
import { clock, count, duration, number, visible } from '../format.js';
import { link } from '../router.js';
import { foreign } from './marks.js';
import { Table } from './table.js';

export class HostsView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store}} context
   */
  constructor(root, { store }) {
    this.store = store;
    this.thing = '';
    this.total = el('span', { class: 'count' });
    this.table = new Table('hosts-table', 'This host and its peers', [
      { name: 'name', title: 'Host', head: true, class: 'mono', order: (host) => host.name, cell: (host) => el('a', { href: link('topology', `h:${host.name}`) }, foreign(host.name, 60)) },
      { name: 'up', title: 'Heard', order: (host) => (host.up === false ? 0 : 1), cell: heard },
      { name: 'height', title: 'Ledger', class: 'number', order: heightOf, cell: (host) => number(heightOf(host)) },
      { name: 'lag', title: 'Behind', class: 'number', order: (host) => Number(host.lag ?? 0), cell: lag },
      { name: 'head', title: 'Head', class: 'mono', cell: (host) => headOf(host) },
      { name: 'fork', title: 'Fork', order: (host) => (host.forked ? 0 : 1), cell: fork },
      { name: 'containers', title: 'Containers', class: 'number', order: (host) => this.#containers(host), cell: (host) => number(this.#containers(host)) },
      { name: 'version', title: 'Version', order: (host) => host.version ?? '', cell: (host) => foreign(host.version, 32) },
      { name: 'started', title: 'Started', class: 'mono', order: (host) => host.started ?? '', cell: (host) => (host.started ? clock(host.started) : '') },
    ], {
      key: (host) => host.key ?? host.name, row: (host) => ({ 'data-key': host.key ?? host.name, 'data-up': host.up !== false, 'aria-current': this.thing === host.name ? 'true' : null }),
      basis: (host) => [host, this.#containers(host), this.thing === host.name],
    });
    fill(root, el('div', { class: 'head' }, el('h1', { id: 'hosts-title' }, 'Hosts'), this.total), this.table.element);
  }

  /** @param {string} thing the name of a host that is marked */
  show(thing) {
    this.thing = thing;
    this.#draw();
  }

  hide() {}

  /** @param {Set<string>} parts */
  update(parts) {
    if (parts.has('model')) this.#draw();
  }

  #containers(host) {
    return this.counts?.get(host.name) ?? 0;
  }

  #draw() {
    const { model } = this.store.state;
    this.counts = new Map();
    for (const container of model.containers.values()) this.counts.set(container.host, (this.counts.get(container.host) ?? 0) + 1);
    const hosts = [...model.hosts.values()].sort((a, b) => Number(Boolean(b.self)) - Number(Boolean(a.self)));
    this.table.show(hosts);
    const away = hosts.filter((host) => host.up === false).length;
    this.total.textContent = `${count(hosts.length, 'host')}${away > 0 ? `, ${away} not heard` : ''}`;
  }
}

function heard(host) {
  if (host.self) return el('span', { class: 'state', 'data-tone': 'ok' }, '● this host');
  return host.up === false
    ? el('span', { class: 'state', 'data-tone': 'bad' }, `▲ not since ${clock(host.lastSeen)}`)
    : el('span', { class: 'state', 'data-tone': 'ok' }, '● yes');
}

function heightOf(host) {
  return Number(host.ledger?.height ?? host.height ?? 0);
}

function headOf(host) {
  const hash = host.ledger?.hash ?? host.head ?? '';
  return el('span', { title: visible(hash, 80) }, visible(String(hash).slice(0, 16), 20));
}

function lag(host) {
  if (host.self) return '';
  const entries = host.lag?.entries ?? host.lag;
  const ms = host.lagMs ?? host.lag?.ms;
  return [entries !== undefined && entries !== null ? number(Number(entries)) : '', ms !== undefined ? `(${duration(ms)})` : ''].join(' ').trim();
}

function fork(host) {
  return host.forked
    ? el('span', { class: 'state', 'data-tone': 'bad' }, `▲ ${visible(host.forked === true ? 'forked' : typeof host.forked === 'object' ? JSON.stringify(host.forked) : host.forked, 200)}`)
    : 'none';
}
