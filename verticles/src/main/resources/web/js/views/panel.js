// SPDX-License-Identifier: Apache-2.0
// The side panel: everything that is known of one thing. It stays up to date, and closes with Escape.

import { byId, el, fill } from '../dom.js';
import { get } from '../api.js';
import { clock } from '../format.js';
import { describe } from './details.js';
import { entryRows, eventRows } from './rows.js';
import { failureMark, part } from './marks.js';

const ENTRIES_SHOWN = 12;
const EVENTS_SHOWN = 20;
/** Entries are asked for again at most this often while the thing has news. */
const ENTRIES_AGAIN_MS = 2_000;

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {import('../store.js').Store} store
   */
  constructor(root, store) {
    this.root = root;
    this.store = store;
    this.subject = null;
    this.closed = () => {};
    /** @type {{model: import('../model.js').Model, time: number}|null} the moment that is shown instead of the present */
    this.past = null;
    /** @type {Element|null} */
    this.opener = null;
    /** @type {Map<string, {text: string, element: HTMLElement}>} */
    this.parts = new Map();
    this.asked = new AbortController();
    this.asking = '';
    this.timer = 0;
    byId('panel-close').addEventListener('click', () => this.close());
  }

  /**
   * Shows a thing.
   *
   * @param {{kind: string, key: string, members?: any[]}} subject
   * @param {(lost: boolean) => void} [closed] is called when the panel closes; with true if the reader's focus has no place to return to
   * @param {boolean} [focus] whether the reader's focus goes into the panel
   */
  open(subject, closed = () => {}, focus = false) {
    const same = this.subject?.kind === subject.kind && this.subject?.key === subject.key;
    if (!this.root.contains(document.activeElement)) this.opener = document.activeElement;
    this.subject = subject;
    this.closed = closed;
    this.root.hidden = false;
    this.root.dataset.key = subject.key;
    this.root.dataset.kind = subject.kind;
    if (!document.body.classList.contains('with-panel')) {
      document.body.classList.add('with-panel');
      dispatchEvent(new Event('resize'));
    }
    if (!same) {
      this.parts.clear();
      fill(byId('panel-body'));
      byId('panel-body').scrollTop = 0;
      this.entries = null;
      this.asking = '';
    }
    this.#render();
    if (focus) byId('panel-title').focus();
  }

  /** Closes it, and gives the focus back. */
  close() {
    if (this.root.hidden) return;
    const within = this.root.contains(document.activeElement);
    this.root.hidden = true;
    this.subject = null;
    this.asked.abort();
    clearTimeout(this.timer);
    document.body.classList.remove('with-panel');
    dispatchEvent(new Event('resize'));
    const lost = within && (!this.opener?.isConnected || this.opener === document.body);
    if (within && !lost && this.opener instanceof HTMLElement) this.opener.focus();
    this.closed(lost);
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (!this.subject || !(parts.has('model') || parts.has('events') || parts.has('connection'))) return;
    this.#render();
  }

  /**
   * Shows things as they were, or as they are.
   *
   * @param {{model: import('../model.js').Model, time: number}|null} past
   */
  showPast(past) {
    if (past === this.past) return;
    this.past = past;
    if (this.subject) this.#render();
  }

  #describe() {
    const { state } = this.store;
    return describe(this.subject, this.past ? { ...state, model: this.past.model } : state);
  }

  #render() {
    const { title, parts, subjects, host } = this.#describe();
    // The ledger of another host is not here.
    const own = host === this.store.state.connection.host;
    // By an address, it is opened before the agent has said what there is; what it then shows of a thing has more subjects.
    const asking = own ? JSON.stringify(subjects) : '';
    if (asking !== this.asking) {
      this.asking = asking;
      this.#askEntries();
    }
    byId('panel-title').textContent = this.past ? `${title} at ${clock(this.past.time)}` : title;
    const events = this.store.state.events.filter((event) => isAbout(event, subjects, host)).slice(-EVENTS_SHOWN).reverse();
    if (this.lastEvent !== events[0]?.number && this.parts.has('entries')) this.#askSoon();
    this.lastEvent = events[0]?.number;
    const all = [
      ...parts,
      { name: 'events', title: 'Last events', text: JSON.stringify(events.map((event) => event.number)), build: () => eventRows(events) },
      ...(subjects.length > 0 && own ? [{ name: 'entries', title: 'Entries of the ledger', text: this.#entriesText(), build: () => this.#entriesList() }] : []),
    ];
    const body = byId('panel-body');
    for (const [name, { element }] of this.parts) {
      if (all.some((each) => each.name === name)) continue;
      element.remove();
      this.parts.delete(name);
    }
    let before = null;
    for (const each of all) {
      const known = this.parts.get(each.name);
      let element = known?.element;
      if (known?.text !== each.text) {
        const fresh = part(each.name, each.title, each.build());
        if (element) element.replaceWith(fresh);
        element = fresh;
        this.parts.set(each.name, { text: each.text, element });
      }
      if (element.parentNode !== body || element.previousSibling !== before) body.insertBefore(element, before ? before.nextSibling : body.firstChild);
      before = element;
    }
  }

  #entriesText() {
    return this.entries instanceof Error ? this.entries.message : JSON.stringify(this.entries?.map((entry) => entry.height) ?? null);
  }

  #entriesList() {
    if (this.entries instanceof Error) return failureMark(this.entries);
    return this.entries ? entryRows(this.entries) : el('p', { class: 'quiet-text' }, 'Reading …');
  }

  #askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#askEntries(), ENTRIES_AGAIN_MS);
  }

  async #askEntries() {
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    const { subjects, host } = this.#describe();
    if (host !== this.store.state.connection.host) return;
    try {
      const answers = await Promise.all(subjects.slice(0, 3).map((subject) => get('entries', { subject, limit: ENTRIES_SHOWN }, signal)));
      this.entries = answers.flatMap((answer) => answer.items).sort((a, b) => b.height - a.height).slice(0, ENTRIES_SHOWN);
    } catch (failure) {
      if (signal.aborted) return;
      this.entries = failure;
    }
    if (this.subject && !signal.aborted) this.#render();
  }
}

function isAbout(event, subjects, host) {
  if (event.host !== host) return false;
  const { container, link } = event.data ?? {};
  return [event.subject, container?.id ?? container, link?.name ?? link].some((each) => subjects.includes(each));
}
