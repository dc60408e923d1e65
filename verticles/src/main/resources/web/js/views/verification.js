// SPDX-License-Identifier: Apache-2.0
// Lets the agent verify its whole ledger, and shows how far it is and what it finds.

import { address } from '../api.js';
import { el, fill } from '../dom.js';
import { bytes, count, visible } from '../format.js';

export class Verification {
  /** @param {(text: string) => void} announce */
  constructor(announce) {
    this.announce = announce;
    this.button = el('button', { type: 'button', class: 'first', id: 'ledger-verify', on: { click: () => this.#begin() } }, 'Verify');
    this.progress = el('progress', { id: 'ledger-progress', max: 1, value: 0, hidden: true, 'aria-label': 'Progress of the verification' });
    this.result = el('div', { id: 'ledger-result', role: 'status' });
    this.element = el('div', { class: 'block' }, el('h2', {}, 'Verification'),
      el('p', { class: 'quiet-text' }, 'The agent reads every entry again and checks each hash, the chain, the tree and the signature.'), el('p', { class: 'head' }, this.button, this.progress), this.result);
  }

  #begin() {
    this.button.disabled = true;
    this.progress.hidden = false;
    this.progress.removeAttribute('value');
    fill(this.result, 'Reading …');
    delete this.result.dataset.verdict;
    const source = new EventSource(address('ledger/verify'));
    source.addEventListener('progress', (message) => this.#step(JSON.parse(message.data)));
    source.addEventListener('result', (message) => {
      source.close();
      this.#end(JSON.parse(message.data));
    });
    source.addEventListener('failure', (message) => {
      source.close();
      const { title, detail, remedy } = JSON.parse(message.data);
      this.#fail(`${detail || title} ${remedy ?? ''}`);
    });
    source.addEventListener('error', () => {
      source.close();
      this.#fail('The agent is away, or verifies the ledger for another reader. Try again.');
    });
  }

  #step({ bytes: read, total }) {
    this.progress.max = Math.max(1, total);
    this.progress.value = Math.min(read, total);
    this.result.textContent = `${bytes(read)} of ${bytes(total)}`;
  }

  #fail(text) {
    this.button.disabled = false;
    this.progress.hidden = true;
    this.result.dataset.verdict = 'unknown';
    fill(this.result, el('div', { class: 'problem' }, visible(text, 1000)));
  }

  #end({ verdict, intact, entries, signature, findings, notices }) {
    this.button.disabled = false;
    this.progress.hidden = true;
    this.result.dataset.verdict = verdict;
    const remarks = [...findings.map(({ height, file, offset, what }) => `entry ${height} (${file}, byte ${offset}): ${what}`), ...notices];
    fill(this.result, el('div', { class: intact ? 'remedy' : 'problem' },
      el('strong', {}, visible(verdict.replaceAll('-', ' '), 60)), `: ${count(entries, 'entry', 'entries')}; signature: ${visible(signature.replaceAll('-', ' '), 60)}`,
      remarks.length > 0 ? el('ul', { class: 'rows' }, ...remarks.map((remark) => el('li', {}, visible(remark, 1000)))) : null));
    this.announce(`The ledger is ${verdict}.`);
  }
}
