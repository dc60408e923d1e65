// SPDX-License-Identifier: Apache-2.0
// Says how the connection to the agent is: in the bar at all times, and in the notice when it was lost and when it is back.

import { byId, el, fill, say } from './dom.js';
import { clock, duration, visible } from './format.js';

const BACK_SHOWN_MS = 60_000;

export class Connection {
  /** @param {import('./store.js').Store} store */
  constructor(store) {
    this.store = store;
    this.known = 'connecting';
    this.run = '';
    this.timer = 0;
    document.querySelectorAll('main > section:not([data-view="signin"])').forEach((section) => section.classList.add('stale'));
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (!parts.has('connection')) return;
    const { state, since, run, host, restarted, awayMs } = this.store.state.connection;
    document.body.dataset.connection = state;
    document.body.dataset.run = run;
    say(byId('brand-host'), visible(host, 40));
    if (state === 'live') {
      say(byId('connection-text'), 'Live');
      if (this.known === 'away' || restarted) this.#back(restarted, awayMs);
    } else if (state === 'away') {
      say(byId('connection-text'), `Not connected since ${clock(since)}`);
      this.#notice('away', `The agent does not answer since ${clock(since)}. What you see is what was known then. The page goes on trying.`);
    }
    this.known = state;
  }

  #back(restarted, awayMs) {
    const text = `Connected again at ${clock(Date.now())}, after ${duration(awayMs)}.`;
    this.#notice('back', restarted ? `${text} The agent has been restarted: this is a new run.` : text);
    this.timer = setTimeout(() => this.#close(), BACK_SHOWN_MS);
  }

  #notice(kind, text) {
    clearTimeout(this.timer);
    const notice = byId('notice');
    notice.dataset.kind = kind;
    fill(notice, el('span', {}, text), kind === 'back' ? el('button', { type: 'button', class: 'quiet', on: { click: () => this.#close() } }, 'Close') : null);
    notice.hidden = false;
  }

  #close() {
    byId('notice').hidden = true;
  }
}
