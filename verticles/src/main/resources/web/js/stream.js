// SPDX-License-Identifier: Apache-2.0
// Keeps the connection to the agent's stream and gives what it says to the store. The browser resumes a cut stream by itself, with
// the number of the last message; only an answer that ends the stream for good is begun anew here.

import { address } from './api.js';

/** After this long without a word from the agent, which tells figures every few seconds, the connection is dead. */
const SILENCE_MS = 45_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;

export class Stream {
  /**
   * @param {import('./store.js').Store} store
   * @param {() => Promise<boolean>} allowed asks whether the page may still read
   */
  constructor(store, allowed) {
    this.store = store;
    this.allowed = allowed;
    /** @type {EventSource|null} */
    this.source = null;
    this.retryMs = RETRY_MS_MIN;
    this.timer = 0;
    this.watch = 0;
  }

  /** Connects. */
  open() {
    this.close();
    const source = new EventSource(address('stream'));
    this.source = source;
    const hear = (name, take) => source.addEventListener(name, (message) => {
      this.#alive();
      take(JSON.parse(message.data));
    });
    hear('hello', (hello) => {
      this.retryMs = RETRY_MS_MIN;
      this.store.hello(hello);
    });
    hear('snapshot', (snapshot) => this.store.snapshot(snapshot));
    hear('change', (change) => {
      if (!this.store.change(change)) this.open();
    });
    hear('event', (event) => this.store.event(event));
    hear('gap', (gap) => this.store.gap(gap));
    hear('figures', (figures) => this.store.figures(figures));
    source.addEventListener('error', () => this.#lost(source));
  }

  /** Disconnects. */
  close() {
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    this.source?.close();
    this.source = null;
  }

  #alive() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.store.away();
      this.open();
    }, SILENCE_MS);
  }

  async #lost(source) {
    if (source !== this.source) return;
    this.store.away();
    if (source.readyState !== EventSource.CLOSED) return;
    this.close();
    const wait = this.retryMs * (0.5 + Math.random());
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MS_MAX);
    this.timer = setTimeout(async () => {
      if (await this.allowed()) this.open();
    }, wait);
  }
}
