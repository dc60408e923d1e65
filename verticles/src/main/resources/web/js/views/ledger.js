// SPDX-License-Identifier: Apache-2.0
// The ledger of this host: its entries page by page, its key, and the verification of all of it.

import { address, get } from '../api.js';
import { el, fill } from '../dom.js';
import { clock, number, visible } from '../format.js';
import { link } from '../router.js';
import { facts, failureMark, foreign, withNarrow } from './marks.js';
import { summary } from './rows.js';
import { Table } from './table.js';
import { Verification } from './verification.js';

const PAGE = 100;
const ROWS_KEPT = 2000;
const TYPING_MS = 250;

export class LedgerView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store, announce: (text: string) => void}} context
   */
  constructor(root, { store, announce }) {
    this.store = store;
    this.asked = new AbortController();
    this.timer = 0;
    this.items = [];
    this.next = null;
    this.thing = '';
    const changed = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#read(), TYPING_MS);
    };
    this.kind = el('input', { id: 'ledger-kind', type: 'search', placeholder: 'container.enrolled', maxlength: 256, on: { input: changed } });
    this.subject = el('input', { id: 'ledger-subject', type: 'search', placeholder: 'a container or link', maxlength: 256, on: { input: changed } });
    this.about = el('div', { class: 'block', id: 'ledger-about' });
    this.verification = new Verification(announce);
    this.entry = el('div', { class: 'block', id: 'ledger-entry', hidden: true });
    this.failure = el('div', {});
    this.fresh = el('button', { type: 'button', id: 'ledger-fresh', hidden: true, on: { click: () => this.#read() } });
    this.more = el('button', { type: 'button', id: 'ledger-more', hidden: true, on: { click: () => this.#readMore() } }, 'Earlier entries');
    this.table = new Table('ledger-table', 'Entries, the newest first', [
      { name: 'height', title: 'Height', head: true, class: 'number', cell: (item) => el('a', { href: link('ledger', String(item.height)) }, number(item.height)) },
      { name: 'time', title: 'Time', class: 'mono', cell: (item) => el('time', { datetime: item.time, title: item.time }, clock(item.time)) },
      { name: 'kind', title: 'Kind', class: 'mono', cell: (item) => withNarrow(foreign(item.kind, 40), `${visible(item.subject, 40)} ${summary(item.data)}`) },
      { name: 'subject', title: 'Subject', class: 'mono wide', cell: (item) => foreign(item.subject, 40) },
      { name: 'data', title: 'What it says', class: 'text wide', cell: (item) => foreign(summary(item.data, 600), 220) },
      { name: 'proof', title: 'Proof', cell: (item) => el('a', { href: address(`entries/${item.height}/proof`), download: `proof-${item.height}.txt`, 'data-proof': item.height, 'aria-label': `Proof of entry ${item.height}` }, 'Proof') },
    ], { key: (item) => String(item.height), row: (item) => ({ 'data-height': item.height, 'aria-current': String(item.height) === this.thing ? 'true' : null }), basis: (item) => [item.height, item.hash, String(item.height) === this.thing] });
    fill(root,
      el('div', { class: 'head' }, el('h1', { id: 'ledger-title' }, 'Ledger'),
        el('div', { class: 'tools' }, el('label', { class: 'field' }, 'Kind', this.kind), el('label', { class: 'field' }, 'Subject', this.subject), this.fresh)),
      el('div', { class: 'grid ledger-grid' }, this.about, this.verification.element), this.entry, this.failure, this.table.element, this.more);
  }

  /** @param {string} thing the height of an entry that is shown whole */
  show(thing) {
    const again = this.visible;
    this.visible = true;
    this.thing = thing;
    if (!again) {
      this.#read();
      this.#readAbout();
    } else {
      this.table.show(this.items);
    }
    this.#readEntry();
  }

  hide() {
    this.visible = false;
    this.asked.abort();
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (!parts.has('model') && !parts.has('connection')) return;
    const height = heightOf(this.store.state.model.host);
    const newest = this.items[0]?.height ?? 0;
    const more = height - newest;
    this.fresh.hidden = !(more > 0 && newest > 0) || Boolean(this.kind.value || this.subject.value);
    const text = `Show ${number(more)} new`;
    if (!this.fresh.hidden && this.fresh.textContent !== text) this.fresh.textContent = text;
    if (parts.has('connection') && this.store.state.connection.state === 'live') this.#readAbout();
  }

  async #readAbout() {
    try {
      const ledger = await get('ledger');
      const { key, hash, height, checkpoint, degraded } = ledger;
      fill(this.about, el('h2', {}, 'This ledger'), facts([
        ['entries', el('span', { id: 'ledger-height' }, number(height))],
        ['head', el('code', {}, visible(hash, 80))],
        ['signed', checkpoint ? `up to entry ${number(checkpoint.size)}` : 'not yet'],
        ['key', key && el('code', { id: 'ledger-fingerprint' }, visible(key.fingerprint, 200))],
        ['name of key', key && el('code', {}, visible(key.name, 300))],
      ]), degraded ? el('div', { class: 'problem' }, `It takes no entries: ${visible(degraded, 600)}`) : null);
    } catch (failure) {
      fill(this.about, el('h2', {}, 'This ledger'), failureMark(failure));
    }
  }

  async #read() {
    this.items = [];
    await this.#ask('entries', { kind: this.kind.value.trim(), subject: this.subject.value.trim(), limit: PAGE });
  }

  async #readMore() {
    if (this.next) await this.#ask(this.next, {});
  }

  async #ask(path, query) {
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    try {
      const answer = await get(path, query, signal);
      if (signal.aborted) return;
      this.items = [...this.items, ...answer.items].slice(0, ROWS_KEPT);
      this.next = answer.next ?? null;
      fill(this.failure, this.items.length === 0 ? el('p', { class: 'empty' }, 'No entry is like that.') : null);
    } catch (failure) {
      if (signal.aborted) return;
      fill(this.failure, failureMark(failure));
    }
    this.table.show(this.items);
    this.table.element.hidden = this.items.length === 0;
    this.more.hidden = !this.next || this.items.length >= ROWS_KEPT;
  }

  async #readEntry() {
    this.entry.hidden = !this.thing;
    if (!this.thing) return;
    const close = el('a', { href: link('ledger') }, 'Close');
    const asked = this.thing;
    try {
      const entry = await get(`entries/${encodeURIComponent(asked)}`);
      if (asked !== this.thing) return;
      fill(this.entry, el('h2', {}, `Entry ${visible(asked, 20)} `), el('pre', { tabindex: 0 }, visible(JSON.stringify(entry, null, 2), 20_000).replaceAll('\\u000a', '\n')), close);
    } catch (failure) {
      fill(this.entry, el('h2', {}, `Entry ${visible(asked, 20)}`), failureMark(failure), close);
    }
  }
}

function heightOf(host) {
  return Number(host?.ledger?.height ?? host?.height ?? 0);
}
