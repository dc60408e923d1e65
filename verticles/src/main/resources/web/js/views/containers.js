// SPDX-License-Identifier: Apache-2.0
// Every container and virtual machine as a table that can be sorted and filtered.

import { el, fill } from '../dom.js';
import { byName, clock, count, visible } from '../format.js';
import { addressesOf, reasonOf, vlanOf } from '../model.js';
import { link } from '../router.js';
import { ORDER, look, urgency } from '../words.js';
import { foreign, stateMark, vlanMark, withNarrow } from './marks.js';
import { Table } from './table.js';

export class ContainersView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store, panel: import('./panel.js').Panel}} context
   */
  constructor(root, { store, panel }) {
    this.store = store;
    this.panel = panel;
    this.selected = '';
    const changed = () => this.#draw();
    this.text = el('input', { id: 'containers-filter', type: 'search', placeholder: 'name, address, reason …', maxlength: 200, on: { input: changed } });
    this.state = el('select', { id: 'containers-state', on: { change: changed } }, el('option', { value: '' }, 'all'));
    this.host = el('select', { id: 'containers-host', on: { change: changed } }, el('option', { value: '' }, 'all'));
    this.total = el('span', { class: 'count', id: 'containers-count', role: 'status' });
    this.table = new Table('containers-table', 'Containers and virtual machines', [
      { name: 'name', title: 'Name', head: true, class: 'mono', order: (item) => item.name, cell: (item) => el('a', { href: link('containers', item.key) }, foreign(item.name, 32)) },
      { name: 'state', title: 'State', order: (item) => 9 - urgency(item.state), cell: (item) => withNarrow(stateMark(item.state), reasonOf(item)) },
      { name: 'host', title: 'Host', class: 'mono wide', order: (item) => item.host, cell: (item) => foreign(item.host, 32) },
      { name: 'kind', title: 'Kind', class: 'wide', order: (item) => item.kind ?? '', cell: (item) => visible(item.kind, 12) },
      { name: 'bridge', title: 'Bridge', class: 'mono wide', order: (item) => item.bridge ?? '', cell: (item) => foreign(item.bridge, 24) },
      { name: 'vlan', title: 'VLAN', order: (item) => vlanOf(item) ?? -1, cell: (item) => vlanMark(vlanOf(item)) },
      { name: 'address', title: 'Address', class: 'mono wide', order: (item) => addressesOf(item).join(' '), cell: (item) => el('span', { class: 'lines' }, ...addressesOf(item).map((address) => foreign(address, 48))) },
      { name: 'link', title: 'Link', class: 'mono wide', order: (item) => item.veth ?? '', cell: (item) => foreign(item.veth, 18) },
      { name: 'since', title: 'Since', class: 'number wide', order: (item) => Date.parse(item.since) || 0, cell: (item) => (item.since ? el('time', { datetime: item.since, title: item.since }, clock(item.since)) : null) },
      { name: 'reason', title: 'Reason', class: 'text wide', order: reasonOf, cell: (item) => foreign(reasonOf(item), 140) },
    ], { key: (item) => item.key, row: (item) => ({ 'data-key': item.key, 'data-state': item.state, 'aria-current': item.key === this.selected ? 'true' : null }), basis: (item) => [item, item.key === this.selected], sort: 'state' });
    this.none = el('p', { class: 'empty', hidden: true });
    fill(root,
      el('div', { class: 'head' }, el('h1', { id: 'containers-title' }, 'Containers'), this.total,
        el('div', { class: 'tools' }, field('Find', this.text), field('State', this.state), field('Host', this.host))),
      this.table.element, this.none);
  }

  /** @param {string} thing the key of a container whose details are shown */
  show(thing) {
    this.visible = true;
    this.selected = thing;
    this.#draw();
    if (thing) {
      this.panel.open({ kind: 'container', key: thing }, (lost) => {
        if (!this.visible) return;
        this.selected = '';
        history.replaceState(null, '', link('containers'));
        this.#draw();
        if (lost) this.table.row(thing)?.querySelector('a')?.focus();
      }, true);
    }
  }

  hide() {
    this.visible = false;
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (parts.has('model')) this.#draw();
  }

  #draw() {
    const all = [...this.store.state.model.containers.values()];
    options(this.state, [...new Set(all.map((item) => item.state))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)), (state) => look(state).word);
    options(this.host, [...new Set(all.map((item) => item.host))].sort(byName), (host) => visible(host, 40));
    const words = this.text.value.toLowerCase().split(/\s+/u).filter(Boolean);
    const found = all.filter((item) => (!this.state.value || item.state === this.state.value) && (!this.host.value || item.host === this.host.value)
      && words.every((word) => textOf(item).includes(word)));
    this.table.show(found);
    this.table.element.hidden = found.length === 0;
    this.none.hidden = found.length > 0;
    this.none.textContent = all.length === 0 ? 'The agent knows no container yet.' : 'No container is like that.';
    const text = found.length === all.length ? count(all.length, 'container') : `${found.length} of ${count(all.length, 'container')}`;
    if (this.total.textContent !== text) this.total.textContent = text;
  }
}

function textOf(item) {
  return [item.name, item.id, item.host, item.kind, item.bridge, item.veth, item.state, reasonOf(item), ...addressesOf(item), item.mesh?.network ?? ''].join(' ').toLowerCase();
}

/** A select with these values; the one that is chosen stays, even if nothing has it any more. */
function options(select, values, text) {
  const wanted = select.value && !values.includes(select.value) ? [...values, select.value] : values;
  const present = [...select.options].slice(1).map((option) => option.value);
  if (wanted.join('\n') === present.join('\n')) return;
  const chosen = select.value;
  fill(select, select.options[0], ...wanted.map((value) => el('option', { value }, text(value))));
  select.value = chosen;
}

function field(title, control) {
  return el('label', { class: 'field' }, title, control);
}
