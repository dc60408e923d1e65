// SPDX-License-Identifier: Apache-2.0
// Events and entries as short lists, and the one line that sums up what they say.

import { el } from '../dom.js';
import { value, visible } from '../format.js';
import { link } from '../router.js';
import { timeMark } from './marks.js';

const SAID_ELSEWHERE = new Set(['container', 'enrollment', 'recovered', 'index', 'mac', 'hash', 'uuid', 'id']);

/**
 * Returns what the data of an event or an entry say, on one line. Of a thing that has changed it says only what is different.
 *
 * @param {any} data
 * @param {number} [limit]
 * @returns {string}
 */
export function summary(data, limit = 200) {
  const { before, ...rest } = data ?? {};
  const now = Object.values(rest).find(isObject);
  const parts = isObject(before) && now ? differences(before, now) : factsOf(data);
  const text = parts.join(' · ');
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

function isObject(each) {
  return typeof each === 'object' && each !== null && !Array.isArray(each);
}

function differences(before, now) {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]))
    .flatMap((name) => (isObject(before[name]) && isObject(now[name])
      ? differences(before[name], now[name])
      : [`${visible(name, 40)} ${short(before[name])} → ${short(now[name])}`]));
}

function short(each) {
  return each === undefined || each === '' ? 'none' : value(each, 120);
}

function factsOf(data) {
  return Object.entries(data ?? {}).flatMap(([name, each]) => (isObject(each)
    ? factsOf(each)
    : SAID_ELSEWHERE.has(name) || each === null || each === '' || (Array.isArray(each) && each.length === 0) ? [] : [`${visible(name, 40)} ${value(each, 120)}`]));
}

/**
 * @param {any[]} events the newest first
 * @returns {HTMLElement}
 */
export function eventRows(events) {
  if (events.length === 0) return el('p', { class: 'quiet-text' }, 'None since the page was opened.');
  return el('ul', { class: 'rows' }, ...events.map((event) => el('li', { 'data-number': event.number },
    timeMark(event.time), el('span', { class: 'mono' }, visible(event.kind, 60)), ' ', el('span', { class: 'quiet-text' }, summary(event.data)))));
}

/**
 * @param {any[]} entries the newest first
 * @returns {HTMLElement}
 */
export function entryRows(entries) {
  if (entries.length === 0) return el('p', { class: 'quiet-text' }, 'The ledger of this host has none.');
  return el('ul', { class: 'rows' }, ...entries.map((entry) => el('li', { 'data-height': entry.height },
    timeMark(entry.time), el('a', { href: link('ledger', String(entry.height)), class: 'mono' }, `${visible(entry.kind, 60)}`), ' ',
    el('span', { class: 'quiet-text' }, summary(entry.data)))));
}
