// SPDX-License-Identifier: Apache-2.0
// How boxes and lines of a scene look, in the colours of the page's theme.

import { VLAN_COLOURS } from '../words.js';

/**
 * Returns cytoscape's style sheet for the present theme.
 *
 * @returns {object[]}
 */
export function graphStyle() {
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(`--${name}`).trim();
  const mono = '"SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace';
  const sans = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
  const tone = (name) => [
    { selector: `node[tone = "${name}"]`, style: { 'border-color': colour(name), color: colour(name) } },
    { selector: `edge[tone = "${name}"]`, style: { 'line-color': colour(name) } },
  ];
  return [
    {
      selector: 'node', style: {
        shape: 'rectangle', width: 'data(w)', height: 'data(h)', label: 'data(label)', 'font-family': mono, 'font-size': 11.5,
        color: colour('text'), 'background-color': colour('surface'), 'border-width': 1, 'border-color': colour('line-strong'),
        'text-valign': 'center', 'text-halign': 'right', 'text-margin-x': 'data(shift)', 'overlay-opacity': 0, 'min-zoomed-font-size': 5,
      },
    },
    {
      selector: 'node[kind = "host"]', style: {
        'background-color': colour('text'), 'border-width': 0, 'font-family': sans, 'font-size': 14, 'font-weight': 600, 'text-valign': 'top', 'text-margin-y': -3,
      },
    },
    { selector: 'node[kind = "host"][!up]', style: { color: colour('bad'), 'background-color': colour('bad') } },
    {
      selector: 'node[kind = "bridge"], node[kind = "none"]', style: {
        'background-color': colour('text-quiet'), 'border-width': 0, 'text-valign': 'top', 'text-margin-y': 14, 'font-weight': 600,
      },
    },
    { selector: 'node[kind = "none"]', style: { 'background-color': colour('line'), color: colour('text-quiet') } },
    { selector: 'node[?missing]', style: { 'background-color': colour('bad-soft'), 'border-width': 1, 'border-style': 'dashed', 'border-color': colour('bad'), color: colour('bad') } },
    { selector: 'node[kind = "port"]', style: { color: colour('text-quiet'), 'border-color': colour('line') } },
    { selector: 'node[kind = "hub"]', style: { shape: 'diamond', 'background-color': colour('mesh'), 'border-width': 0, color: colour('mesh'), 'text-background-color': colour('ground'), 'text-background-opacity': 1, 'text-background-padding': 2 } },
    ...['ok', 'wait', 'off', 'drift', 'bad'].flatMap(tone),
    // A container that is as it should be is quiet: only what is not has the colour of its state on the whole box.
    { selector: 'node[tone = "ok"]', style: { color: colour('text'), 'border-color': colour('line-strong') } },
    { selector: 'node[tone = "off"]', style: { 'border-style': 'dashed', 'background-color': colour('ground') } },
    { selector: 'node[tone = "wait"]', style: { 'background-color': colour('wait-soft') } },
    { selector: 'node[tone = "drift"]', style: { 'background-color': colour('drift-soft'), 'border-width': 2 } },
    { selector: 'node[tone = "bad"]', style: { 'background-color': colour('bad-soft'), 'border-width': 2 } },
    { selector: 'node[?failed]', style: { color: colour('bad'), 'border-color': colour('bad'), 'background-color': colour('bad-soft') } },
    { selector: 'node[kind = "group"]', style: { 'font-weight': 600 } },
    {
      selector: 'edge', style: {
        width: 1.5, 'curve-style': 'straight', 'line-color': colour('line-strong'), 'source-endpoint': 'outside-to-node', 'overlay-opacity': 0, events: 'no',
      },
    },
    {
      selector: 'edge[kind = "tap"], edge[kind = "wish"]', style: {
        'source-endpoint': (edge) => `4px ${edge.data('dy')}px`, 'target-endpoint': '270deg', label: 'data(vlan)', 'font-family': mono, 'font-size': 10,
        'font-weight': 600, 'min-zoomed-font-size': 5, color: colour('text-quiet'), 'text-background-color': colour('ground'), 'text-background-opacity': 1,
        'text-background-padding': 2, 'text-background-shape': 'roundrectangle',
      },
    },
    { selector: 'edge[kind = "wish"]', style: { 'line-style': 'dashed', width: 1, label: '' } },
    { selector: 'edge[kind = "link"]', style: { 'source-endpoint': '90deg', 'target-endpoint': '270deg' } },
    { selector: 'edge[kind = "link"][tone = "ok"]', style: { 'line-color': colour('line-strong') } },
    ...Array.from({ length: VLAN_COLOURS }, (_, slot) => ({
      selector: `edge[slot = ${slot}]`, style: { 'line-color': colour(`vlan-${slot}`), width: 2.5, color: colour(`vlan-${slot}-text`), 'text-background-color': colour(`vlan-${slot}`) },
    })),
    {
      selector: 'edge[kind = "mesh"]', style: {
        'curve-style': 'taxi', 'taxi-direction': 'horizontal', 'taxi-turn': '100%', 'source-endpoint': '90deg', 'target-endpoint': '180deg',
        'line-color': colour('mesh'), width: 1,
      },
    },
    { selector: 'edge[kind = "mesh"][!joined]', style: { 'line-style': 'dashed', 'line-color': colour('bad') } },
    { selector: 'edge[kind = "tunnel"]', style: { 'line-color': colour('mesh'), width: 2, 'line-style': 'dashed', 'source-endpoint': '90deg', 'target-endpoint': '270deg' } },
    { selector: 'node.current', style: { 'border-width': 2.5, 'border-color': colour('focus'), 'border-style': 'solid', color: colour('text'), 'underlay-color': colour('focus'), 'underlay-opacity': 0.22, 'underlay-padding': 4 } },
  ];
}
