// SPDX-License-Identifier: Apache-2.0
// The small marks that several views share: a state, a VLAN, a time, a list of facts, a problem.

import { el } from '../dom.js';
import { clock, visible } from '../format.js';
import { look, vlanSlot } from '../words.js';

/**
 * Returns a state as sign, word and colour.
 *
 * @param {string} state
 * @returns {HTMLElement}
 */
export function stateMark(state) {
  const { tone, sign, word } = look(state);
  return el('span', { class: 'state', 'data-tone': tone }, el('span', { 'aria-hidden': 'true' }, `${sign} `), visible(word, 40));
}

/**
 * Returns a VLAN as its number on its colour.
 *
 * @param {number|null|undefined} vlan
 * @returns {HTMLElement|null} null for no VLAN
 */
export function vlanMark(vlan) {
  return vlan === null || vlan === undefined
    ? null
    : el('span', { class: 'vlan', 'data-slot': vlanSlot(vlan), title: `VLAN ${vlan}` }, el('span', { class: 'unseen' }, 'VLAN '), String(vlan));
}

/**
 * Returns a text of the network; the whole of it is in the title if it is cut.
 *
 * @param {unknown} text
 * @param {number} [limit]
 * @param {string} [tag]
 * @returns {HTMLElement}
 */
export function foreign(text, limit = 120, tag = 'span') {
  const whole = visible(text, 4000);
  const shown = visible(text, limit);
  return el(tag, { title: whole === shown ? null : whole }, shown);
}

/**
 * Returns a cell with a second line for screens that have no room for the column that says the same.
 *
 * @param {Node|string} first
 * @param {string} second
 * @returns {HTMLElement}
 */
export function withNarrow(first, second) {
  return el('div', {}, first, second ? el('div', { class: 'narrow' }, visible(second, 160)) : null);
}

/**
 * Returns a moment.
 *
 * @param {string} when
 * @returns {HTMLElement}
 */
export function timeMark(when) {
  return el('time', { datetime: when, title: when }, clock(when));
}

/**
 * Returns a list of facts; those without a value are left out.
 *
 * @param {[string, Node|string|number|null|undefined][]} pairs
 * @returns {HTMLElement}
 */
export function facts(pairs) {
  return el('dl', { class: 'facts' }, ...pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

/**
 * Returns a part of a panel.
 *
 * @param {string} name its stable name
 * @param {string} title
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function part(name, title, ...children) {
  return el('section', { class: 'part', 'data-part': name }, el('h3', {}, title), ...children);
}

/**
 * Returns what went wrong, and the remedy.
 *
 * @param {import('../api.js').ApiError|Error} failure
 * @returns {HTMLElement}
 */
export function failureMark(failure) {
  return el('div', { class: 'problem', role: 'alert' }, el('strong', {}, visible(failure.title ?? 'It failed')), failure.message === failure.title ? null : ` ${visible(failure.message)}`,
    failure.remedy ? el('p', {}, visible(failure.remedy)) : null);
}
