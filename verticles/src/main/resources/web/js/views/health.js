// SPDX-License-Identifier: Apache-2.0
// How the agent is: whether it is ready, its sources, the doctor's findings, and its figures as small plots.

import { get } from '../api.js';
import { el, fill } from '../dom.js';
import { clock, duration, visible } from '../format.js';
import { facts, failureMark, foreign } from './marks.js';
import { Plots } from './plots.js';
import { Table } from './table.js';

const SEVERITIES = { problem: { tone: 'bad', sign: '▲' }, warning: { tone: 'wait', sign: '◐' }, ok: { tone: 'ok', sign: '●' } };

export class HealthView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store}} context
   */
  constructor(root, { store }) {
    this.store = store;
    this.ready = el('div', { id: 'health-ready', role: 'status' });
    this.sources = new Table('health-sources', 'Sources of the agent', [
      { name: 'source', title: 'Source', head: true, class: 'mono', cell: ([name]) => visible(name, 40) },
      { name: 'heard', title: 'Heard', cell: ([, source]) => heardMark(source) },
      { name: 'reason', title: 'Reason', class: 'text', cell: ([, source]) => foreign(source.reason ?? '', 300) },
    ], { key: ([name]) => name, row: ([name, source]) => ({ 'data-source': name, 'data-heard': source.state }) });
    this.ask = el('button', { type: 'button', id: 'health-check', on: { click: () => this.#examine() } }, 'Examine');
    this.examined = el('div', {});
    this.findings = new Table('health-findings', 'Findings of the doctor', [
      { name: 'severity', title: 'Finding', cell: (finding) => severityMark(finding.severity) },
      { name: 'check', title: 'Check', head: true, class: 'mono', cell: (finding) => foreign(finding.check, 40) },
      { name: 'what', title: 'What', class: 'text', cell: (finding) => el('div', {}, foreign(finding.what, 400), finding.why ? el('p', { class: 'quiet-text' }, visible(finding.why, 600)) : null, finding.remedy ? el('p', {}, el('strong', {}, 'What to do: '), visible(finding.remedy, 600)) : null) },
    ], { key: (finding) => `${finding.check} ${finding.what}`, row: (finding) => ({ 'data-severity': finding.severity }) });
    this.plots = new Plots(store);
    fill(root,
      el('div', { class: 'head' }, el('h1', { id: 'health-title' }, 'Health')),
      el('div', { class: 'grid' },
        el('div', { class: 'block' }, el('h2', {}, 'Agent'), this.ready, this.sources.element),
        el('div', { class: 'block' }, el('div', { class: 'head' }, el('h2', {}, 'Doctor'), this.ask), this.examined, this.findings.element)),
      el('div', { class: 'head figures-head' }, el('h2', {}, 'Figures'), el('span', { class: 'count' }, 'since the page was opened')),
      this.plots.element);
    this.findings.element.hidden = true;
  }

  show() {
    this.visible = true;
    this.#draw();
    this.plots.show();
    if (!this.asked) this.#examine();
  }

  hide() {
    this.visible = false;
    this.plots.hide();
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (parts.has('model')) this.#draw();
    if (parts.has('figures')) this.plots.draw();
  }

  #draw() {
    const { host } = this.store.state.model;
    if (!host) return;
    const { ready, sources, started, version, ledger } = host;
    const text = JSON.stringify([ready, started, version, ledger?.degraded]);
    if (text !== this.readyText) {
      this.readyText = text;
      this.ready.dataset.ready = String(Boolean(ready));
      fill(this.ready, el('p', {}, el('span', { class: 'state', 'data-tone': ready ? 'ok' : 'wait' }, ready ? '● ready' : '◐ not ready')), facts([
        ['version', visible(version, 60)], ['started', started && `${clock(started)} (${duration(Date.now() - Date.parse(started))} ago)`],
        ['ledger', ledger?.degraded ? el('span', { class: 'state', 'data-tone': 'bad' }, `▲ takes no entries: ${visible(ledger.degraded, 300)}`) : 'takes entries'],
      ]));
    }
    this.sources.show(Object.entries(sources ?? {}));
  }

  async #examine() {
    this.asked = true;
    this.ask.disabled = true;
    fill(this.examined, el('p', { class: 'quiet-text', role: 'status' }, 'The doctor examines this host …'));
    try {
      const answer = await get('findings');
      const order = ['problem', 'warning', 'ok'];
      const findings = [...answer.items].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
      this.findings.show(findings);
      this.findings.element.hidden = findings.length === 0;
      const bad = findings.filter((finding) => finding.severity === 'problem').length;
      fill(this.examined, el('p', { class: 'quiet-text', role: 'status' }, `${bad === 0 ? 'No problem' : bad === 1 ? '1 problem' : `${bad} problems`}, examined at ${clock(answer.time)}.`));
    } catch (failure) {
      fill(this.examined, failureMark(failure));
    }
    this.ask.disabled = false;
  }
}

function heardMark(source) {
  const heard = source.state;
  const { tone, sign } = { listed: { tone: 'ok', sign: '●' }, lost: { tone: 'bad', sign: '▲' } }[heard] ?? { tone: 'wait', sign: '◐' };
  return el('span', { class: 'state', 'data-tone': tone }, `${sign} ${visible(heard, 40)}`);
}

function severityMark(severity) {
  const { tone, sign } = SEVERITIES[severity] ?? SEVERITIES.warning;
  return el('span', { class: 'state', 'data-tone': tone }, `${sign} ${visible(severity, 20)}`);
}
