// SPDX-License-Identifier: Apache-2.0
// Events as they happen. The list is limited, can be held, and can be filtered.

import { el, fill } from '../dom.js';
import { count, number, preciseClock, visible } from '../format.js';
import { foreign, withNarrow } from './marks.js';
import { summary } from './rows.js';
import { Table } from './table.js';

const ROWS_SHOWN = 300;

export class EventsView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store}} context
   */
  constructor(root, { store }) {
    this.store = store;
    this.heldAt = null; // How many events there were when the reader held the list.
    this.cleared = 0;
    this.pause = el('button', { type: 'button', id: 'events-pause', 'aria-pressed': 'false', on: { click: () => this.#pause() } }, 'Pause');
    this.waiting = el('span', { id: 'events-waiting', class: 'count', role: 'status' });
    this.filter = el('input', { id: 'events-filter', type: 'search', placeholder: 'container.* or a name', maxlength: 200, on: { input: () => this.#draw() } });
    this.table = new Table('events-table', 'Events, the newest first', [
      { name: 'time', title: 'Time', class: 'mono', cell: (event) => el('time', { datetime: event.time }, preciseClock(event.time)) },
      { name: 'kind', title: 'Kind', head: true, class: 'mono', cell: (event) => withNarrow(foreign(event.kind, 40), `${visible(event.subject, 40)} ${said(event)}`) },
      { name: 'subject', title: 'Subject', class: 'mono wide', cell: (event) => foreign(event.subject, 40) },
      { name: 'data', title: 'What it says', class: 'text wide', cell: (event) => foreign(said(event), 260) },
      { name: 'host', title: 'Host', class: 'mono wide', cell: (event) => foreign(event.host, 32) },
      { name: 'number', title: 'No.', class: 'number wide', cell: (event) => number(event.number) },
    ], { key: (event) => String(event.serial), row: (event) => ({ 'data-number': event.number, 'data-kind': event.kind }), basis: (event) => event.serial });
    this.none = el('p', { class: 'empty' }, 'Nothing has happened since the page was opened.');
    fill(root,
      el('div', { class: 'head' }, el('h1', { id: 'events-title' }, 'Events'), this.waiting,
        el('div', { class: 'tools' }, el('label', { class: 'field' }, 'Filter', this.filter), this.pause,
          el('button', { type: 'button', id: 'events-clear', on: { click: () => this.#clear() } }, 'Clear'))),
      this.none, this.table.element);
  }

  show() {
    this.#draw();
  }

  hide() {}

  /** @param {Set<string>} parts */
  update(parts) {
    if (parts.has('events')) this.#draw();
  }

  #pause() {
    this.heldAt = this.heldAt === null ? this.store.state.eventCount : null;
    this.pause.setAttribute('aria-pressed', String(this.heldAt !== null));
    this.pause.textContent = this.heldAt === null ? 'Pause' : 'Go on';
    if (this.heldAt !== null) this.held = this.#found();
    this.#draw();
  }

  #clear() {
    this.cleared = this.store.state.eventCount;
    this.held = [];
    this.#draw();
  }

  /** The newest events that the filter lets through, newest first. */
  #found() {
    const { events, eventCount } = this.store.state;
    const since = events.slice(Math.max(0, events.length - (eventCount - this.cleared)));
    const test = matcher(this.filter.value);
    const found = [];
    for (let i = since.length - 1; i >= 0 && found.length < ROWS_SHOWN; i--) if (test(since[i])) found.push(since[i]);
    return found;
  }

  #draw() {
    const { eventCount } = this.store.state;
    const found = this.heldAt === null ? this.#found() : this.held.filter(matcher(this.filter.value));
    this.table.show(found);
    this.table.element.hidden = found.length === 0;
    this.none.hidden = found.length > 0;
    this.none.textContent = this.filter.value ? 'No event is like that.' : 'Nothing has happened since the page was opened.';
    const text = this.heldAt === null ? `${found.length === ROWS_SHOWN ? `last ${ROWS_SHOWN}` : count(found.length, 'event')}` : `held, ${count(eventCount - this.heldAt, 'event')} waiting`;
    if (this.waiting.textContent !== text) this.waiting.textContent = text;
  }
}

function said(event) {
  return event.gap ? `${number(event.gap)} events came faster than they could be sent and are not shown` : summary(event.data, 600);
}

/** A filter is words; each has to be in the event. A word with a star is a pattern for its kind, as `events --filter` takes it. */
function matcher(text) {
  const tests = text.toLowerCase().split(/\s+/u).filter(Boolean).map((word) => {
    if (!word.includes('*')) return (event) => `${event.kind} ${event.subject} ${event.host} ${JSON.stringify(event.data)}`.toLowerCase().includes(word);
    const pattern = new RegExp(`^${word.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/gu, '\\$&')).join('.*')}$`, 'u');
    return (event) => pattern.test(visible(event.kind).toLowerCase());
  });
  return (event) => tests.every((test) => test(event));
}
