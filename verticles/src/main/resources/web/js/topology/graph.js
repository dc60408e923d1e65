// SPDX-License-Identifier: Apache-2.0
// Draws a scene with cytoscape, and changes only what is different from the one before.

import { library } from '../dom.js';
import { graphStyle } from './style.js';

const ZOOM_MIN = 0.08;
const ZOOM_MAX = 2.5;
const READABLE = 0.8;
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
    /** @type {import('./layout.js').Scene} */
    this.scene = { boxes: new Map(), lines: new Map() };
    /** @type {Map<string, string>} */
    this.drawn = new Map();
    this.current = '';
    this.fitted = false;
  }

  /** Loads cytoscape, once. */
  async open() {
    const cytoscape = await library('lib/cytoscape.min.js', 'cytoscape');
    if (this.cy) return;
    this.cy = cytoscape({
      container: this.place, style: graphStyle(), layout: { name: 'preset' }, minZoom: ZOOM_MIN, maxZoom: ZOOM_MAX, autoungrabify: true,
      boxSelectionEnabled: false, autounselectify: true, textureOnViewport: false, hideEdgesOnViewport: false, pixelRatio: Math.min(devicePixelRatio, 2),
    });
    this.cy.on('tap', (event) => this.chosen(event.target === this.cy ? null : event.target.data()));
    this.place.addEventListener('wheel', (event) => this.#wheel(event), { capture: true, passive: false });
    document.addEventListener('themechange', () => this.cy.style(graphStyle()));
  }

  /** The wheel moves the picture as it moves every page; with Ctrl, as a pinch sends it, it changes the size. */
  #wheel(event) {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const unit = event.deltaMode === 1 ? 18 : 1;
    const sideways = event.shiftKey && event.deltaX === 0;
    this.cy.panBy({ x: -(sideways ? event.deltaY : event.deltaX) * unit, y: sideways ? 0 : -event.deltaY * unit });
  }

  /** @param {import('./layout.js').Scene} scene */
  draw(scene) {
    const { cy } = this;
    this.scene = scene;
    cy.batch(() => {
      for (const id of this.drawn.keys()) {
        if (scene.boxes.has(id) || scene.lines.has(id)) continue;
        cy.getElementById(id).remove();
        this.drawn.delete(id);
      }
      const added = [];
      for (const box of scene.boxes.values()) this.#put(box, 'nodes', added);
      for (const line of scene.lines.values()) this.#put(line, 'edges', added);
      cy.add(added);
      cy.getElementById(this.current).addClass('current');
    });
    if (!this.fitted && scene.boxes.size > 1 && cy.width() > 0) {
      this.fitted = true;
      this.home();
    }
  }

  #put(thing, group, added) {
    const text = JSON.stringify(thing);
    const before = this.drawn.get(thing.id);
    if (before === text) return;
    this.drawn.set(thing.id, text);
    const data = group === 'nodes' ? { ...thing, shift: shift(thing) } : thing;
    const position = group === 'nodes' ? { x: thing.x + thing.w / 2, y: thing.y + thing.h / 2 } : undefined;
    if (before === undefined) {
      added.push({ group, data, position });
      return;
    }
    const element = this.cy.getElementById(thing.id);
    // An end of a line cannot be changed.
    if (group === 'edges' && (element.data('source') !== thing.source || element.data('target') !== thing.target)) {
      element.remove();
      added.push({ group, data });
      return;
    }
    element.data(data);
    if (position) element.position(position);
  }

  /** Shows the beginning of the picture in a size that can be read. */
  home() {
    const { cy } = this;
    if (cy.elements().empty()) return;
    const all = cy.elements().boundingBox();
    const zoom = Math.max(READABLE, Math.min(1.15, (cy.width() - 2 * MARGIN) / all.w));
    cy.viewport({ zoom, pan: { x: MARGIN - all.x1 * zoom, y: MARGIN - all.y1 * zoom } });
  }

  /** Shows the whole picture. */
  fit() {
    this.cy.fit(undefined, MARGIN);
    if (this.cy.zoom() > 1.15) this.home();
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
    if (show) this.cy.resize();
    this.cy.nodes('.current').removeClass('current');
    const node = this.cy.getElementById(id);
    if (node.empty()) return;
    node.addClass('current');
    if (show) this.#intoSight(node);
  }

  #intoSight(node) {
    const { cy } = this;
    if (cy.zoom() < READABLE) cy.zoom({ level: READABLE, position: node.position() });
    const { x1, x2, y1, y2 } = node.renderedBoundingBox({ includeLabels: false });
    const right = x1 < MARGIN ? MARGIN - x1 : Math.min(0, cy.width() - MARGIN - x2);
    const down = y1 < MARGIN + 30 ? MARGIN + 30 - y1 : Math.min(0, cy.height() - MARGIN - 30 - y2);
    if (right !== 0 || down !== 0) cy.panBy({ x: right, y: down });
  }
}

/** Labels begin inside their box, at its left; those of bars and hubs beside it, those of hosts above it. */
function shift(box) {
  if (box.kind === 'host') return -box.w;
  return box.kind === 'port' || box.kind === 'container' || box.kind === 'group' ? 7 - box.w : 6;
}
