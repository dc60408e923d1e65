// SPDX-License-Identifier: Apache-2.0
// This host and its peers: who is heard, how far their ledgers are, and whether one has contradicted what it signed before; and the
// labs of this host.

import { get } from '../api.js';
import { el, fill } from '../dom.js';
import { clock, count, duration, number, visible } from '../format.js';
import { link } from '../router.js';
import { foreign, timeMark } from './marks.js';
import { Labs } from './labs.js';
import { Table } from './table.js';

const FORKS_MAX = 100;
/** How long ago a host was heard changes without a message of the stream. */
const AGAIN_MS = 5_000;

export class HostsView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store}} context
   */
  constructor(root, { store }) {
    this.store = store;
    this.thing = '';
    this.counts = new Map();
    /** @type {Map<string, any>|null} the entry about the last fork of each host; null as long as it is not known */
    this.forks = null;
    this.total = el('span', { class: 'count', role: 'status' });
    this.table = new Table('hosts-table', 'This host and its peers', [
      { name: 'name', title: 'Host', head: true, class: 'mono', order: (host) => host.name, cell: (host) => el('a', { href: link('topology', `h:${host.name}`) }, foreign(host.name, 60)) },
      { name: 'up', title: 'Heard', order: (host) => (host.up ? 1 : 0), cell: heard },
      { name: 'heard', title: 'Last heard', class: 'number', order: silentMs, cell: (host) => (host.self ? '' : `${duration(silentMs(host))} ago`) },
      { name: 'height', title: 'Ledger', class: 'number', order: (host) => host.height ?? 0, cell: (host) => (host.height === null ? '' : number(host.height)) },
      { name: 'lag', title: 'Behind', class: 'number', order: (host) => host.behind, cell: behind },
      { name: 'head', title: 'Head', class: 'mono wide', cell: (host) => el('span', { title: visible(host.head, 80) }, visible(host.head?.slice(0, 16), 20)) },
      { name: 'fork', title: 'Fork', order: (host) => (this.forks?.has(host.name) ? 0 : 1), cell: (host) => this.#fork(host) },
      { name: 'containers', title: 'Containers', class: 'number', order: (host) => this.#containers(host), cell: (host) => `${number(this.#containers(host))}${host.leftOut > 0 ? ` and ${number(host.leftOut)} more` : ''}` },
      { name: 'version', title: 'Version', class: 'wide', order: (host) => host.version ?? '', cell: (host) => foreign(host.version, 32) },
      { name: 'started', title: 'Started', class: 'mono wide', order: (host) => host.started ?? '', cell: (host) => (host.started ? clock(host.started) : '') },
    ], {
      key: (host) => host.key, row: (host) => ({ 'data-key': host.key, 'data-up': host.up, 'aria-current': this.thing === host.name ? 'true' : null }),
      basis: (host) => [host, Math.round(silentMs(host) / 1000), this.#containers(host), this.forks?.get(host.name)?.height, this.forks === null, this.thing === host.name],
    });
    this.evidence = el('div', { class: 'block', id: 'hosts-forks', hidden: true });
    this.labs = new Labs();
    fill(root, el('div', { class: 'head' }, el('h1', { id: 'hosts-title' }, 'Hosts'), this.total), this.table.element, this.evidence, this.labs.element);
  }

  /** @param {string} thing the name of a host that is marked */
  show(thing) {
    this.thing = thing;
    this.#draw();
    this.#askForks();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.#draw(), AGAIN_MS);
  }

  hide() {
    clearInterval(this.timer);
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (parts.has('model')) this.#draw();
    if (parts.has('events') && this.store.state.events.at(-1)?.kind === 'ledger.forked') this.#askForks();
  }

  #containers(host) {
    return this.counts.get(host.name) ?? 0;
  }

  /** A fork is recorded in the ledger of the host that has seen it, so this host's own ledger tells. */
  async #askForks() {
    try {
      const { items } = await get('entries', { kind: 'ledger.forked', limit: FORKS_MAX });
      this.forks = new Map(items.toReversed().map((entry) => [entry.subject, entry]));
    } catch {
      this.forks = null;
    }
    this.#draw();
  }

  #fork(host) {
    if (this.forks === null) return 'not known';
    const entry = this.forks.get(host.name);
    return entry
      ? el('a', { href: link('ledger', String(entry.height)), class: 'state', 'data-tone': 'bad' }, '▲ seen ', timeMark(entry.time))
      : 'none seen';
  }

  #draw() {
    const { model } = this.store.state;
    this.counts = new Map();
    for (const container of model.containers.values()) this.counts.set(container.host, (this.counts.get(container.host) ?? 0) + 1);
    const hosts = [...model.hosts.values()].sort((a, b) => Number(b.self) - Number(a.self));
    this.table.show(hosts);
    this.labs.show(model.labs);
    const away = hosts.filter((host) => !host.up).length;
    const text = `${count(hosts.length, 'host')}${away > 0 ? `, ${away} not heard` : ''}`;
    if (this.total.textContent !== text) this.total.textContent = text;
    const forks = [...(this.forks?.values() ?? [])];
    this.evidence.hidden = forks.length === 0;
    if (forks.length > 0) {
      fill(this.evidence, el('h2', {}, 'Ledgers that contradict what they signed'), ...forks.map((entry) => el('div', { class: 'problem' },
        el('strong', {}, visible(entry.subject, 60)), ` ${visible(entry.data.message, 600)}`, el('p', {}, visible(entry.data.remedy, 600)))));
    }
  }
}

/** How many entries of a host's ledger this host has yet to receive. */
function behind(host) {
  if (host.self) return '';
  return host.behind === 0 ? '0' : el('span', { class: 'state', 'data-tone': 'wait' }, `◐ ${number(host.behind)}`);
}

function silentMs(host) {
  const heardAt = Date.parse(host.lastSeen ?? '');
  return Number.isNaN(heardAt) ? 0 : Math.max(0, Date.now() - heardAt);
}

function heard(host) {
  if (host.self) return el('span', { class: 'state', 'data-tone': 'ok' }, '● this host');
  return host.up
    ? el('span', { class: 'state', 'data-tone': 'ok' }, '● yes')
    : el('span', { class: 'state', 'data-tone': 'bad' }, '▲ no');
}
