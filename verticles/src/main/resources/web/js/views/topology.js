// SPDX-License-Identifier: Apache-2.0
// The topology: a graph and the same as lists, a summary by state, and the slider into the past hour.

import { el, fill } from '../dom.js';
import { count } from '../format.js';
import { link } from '../router.js';
import { ORDER, look } from '../words.js';
import { collapse, isLarge } from '../topology/collapse.js';
import { Graph } from '../topology/graph.js';
import { emptyPlans, place, sceneOf } from '../topology/layout.js';
import { listOf } from '../topology/list.js';
import { modelAt } from '../topology/replay.js';
import { step } from '../topology/steps.js';
import { treeOf } from '../topology/tree.js';
import { ReplayBar } from './replayBar.js';

export class TopologyView {
  /**
   * @param {HTMLElement} root
   * @param {{store: import('../store.js').Store, panel: import('./panel.js').Panel, announce: (text: string) => void}} context
   */
  constructor(root, context) {
    Object.assign(this, context);
    this.root = root;
    this.plans = emptyPlans();
    this.open = new Set();
    this.collapsed = null; // Chosen by the reader; null as long as the size decides.
    this.selected = '';
    this.wanted = '';
    this.past = null;
    this.hosts = [];
    this.scene = { boxes: new Map(), lines: new Map() };
    this.#build();
    this.graph = new Graph(this.place, (box) => (box ? this.#choose(box.id) : this.panel.close()));
    new ResizeObserver(() => this.graph.resize()).observe(this.place);
  }

  #build() {
    const button = (id, text, click, more = {}) => el('button', { type: 'button', id, on: { click }, ...more }, text);
    this.replay = new ReplayBar((moment) => {
      this.past = moment;
      this.#draw();
    });
    this.summary = el('div', { class: 'summary', role: 'group', 'aria-label': 'Containers by state' });
    this.place = el('div', {
      id: 'topology-graph', tabindex: 0, role: 'application', 'aria-label': 'Topology', 'aria-describedby': 'topology-help', on: { keydown: (event) => this.#key(event) },
    });
    this.list = el('div', { id: 'topology-list', hidden: true });
    this.asGraph = button('topology-mode-graph', 'Graph', () => this.#mode(false), { 'aria-pressed': 'true' });
    this.asList = button('topology-mode-list', 'List', () => this.#mode(true), { 'aria-pressed': 'false' });
    this.expand = button('topology-expand', 'Expand all', () => this.expandAll());
    this.fold = button('topology-collapse', 'Collapse', () => this.collapseAll());
    fill(this.root,
      el('div', { class: 'head topology-head' }, el('h1', { id: 'topology-title' }, 'Topology'), this.summary,
        el('div', { class: 'tools' }, this.asGraph, this.asList, button('topology-fit', 'Fit', () => this.graph.fit()), this.expand, this.fold,
          button('topology-tidy', 'Tidy', () => this.#tidy(), { title: 'Give everything a new place, in order' }))),
      this.replay.banner,
      el('p', { id: 'topology-help', class: 'unseen' }, 'A picture of hosts, bridges, ports and containers. Arrow keys move from one to the next, Enter opens its details, Escape closes them. The button List shows the same as lists.'),
      el('div', { class: 'topology-place' }, this.place, this.list),
      el('p', { class: 'keys', 'aria-hidden': 'true' }, ...['enrolled', 'waiting', 'drifted', 'refused', 'stopped'].map((state) => el('span', {}, `${look(state).sign} ${look(state).word}`)), el('span', {}, '▐ bridge'), el('span', {}, '—10— VLAN'), el('span', {}, '◆ mesh')),
      this.replay.element);
  }

  /** @param {string} thing the id of the box to select */
  async show(thing) {
    this.visible = true;
    try {
      await this.graph.open();
      this.#draw();
    } catch (failure) {
      this.#mode(true);
      this.announce(failure.message);
    }
    this.wanted = thing === this.selected ? '' : thing;
    this.#chooseWanted();
  }

  /** An address can name a thing that is heard of only later. */
  #chooseWanted() {
    if (!this.wanted || !this.scene.boxes.has(this.wanted)) return;
    const id = this.wanted;
    this.wanted = '';
    this.#choose(id, true);
  }

  hide() {
    this.visible = false;
    this.panel.showPast(null);
    this.wanted = '';
    this.selected = '';
  }

  /** @param {Set<string>} parts */
  update(parts) {
    if (parts.has('model') && !this.past) this.#draw();
  }

  #draw() {
    if (!this.visible || !this.graph.cy) return;
    const { model } = this.store.state;
    const shown = this.past ? modelAt(model, this.past.entries, this.past.time) : model;
    this.panel.showPast(this.past && { model: shown, time: this.past.time });
    const tree = treeOf(shown);
    const collapsed = this.collapsed ?? isLarge(tree);
    this.hosts = collapsed ? collapse(tree, this.open) : tree;
    const plans = place(this.plans, this.hosts);
    // What the past has and the present has not takes no place from it.
    if (!this.past) this.plans = plans;
    this.scene = sceneOf(plans, this.hosts);
    this.graph.draw(this.scene);
    this.#sum(tree);
    this.root.classList.toggle('past', this.past !== null);
    Object.assign(this.place.dataset, { nodes: this.scene.boxes.size, collapsed, past: this.past !== null });
    this.expand.hidden = !collapsed;
    this.fold.hidden = collapsed || !isLarge(tree);
    if (!this.list.hidden) this.#drawList();
    this.#chooseWanted();
  }

  #sum(tree) {
    const states = new Map();
    let total = 0;
    for (const host of tree) {
      for (const region of host.regions) {
        for (const row of region.rows) {
          if (!row.container) continue;
          total++;
          states.set(row.state, (states.get(row.state) ?? 0) + 1);
        }
      }
    }
    const text = JSON.stringify([...states]);
    if (text === this.summed) return;
    this.summed = text;
    const order = (state) => (ORDER.includes(state) ? ORDER.indexOf(state) : 2);
    fill(this.summary, ...[...states].sort((a, b) => order(a[0]) - order(b[0])).map(([state, many]) => el('button', {
      type: 'button', class: 'state', 'data-tone': look(state).tone, 'data-state': state, on: { click: () => this.#next(state) }, title: `Show the next one that is ${look(state).word}`,
    }, `${look(state).sign} ${many} ${look(state).word}`)));
    this.place.setAttribute('aria-label', `Topology of ${count(tree.length, 'host')} with ${count(total, 'container')}: ${[...states].map(([state, many]) => `${many} ${look(state).word}`).join(', ')}`);
  }

  /** Goes to the next container in a state, or to the group that has it. */
  #next(state) {
    const rows = this.hosts.flatMap((host) => host.regions.flatMap((region) => region.rows.filter((row) => (row.group ? row.states.has(state) && !row.open : row.container && row.state === state))));
    if (rows.length === 0) return;
    const at = rows.findIndex((row) => row.id === this.selected);
    this.#choose(rows[(at + 1) % rows.length].id, true);
  }

  #drawList() {
    const focused = document.activeElement instanceof HTMLElement && this.list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    fill(this.list, listOf(this.hosts, (id) => this.#choose(id)));
    if (focused) this.list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  #mode(list) {
    this.list.hidden = !list;
    this.place.hidden = list;
    this.asGraph.setAttribute('aria-pressed', String(!list));
    this.asList.setAttribute('aria-pressed', String(list));
    if (list) this.#drawList();
    else this.graph.resize();
  }

  #key(event) {
    if (['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) {
      event.preventDefault();
      this.#mark(step(this.scene, this.selected, event.key), true);
      const box = this.scene.boxes.get(this.selected);
      if (box) this.announce(`${box.kind === 'none' ? 'on no bridge' : box.kind === 'hub' ? 'mesh' : box.kind} ${box.said ?? box.label}`);
      if (!this.panel.root.hidden) this.#openPanel(false);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (this.selected) this.#choose(this.selected, true, true);
    } else if (event.key === '+' || event.key === '-') {
      this.graph.grow(event.key === '+' ? 1.2 : 1 / 1.2);
    }
  }

  #mark(id, move) {
    this.selected = id;
    this.graph.select(id, move);
  }

  #choose(id, move = false, focus = false) {
    const box = this.scene.boxes.get(id);
    if (box?.kind === 'group') {
      const wasSelected = this.selected === id;
      if (wasSelected || !move) this.#toggle(id);
    }
    this.#openPanel(focus, id);
    this.#mark(id, move);
    if (this.open.has(id)) this.graph.show(`b:${id}/`);
    history.replaceState(null, '', link('topology', id));
  }

  #toggle(id) {
    if (this.open.has(id)) this.open.delete(id);
    else this.open.add(id);
    this.#draw();
  }

  #openPanel(focus, id = this.selected) {
    const box = this.scene.boxes.get(id);
    if (!box) return;
    const members = box.kind === 'group' ? this.hosts.flatMap((host) => host.regions.flatMap((region) => region.rows)).find((row) => row.id === box.id)?.members : undefined;
    this.panel.open({ kind: box.kind, key: box.kind === 'bridge' || box.kind === 'none' ? bridgeKey(box) : box.key, members }, () => {
      this.#mark('', false);
      history.replaceState(null, '', link('topology'));
    }, focus);
  }

  #tidy() {
    this.plans = emptyPlans();
    this.#draw();
    this.graph.home();
  }

  /** Shows each row of a large network. */
  expandAll() {
    this.collapsed = false;
    this.#draw();
  }

  /** Shows a large network in groups again. */
  collapseAll() {
    this.collapsed = null;
    this.open.clear();
    this.#draw();
  }

  /** @returns {Record<string, {x: number, y: number}>} where each box is; for tests */
  positions() {
    return Object.fromEntries([...this.scene.boxes].map(([id, box]) => [id, { x: box.x, y: box.y }]));
  }

  /** @param {string} id selects a box, as a click does; for tests */
  select(id) {
    this.#choose(id, true);
  }
}

/** The region of an open group is a part of its bridge's. */
function bridgeKey(box) {
  return box.key.startsWith('g:') ? box.key.slice(2).split('/').slice(0, -2).join('/') : box.key;
}
