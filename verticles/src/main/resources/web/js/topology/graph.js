// SPDX-License-Identifier: Apache-2.0
// Draws what of a scene is in sight with cytoscape, and changes only what is different from before.

import { library } from '../dom.js';
import { indexOf, inSight } from './sight.js';
import { graphStyle } from './style.js';

const ZOOM_MIN = 0.04;
const ZOOM_MAX = 2.5;
const READABLE = 0.8;
const LARGEST_AT_START = 1.15;
/** A picture that is very high is not made smaller than this to show all of it. */
const FIT_MIN = 0.35;
const MARGIN = 18;

export class Graph {
  /**
   * @param {HTMLElement} place
   * @param {(box: any) => void} chosen is called with a box that was clicked; null for the ground
   */
  constructor(place, chosen) {
    this.place = place;
    this.chosen = chosen;
    this.cy = null;
    this.index = indexOf({ boxes: new Map(), lines: new Map() });
    /** @type {Map<string, any>} what cytoscape has */
    this.drawn = new Map();
    this.sight = '';
    this.current = '';
    this.began = false;
  }

  /** Loads cytoscape, once. */
  async open() {
    const cytoscape = await library('lib/cytoscape.min.js', 'cytoscape');
    if (this.cy) return;
    this.cy = cytoscape({
      container: this.place, style: graphStyle(), layout: { name: 'preset' }, minZoom: ZOOM_MIN, maxZoom: ZOOM_MAX, autoungrabify: true,
      boxSelectionEnabled: false, autounselectify: true, pixelRatio: Math.min(devicePixelRatio, 2),
    });
    this.cy.on('tap', (event) => this.chosen(event.target === this.cy ? null : event.target.data()));
    this.cy.on('viewport resize', () => this.#refresh());
    this.place.addEventListener('wheel', (event) => this.#wheel(event), { capture: true, passive: false });
    document.addEventListener('themechange', () => this.cy.style(graphStyle()));
  }

  /** The wheel moves the picture as it moves every page; with Ctrl, as a pinch sends it, it changes the size. */
  #wheel(event) {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const unit = event.deltaMode === 1 ? 18 : 1;
    const sideways = event.shiftKey && event.deltaX === 0;
    this.cy.panBy({ x: -(sideways ? event.deltaY : event.deltaX) * unit, y: sideways ? 0 : -event.deltaY * unit });
  }

  /** @param {import('./layout.js').Scene} scene */
  draw(scene) {
    this.scene = scene;
    this.index = indexOf(scene);
    this.sight = '';
    if (!this.began && scene.boxes.size > 1 && this.cy.width() > 0) {
      this.began = true;
      this.home();
    }
    this.#refresh();
  }

  #refresh() {
    const { cy } = this;
    const sight = inSight(this.index, cy.extent(), cy.zoom());
    if (sight.key === this.sight) return;
    this.sight = sight.key;
    const { boxes, lines } = sight.things();
    cy.batch(() => {
      const gone = [...this.drawn.keys()].filter((id) => !boxes.has(id) && !lines.has(id));
      for (const id of gone) this.drawn.delete(id);
      if (gone.length > 0) cy.remove(cy.collection(gone.map((id) => cy.getElementById(id)[0]).filter(Boolean)));
      const added = [];
      for (const box of boxes.values()) this.#put(box, 'nodes', added);
      for (const line of lines.values()) this.#put(line, 'edges', added);
      if (added.length > 0) cy.add(added);
    });
  }

  #put(thing, group, added) {
    const before = this.drawn.get(thing.id);
    if (before !== undefined && same(before, thing)) return;
    this.drawn.set(thing.id, thing);
    const data = group === 'nodes' ? { ...thing, shift: shift(thing) } : { ...thing };
    const position = group === 'nodes' ? { x: thing.x + thing.w / 2, y: thing.y + thing.h / 2 } : undefined;
    if (before === undefined) {
      added.push({ group, data, position, classes: thing.id === this.current ? 'current' : '' });
      return;
    }
    const element = this.cy.getElementById(thing.id);
    // An end of a line cannot be changed.
    if (group === 'edges' && (before.source !== thing.source || before.target !== thing.target)) {
      element.remove();
      added.push({ group, data });
      return;
    }
    element.data(data);
    if (position) element.position(position);
  }

  /** Shows the beginning of the picture in a size that can be read. */
  home() {
    const { cy, index: { bounds } } = this;
    const zoom = Math.max(READABLE, Math.min(LARGEST_AT_START, (cy.width() - 2 * MARGIN) / (bounds.x2 - bounds.x1)));
    cy.viewport({ zoom, pan: { x: MARGIN - bounds.x1 * zoom, y: MARGIN - bounds.y1 * zoom } });
  }

  /** Shows the whole picture, or at least its whole width. */
  fit() {
    const { cy, index: { bounds } } = this;
    const wide = (cy.width() - 2 * MARGIN) / (bounds.x2 - bounds.x1);
    const high = (cy.height() - 2 * MARGIN) / (bounds.y2 - bounds.y1);
    const zoom = Math.max(ZOOM_MIN, Math.min(wide, Math.max(high, FIT_MIN), LARGEST_AT_START));
    cy.viewport({ zoom, pan: { x: MARGIN - bounds.x1 * zoom, y: MARGIN - bounds.y1 * zoom } });
  }

  /** @param {number} factor by which the picture becomes larger */
  grow(factor) {
    const { cy } = this;
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  /** Fits the picture's place after its size has changed. */
  resize() {
    this.cy?.resize();
  }

  /**
   * Marks a box, and moves it into sight.
   *
   * @param {string} id empty for none
   * @param {boolean} [show]
   */
  select(id, show = false) {
    this.current = id;
    if (!this.cy) return;
    const box = this.scene?.boxes.get(id);
    if (show && box) {
      this.cy.resize();
      this.#intoSight(box);
    }
    this.cy.nodes('.current').removeClass('current');
    this.cy.getElementById(id).addClass('current');
  }

  /** @param {string} id a box that is moved into sight; of a high one, its beginning */
  show(id) {
    const box = this.scene?.boxes.get(id);
    if (box && this.cy) this.#intoSight(box);
  }

  #intoSight(box) {
    const { cy } = this;
    if (cy.zoom() < READABLE) cy.zoom({ level: READABLE, position: { x: box.x + box.w / 2, y: box.y } });
    const zoom = cy.zoom();
    const high = Math.min(box.h, cy.height() / zoom / 2);
    const pan = cy.pan();
    const [x1, x2] = [box.x * zoom + pan.x, (box.x + box.w) * zoom + pan.x];
    const [y1, y2] = [box.y * zoom + pan.y, (box.y + high) * zoom + pan.y];
    const right = x1 < MARGIN ? MARGIN - x1 : Math.min(0, cy.width() - MARGIN - x2);
    const down = y1 < MARGIN + 30 ? MARGIN + 30 - y1 : Math.min(0, cy.height() - MARGIN - 30 - y2);
    if (right !== 0 || down !== 0) cy.panBy({ x: right, y: down });
  }
}

function same(a, b) {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Labels begin inside their box, at its left; those of bars and hubs beside it, those of hosts above it. */
function shift(box) {
  if (box.kind === 'host') return -box.w;
  return box.kind === 'port' || box.kind === 'container' || box.kind === 'group' ? 7 - box.w : 6;
}
