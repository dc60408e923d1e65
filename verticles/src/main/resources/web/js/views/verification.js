// SPDX-License-Identifier: Apache-2.0
// Lets the agent verify its whole ledger, and shows how far it is and what it finds.

import { address } from '../api.js';
import { el, fill } from '../dom.js';
import { number, visible } from '../format.js';

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
    source.addEventListener('error', () => {
      source.close();
      this.#end({ verdict: 'unknown', text: 'The verification was cut off, or another one is under way. Try again.' });
    });
  }

  #step({ entries, of }) {
    if (of > 0) {
      this.progress.max = of;
      this.progress.value = Math.min(entries, of);
    }
    this.result.textContent = of > 0 ? `${number(entries)} of ${number(of)} entries` : `${number(entries)} entries`;
  }

  #end(result) {
    this.button.disabled = false;
    this.progress.hidden = true;
    const intact = result.intact ?? result.verdict === 'intact';
    const findings = (result.findings ?? []).map((finding) => (typeof finding === 'string' ? finding : finding.what ?? finding.text ?? JSON.stringify(finding)));
    this.result.dataset.verdict = String(result.verdict ?? (intact ? 'intact' : 'damaged'));
    fill(this.result, el('div', { class: intact ? 'remedy' : 'problem' }, el('strong', {}, visible(this.result.dataset.verdict, 60)),
      ` ${visible(result.text ?? (result.entries !== undefined ? `${number(result.entries)} entries` : ''), 2000)}`,
      findings.length > 0 ? el('ul', { class: 'rows' }, ...findings.slice(0, 100).map((finding) => el('li', {}, visible(finding, 1000)))) : null));
    this.announce(`The ledger is ${this.result.dataset.verdict}.`);
  }
}
