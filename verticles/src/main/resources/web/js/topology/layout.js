// SPDX-License-Identifier: Apache-2.0
// Turns hosts with rows into a scene: boxes and lines with fixed positions. A host is a block; in it, from left to right, a bridge is a
// bar, its ports are boxes that tap it, and the containers are boxes beside their ports. Pure functions.

import { count, visible } from '../format.js';
import { look, vlanSlot } from '../words.js';
import { assign, emptyPlan } from './slots.js';

export const PITCH = 26;
export const BLOCK = 500;
const BAR = { x: 6, w: 8 };
const PORT = { x: 82, w: 132, h: 20 };
const BOX = { x: 238, w: 190, h: 20 };
const HUB_X = 446;
const HUB_STEP = 12;

/**
 * @typedef {{hosts: Map<string, {column: number, plan: import('./slots.js').Plan}>, lanes: string[]}} Plans what is given to whom
 * @typedef {{id: string, kind: string, x: number, y: number, w: number, h: number, label: string, [more: string]: any}} Box
 * @typedef {{id: string, kind: string, source: string, target: string, [more: string]: any}} Line
 * @typedef {{boxes: Map<string, Box>, lines: Map<string, Line>}} Scene
 */

/** @returns {Plans} */
export function emptyPlans() {
  return { hosts: new Map(), lanes: [] };
}

/**
 * Returns the plans in which all these hosts and rows have places. What had a place keeps it.
 *
 * @param {Plans} plans
 * @param {any[]} hosts
 * @returns {Plans}
 */
export function place(plans, hosts) {
  const names = new Set(hosts.map((host) => host.key));
  const taken = new Set([...plans.hosts].filter(([key]) => names.has(key)).map(([, { column }]) => column));
  const next = new Map();
  for (const host of hosts) {
    const before = plans.hosts.get(host.key);
    let column = before?.column ?? 0;
    if (!before) while (taken.has(column)) column++;
    taken.add(column);
    next.set(host.key, { column, plan: assign(before?.plan ?? emptyPlan(), host.regions) });
  }
  const meshes = new Set(rowsOf(hosts).map((row) => row.container?.mesh?.network).filter(Boolean));
  const lanes = plans.lanes.map((mesh) => (meshes.has(mesh) ? mesh : ''));
  for (const mesh of [...meshes].sort()) {
    if (lanes.includes(mesh)) continue;
    const free = lanes.indexOf('');
    if (free >= 0) lanes[free] = mesh;
    else lanes.push(mesh);
  }
  return { hosts: next, lanes };
}

function rowsOf(hosts) {
  return hosts.flatMap((host) => host.regions.flatMap((region) => region.rows.flatMap((row) => row.members ?? [row])));
}

/**
 * Returns the scene.
 *
 * @param {Plans} plans plans that have a place for everything
 * @param {any[]} hosts
 * @returns {Scene}
 */
export function sceneOf(plans, hosts) {
  const scene = { boxes: new Map(), lines: new Map() };
  for (const host of hosts) drawHost(scene, plans, host);
  drawTunnels(scene, plans);
  return scene;
}

function drawHost(scene, plans, host) {
  const { column, plan } = plans.hosts.get(host.key);
  const left = column * BLOCK;
  const id = `h:${host.key}`;
  const containers = host.regions.filter((region) => !region.title).reduce((sum, region) => sum + region.rows.reduce((part, row) => part + (row.members ?? [row]).filter((one) => one.container).length, 0), 0);
  const standing = host.host.up === false ? 'not heard' : host.host.self ? 'this host' : 'peer';
  box(scene, { id, kind: 'host', key: host.key, host: host.key, x: left + BAR.x, y: -12, w: BOX.x + BOX.w - BAR.x, h: 3, label: `${visible(host.name, 30)}   ${standing} · ${count(containers, 'container')}`, up: host.host.up !== false });
  for (const region of host.regions) drawRegion(scene, plans, host, region, plan.regions.get(region.id), left);
}

function drawRegion(scene, plans, host, region, places, left) {
  const used = [...places.rows.values()];
  places.spans.forEach((span, number) => {
    const rows = used.filter((row) => row > span.start && row < span.start + span.length);
    if (number > 0 && rows.length === 0) return;
    // The bar has the length of its span, not of its rows, so that a new port does not change it.
    const title = region.title ?? (region.name || 'on no bridge');
    box(scene, {
      id: barId(region, number), kind: region.name ? 'bridge' : 'none', key: region.id, host: host.key, x: left + BAR.x, y: span.start * PITCH, w: BAR.w,
      h: barHeight(span), label: visible(region.known || !region.name ? title : `${title} (does not exist)`, 44), missing: !region.known && Boolean(region.name),
    });
  });
  for (const row of region.rows) {
    const slot = places.rows.get(row.id);
    const number = places.spans.findIndex((span) => slot > span.start && slot < span.start + span.length);
    const y = slot * PITCH;
    if (row.group) drawGroup(scene, row, region, number, left, y, places);
    else drawRow(scene, plans, host, row, region, number, left, y, places);
  }
}

function barId(region, number) {
  return number === 0 ? `b:${region.id}` : `b:${region.id}#${number}`;
}

/** A bar ends below the middle of its last row. */
function barHeight(span) {
  return (span.length - 1) * PITCH + 14;
}

/** The point of a bar that is beside a row, from the bar's middle. */
function tap(places, number, y) {
  const span = places.spans[number];
  return y + BOX.h / 2 - (span.start * PITCH + barHeight(span) / 2);
}

function drawGroup(scene, group, region, number, left, y, places) {
  const parts = [...group.states].sort((a, b) => b[1] - a[1]).map(([state, many]) => `${look(state).sign}${many}`).join(' ');
  box(scene, {
    id: group.id, kind: 'group', key: group.id, x: left + PORT.x, y, w: BOX.x + BOX.w - PORT.x, h: BOX.h, tone: group.state ? look(group.state).tone : 'off',
    label: `${group.open ? '▾' : '▸'} ${visible(group.name, 26)}  ${group.members.length}   ${parts}`, said: `${visible(group.name)}: ${count(group.members.length, 'port or container', 'ports and containers')}, ${group.open ? 'open' : 'closed'}`, open: group.open,
  });
  line(scene, { id: `t:${group.id}`, kind: 'tap', source: barId(region, number), target: group.id, dy: tap(places, number, y), vlan: '', slot: -1 });
}

function drawRow(scene, plans, host, row, region, number, left, y, places) {
  const bar = barId(region, number);
  const portId = row.port ? `p:${row.port.key}` : null;
  const boxId = row.container ? row.id : null;
  if (portId) {
    const trunks = row.port.trunks?.length ? row.port.trunks.join(',') : '';
    const vlan = row.port.vlan ?? null;
    box(scene, { id: portId, kind: 'port', key: row.port.key, host: host.key, x: left + PORT.x, y, w: PORT.w, h: PORT.h, label: visible(row.port.name, 17), said: `${visible(row.port.name)}${vlan !== null ? `, VLAN ${vlan}` : ''}`, failed: Boolean(row.port.error) || row.port.ofport < 0 });
    line(scene, { id: `t:${portId}`, kind: 'tap', source: bar, target: portId, dy: tap(places, number, y), vlan: vlan !== null ? String(vlan) : visible(trunks, 8), slot: vlan !== null ? vlanSlot(vlan) : -1 });
  }
  if (boxId) {
    const { tone, sign, word } = look(row.state);
    box(scene, { id: boxId, kind: 'container', key: row.container.key, host: host.key, x: left + BOX.x, y, w: BOX.w, h: BOX.h, label: `${sign} ${visible(row.name, 23)}`, tone, said: `${visible(row.name)}, ${word}` });
    if (portId) line(scene, { id: `l:${boxId}`, kind: 'link', source: portId, target: boxId, tone });
    else if (region.name) line(scene, { id: `w:${boxId}`, kind: 'wish', source: bar, target: boxId, dy: tap(places, number, y), tone });
    drawMesh(scene, plans, host, row, boxId, left);
  } else if (row.owner && portId) {
    line(scene, { id: `l:${portId}`, kind: 'link', source: portId, target: row.owner, tone: 'ok' });
  }
}

function drawMesh(scene, plans, host, row, boxId, left) {
  const mesh = row.container.mesh;
  if (!mesh?.network) return;
  const lane = plans.lanes.indexOf(mesh.network);
  const hub = `m:${host.key}/${mesh.network}`;
  if (!scene.boxes.has(hub)) {
    box(scene, { id: hub, kind: 'hub', key: mesh.network, host: host.key, mesh: mesh.network, x: left + HUB_X + lane * HUB_STEP - 5, y: -64 - lane * 20, w: 10, h: 10, label: visible(mesh.network, 24) });
  }
  line(scene, { id: `n:${boxId}`, kind: 'mesh', source: boxId, target: hub, joined: mesh.phase === 'joined' });
}

/** The same mesh on several hosts: a tunnel from each of them to the next. */
function drawTunnels(scene, plans) {
  for (const mesh of plans.lanes.filter(Boolean)) {
    const hubs = [...scene.boxes.values()].filter((each) => each.kind === 'hub' && each.mesh === mesh).sort((a, b) => a.x - b.x);
    for (let i = 1; i < hubs.length; i++) {
      line(scene, { id: `u:${hubs[i].id}`, kind: 'tunnel', source: hubs[i - 1].id, target: hubs[i].id });
    }
  }
}

function box(scene, each) {
  scene.boxes.set(each.id, each);
}

function line(scene, each) {
  scene.lines.set(each.id, each);
}
