// SPDX-License-Identifier: Apache-2.0
// A table whose rows are kept by key, so that a change touches only the rows that differ, and that can be sorted by its heads.

import { el } from '../dom.js';
import { byName } from '../format.js';

/**
 * @typedef {object} Column
 * @property {string} name its stable name
 * @property {string} title
 * @property {(item: any) => Node|string|number|null} cell
 * @property {(item: any) => string|number} [order] by what it sorts; without it, it cannot be sorted
 * @property {string} [class]
 * @property {boolean} [head] whether it names the row
 */

export class Table {
  /**
   * @param {string} id
   * @param {string} caption what it holds, for people who do not see it
   * @param {Column[]} columns
   * @param {{key: (item: any) => string, row?: (item: any) => Record<string, unknown>, basis?: (item: any) => unknown, sort?: string, descending?: boolean}} options
   *     `row` gives the attributes of a row, `basis` that on which its content depends (the whole item without it)
   */
  constructor(id, caption, columns, options) {
    this.columns = columns;
    this.options = options;
    this.sort = options.sort ?? '';
    this.descending = options.descending ?? false;
    this.items = [];
    /** @type {Map<string, {text: string, element: HTMLElement}>} */
    this.rows = new Map();
    this.body = el('tbody');
    this.heads = columns.map((column) => el('th', { scope: 'col', class: column.class, 'data-column': column.name },
      column.order ? el('button', { type: 'button', on: { click: () => this.#sortBy(column) } }, column.title) : column.title));
    const table = el('table', { id }, el('caption', { class: 'unseen' }, caption), el('thead', {}, el('tr', {}, ...this.heads)), this.body);
    this.element = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, table);
    this.#tellSort();
  }

  #sortBy(column) {
    this.descending = this.sort === column.name ? !this.descending : false;
    this.sort = column.name;
    this.#tellSort();
    this.show(this.items);
  }

  #tellSort() {
    this.columns.forEach((column, index) => {
      if (column.name === this.sort) this.heads[index].setAttribute('aria-sort', this.descending ? 'descending' : 'ascending');
      else this.heads[index].removeAttribute('aria-sort');
    });
  }

  /**
   * @param {string} key
   * @returns {HTMLElement|undefined} the row of this key
   */
  row(key) {
    return this.rows.get(key)?.element;
  }

  /** @param {any[]} items */
  show(items) {
    this.items = items;
    const { key, basis = (item) => item } = this.options;
    const keys = new Set(items.map(key));
    for (const [each, { element }] of this.rows) {
      if (keys.has(each)) continue;
      element.remove();
      this.rows.delete(each);
    }
    let before = null;
    for (const item of this.#sorted(items)) {
      const text = JSON.stringify(basis(item));
      let known = this.rows.get(key(item));
      if (known?.text !== text) {
        const element = this.#row(item);
        known?.element.replaceWith(element);
        known = { text, element };
        this.rows.set(key(item), known);
      }
      const place = before ? before.nextSibling : this.body.firstChild;
      if (place !== known.element) this.body.insertBefore(known.element, place);
      before = known.element;
    }
  }

  #sorted(items) {
    const column = this.columns.find((each) => each.name === this.sort);
    if (!column?.order) return items;
    const { key } = this.options;
    const sign = this.descending ? -1 : 1;
    const pairs = items.map((item) => [column.order(item), item]);
    return pairs.sort(([a, one], [b, two]) => sign * (typeof a === 'number' && typeof b === 'number' ? a - b : byName(String(a), String(b))) || byName(key(one), key(two)))
      .map(([, item]) => item);
  }

  #row(item) {
    return el('tr', this.options.row?.(item) ?? {}, ...this.columns.map((column) => el(column.head ? 'th' : 'td', { scope: column.head ? 'row' : null, class: column.class }, column.cell(item))));
  }
}
