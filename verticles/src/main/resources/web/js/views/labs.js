// SPDX-License-Identifier: Apache-2.0
// The labs of this host, if there are any.

import { el } from '../dom.js';
import { number, visible } from '../format.js';
import { foreign } from './marks.js';
import { Table } from './table.js';

export class Labs {
  constructor() {
    this.table = new Table('labs-table', 'Labs of this host', [
      { name: 'lab', title: 'Lab', head: true, class: 'mono', order: (lab) => lab.lab, cell: (lab) => foreign(lab.lab, 60) },
      { name: 'state', title: 'State', order: (lab) => standing(lab).order, cell: (lab) => el('span', { class: 'state', 'data-tone': standing(lab).tone }, standing(lab).text) },
      { name: 'items', title: 'Items', class: 'number', order: (lab) => lab.itemCount, cell: (lab) => number(lab.itemCount) },
      { name: 'lans', title: 'LANs', class: 'number', order: (lab) => lab.lanCount, cell: (lab) => number(lab.lanCount) },
      { name: 'trouble', title: 'Not as its definition says', class: 'text', cell: (lab) => foreign(Object.entries(lab.trouble ?? {}).map(([item, reason]) => `${visible(item, 60)}: ${visible(reason, 200)}`).join(' · '), 400) },
    ], { key: (lab) => lab.key, row: (lab) => ({ 'data-key': lab.key }), sort: 'lab' });
    this.element = el('div', { class: 'labs', hidden: true }, el('div', { class: 'head' }, el('h2', {}, 'Labs of this host')), this.table.element);
  }

  /** @param {Map<string, any>} labs */
  show(labs) {
    this.element.hidden = labs.size === 0;
    this.table.show([...labs.values()]);
  }
}

function standing(lab) {
  if (!lab.running) return { order: 2, tone: 'off', text: '○ stopped' };
  return lab.settled ? { order: 1, tone: 'ok', text: '● as defined' } : { order: 0, tone: 'wait', text: '◐ not yet as defined' };
}
