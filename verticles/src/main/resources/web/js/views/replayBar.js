// SPDX-License-Identifier: Apache-2.0
// The slider that shows the past hour of the ledger in the topology.

import { get } from '../api.js';
import { el } from '../dom.js';
import { clock, duration } from '../format.js';

const HOUR_S = 3600;
const PAGE = 500;
const PAGES_MAX = 20;

export class ReplayBar {
  /**
   * @param {(moment: {time: number, entries: any[]}|null) => void} moved is called with a moment and the entries since an hour
   *     before now; null for now
   */
  constructor(moved) {
    this.moved = moved;
    this.entries = null;
    this.asked = 0;
    this.slider = el('input', {
      type: 'range', id: 'replay-time', min: -HOUR_S, max: 0, step: 5, value: 0, 'aria-label': 'Show the topology as it was', 'aria-valuetext': 'now',
      on: { input: () => this.#move() },
    });
    this.output = el('output', { for: 'replay-time' }, 'now');
    this.now = el('button', { type: 'button', id: 'replay-now', disabled: true, on: { click: () => this.toNow() } }, 'Now');
    this.element = el('div', { class: 'replay', id: 'replay' }, el('span', { class: 'quiet-text', 'aria-hidden': 'true' }, 'Past hour'), this.slider, this.output, this.now);
    this.banner = el('div', { id: 'replay-banner', role: 'status', hidden: true });
  }

  /** Returns to the present. */
  toNow() {
    this.slider.value = '0';
    this.#move();
  }

  async #move() {
    const seconds = Number(this.slider.value);
    if (seconds === 0) {
      this.entries = null;
      this.#tell('now', '');
      this.moved(null);
      return;
    }
    const time = Date.now() + seconds * 1000;
    const text = `${clock(time)}, ${duration(-seconds * 1000)} ago`;
    this.#tell(text, `Past: ${text}. Replayed from the ledger of this host; other hosts are as they are now.`);
    if (!this.entries) {
      this.entries = this.#read();
      this.entries.catch(() => { this.entries = null; });
    }
    const asked = ++this.asked;
    try {
      const { entries, whole } = await this.entries;
      if (asked !== this.asked || this.slider.value === '0') return;
      if (!whole) this.#tell(text, `Past: ${text}. The hour has more entries than the page reads; the oldest are missing.`);
      this.moved({ time, entries });
    } catch (failure) {
      if (asked === this.asked) this.#tell(text, `The past cannot be read: ${failure.message}`);
    }
  }

  #tell(text, banner) {
    this.output.textContent = text;
    this.slider.setAttribute('aria-valuetext', text);
    this.now.disabled = banner === '';
    this.banner.textContent = banner;
    this.banner.hidden = banner === '';
  }

  /** Reads from the newest entry back, so that only the oldest can be missing. */
  async #read() {
    const since = new Date(Date.now() - HOUR_S * 1000).toISOString();
    let answer = await get('entries', { since, limit: PAGE });
    const entries = [...answer.items];
    for (let page = 1; answer.next && page < PAGES_MAX; page++) {
      answer = await get(answer.next);
      entries.push(...answer.items);
    }
    entries.sort((a, b) => a.height - b.height);
    return { entries, whole: !answer.next };
  }
}
