// SPDX-License-Identifier: Apache-2.0
// The agent's figures as small plots, drawn by uPlot.

import { el, fill, library } from '../dom.js';
import { seriesOf } from '../figures.js';
import { bytes, clock, number, visible } from '../format.js';

const HEIGHT = 96;
const PLOTS_MAX = 24;
const FORMATS = { bytes, ms: (value) => `${number(value, 1)} ms`, count: (value) => number(value, 1) };
/** Steps of an axis of bytes. */
const BINARY = Array.from({ length: 40 }, (_, power) => 2 ** power);

export class Plots {
  /** @param {import('../store.js').Store} store */
  constructor(store) {
    this.store = store;
    this.element = el('div', { class: 'plots', id: 'health-plots' });
    this.none = el('p', { class: 'empty' }, 'The agent has not told any figures yet.');
    this.element.append(this.none);
    /** @type {Map<string, {unit: string, value: HTMLElement, place: HTMLElement, plot: any}>} */
    this.shown = new Map();
    new ResizeObserver(() => this.#resize()).observe(this.element);
    document.addEventListener('themechange', () => this.#again());
  }

  async show() {
    this.visible = true;
    try {
      this.uPlot = await library('lib/uPlot.iife.min.js', 'uPlot');
      this.draw();
    } catch (failure) {
      fill(this.element, el('p', { class: 'problem' }, failure.message));
    }
  }

  hide() {
    this.visible = false;
  }

  /** Draws the newest figures. */
  draw() {
    if (!this.visible || !this.uPlot) return;
    const { figures } = this.store.state;
    this.none.hidden = figures.length > 0;
    if (figures.length === 0) return;
    const times = figures.map((each) => each.at / 1000);
    for (const series of seriesOf(figures).slice(0, PLOTS_MAX)) {
      const shown = this.shown.get(series.name) ?? this.#add(series);
      shown.plot.setData([times, series.values]);
      const last = series.values.findLast((value) => value !== null);
      shown.value.textContent = last === undefined ? 'none yet' : FORMATS[series.unit](last);
    }
  }

  #add(series) {
    const value = el('b');
    const place = el('div', { 'aria-hidden': 'true' });
    const figure = el('figure', { 'data-figure': series.name }, el('figcaption', {}, el('span', {}, visible(series.title, 60)), value), place);
    this.element.append(figure);
    const shown = { unit: series.unit, value, place, plot: this.#plot(series.unit, place) };
    this.shown.set(series.name, shown);
    return shown;
  }

  #plot(unit, place) {
    const css = getComputedStyle(document.documentElement);
    const colour = (variable) => css.getPropertyValue(variable).trim();
    const axis = { stroke: colour('--text-quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '10px system-ui, sans-serif' };
    return new this.uPlot({
      width: Math.max(120, place.clientWidth), height: HEIGHT, legend: { show: false }, cursor: { show: false }, padding: [6, 4, 0, 0],
      scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) > 0 ? high * 1.1 : 1] } },
      series: [{}, { stroke: colour('--accent'), width: 1.5, fill: colour('--accent-soft'), points: { show: false }, spanGaps: true }],
      axes: [
        { ...axis, size: 18, gap: 2, space: 80, values: (_, ticks) => ticks.map((tick) => clock(tick * 1000)) },
        { ...axis, size: 52, gap: 3, space: 28, values: (_, ticks) => ticks.map(FORMATS[unit]), ...(unit === 'bytes' ? { incrs: BINARY } : {}) },
      ],
    }, [[], []], place);
  }

  #resize() {
    for (const { plot, place } of this.shown.values()) plot.setSize({ width: Math.max(120, place.clientWidth), height: HEIGHT });
  }

  #again() {
    for (const shown of this.shown.values()) {
      shown.plot.destroy();
      shown.plot = this.#plot(shown.unit, shown.place);
    }
    this.draw();
  }
}
