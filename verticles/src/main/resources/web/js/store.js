// SPDX-License-Identifier: Apache-2.0
// What the page knows. The stream is its only writer; views read it and are told of changes, at most once a frame.

import { emptyModel, fromSnapshot, withChange } from './model.js';

/** How many events and figures the page keeps. */
export const EVENTS_KEPT = 1000;
export const FIGURES_KEPT = 300;

/**
 * @typedef {'model'|'events'|'figures'|'connection'} Part
 * @typedef {object} State
 * @property {import('./model.js').Model} model
 * @property {any[]} events the last events, the newest last
 * @property {number} eventCount how many events have come since the page was opened
 * @property {any[]} figures the last figures, the newest last
 * @property {{state: 'connecting'|'live'|'away', since: number, run: string, host: string, version: string, restarted: boolean, awayMs: number}} connection
 */

export class Store {
  constructor() {
    /** @type {State} */
    this.state = {
      model: emptyModel(), events: [], eventCount: 0, figures: [],
      connection: { state: 'connecting', since: Date.now(), run: '', host: '', version: '', restarted: false, awayMs: 0 },
    };
    /** @type {Set<(parts: Set<Part>) => void>} */
    this.listeners = new Set();
    /** @type {Set<Part>} */
    this.changed = new Set();
    this.scheduled = false;
    this.lastEvent = 0;
  }

  /**
   * Calls a listener with the parts that have changed, before the next frame is drawn.
   *
   * @param {(parts: Set<Part>) => void} listener
   * @returns {() => void} ends that
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Takes the greeting of a stream.
   *
   * @param {{run: string, host: string, version: string, event: number}} hello its event is the last one before those that follow
   */
  hello(hello) {
    const before = this.state.connection;
    const restarted = before.run !== '' && before.run !== hello.run;
    // A stream that begins anew does not tell what came between; numbers of another run say nothing.
    if (before.run !== hello.run) this.lastEvent = hello.event;
    else if (hello.event > this.lastEvent) this.gap({ from: this.lastEvent + 1, to: hello.event });
    this.#set('connection', {
      connection: {
        ...before, state: 'live', since: Date.now(), run: hello.run, host: hello.host, version: hello.version, restarted,
        awayMs: before.state === 'away' ? Date.now() - before.since : 0,
      },
    });
  }

  /** Takes note that the agent cannot be heard. What is known stays. */
  away() {
    const before = this.state.connection;
    if (before.state !== 'away') this.#set('connection', { connection: { ...before, state: 'away', since: Date.now() } });
  }

  /** @param {any} snapshot */
  snapshot(snapshot) {
    this.#set('model', { model: fromSnapshot(snapshot) });
  }

  /**
   * Takes a change.
   *
   * @param {any} change
   * @returns {boolean} false if something is missing before it, so that a new snapshot is needed
   */
  change(change) {
    const model = withChange(this.state.model, change);
    if (model) this.#set('model', { model });
    return model !== null;
  }

  /** @param {any} event an event with its number; one that came before is left out */
  event(event) {
    if (event.number <= this.lastEvent) return;
    this.lastEvent = event.number;
    this.#append(event);
  }

  /** @param {{from: number, to: number}} gap the numbers of events that are lost for the page */
  gap(gap) {
    this.lastEvent = Math.max(this.lastEvent, gap.to);
    this.#append({ number: gap.to, gap: gap.to - gap.from + 1, time: new Date().toISOString(), kind: 'events.missed', subject: '', host: '', data: {} });
  }

  /** @param {any} figures */
  figures(figures) {
    const at = Number.isNaN(Date.parse(figures.time)) ? Date.now() : Date.parse(figures.time);
    this.#set('figures', { figures: [...this.state.figures, { ...figures, at }].slice(-FIGURES_KEPT) });
  }

  #append(event) {
    const events = this.state.events;
    // The list is cut rarely, not at each event.
    if (events.length >= 2 * EVENTS_KEPT) events.splice(0, events.length - EVENTS_KEPT);
    // Numbers begin anew with each run of the agent; serials do not.
    const serial = this.state.eventCount + 1;
    events.push({ ...event, serial });
    this.#set('events', { eventCount: serial });
  }

  /** @param {Part} part @param {Partial<State>} values */
  #set(part, values) {
    Object.assign(this.state, values);
    this.changed.add(part);
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      const parts = this.changed;
      this.changed = new Set();
      this.scheduled = false;
      for (const listener of this.listeners) listener(parts);
    });
  }
}
