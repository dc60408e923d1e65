// SPDX-License-Identifier: Apache-2.0
import { fromSnapshot } from '/js/model.js';
import { treeOf, countPorts } from '/js/topology/tree.js';
import { collapse, isLarge, prefixOf, PORTS_SHOWN } from '/js/topology/collapse.js';
import { emptyPlans, place, sceneOf } from '/js/topology/layout.js';
import { random, same, that } from '/tests/check.js';

function network(hosts, size, bridges = 2) {
  const snapshot = { version: 1, host: { key: 'h0', name: 'h0', self: true }, hosts: [], containers: [], bridges: [], ports: [], links: [] };
  for (let h = 0; h < hosts; h++) {
    snapshot.hosts.push({ key: `h${h}`, name: `h${h}`, self: h === 0, up: true });
    for (let c = 0; c < size; c++) add(snapshot, h, c, bridges);
  }
  for (let b = 0; b < bridges; b++) snapshot.bridges.push({ key: `h0/br${b}`, host: 'h0', name: `br${b}` });
  return snapshot;
}

function add(snapshot, h, c, bridges = 2) {
  const bridge = `br${c % bridges}`;
  const id = `web-${c}`;
  const link = { index: 10 + c, name: `vi${c}`, bridge, ofport: c + 1 };
  snapshot.containers.push({ key: `h${h}/${id}`, host: `h${h}`, id, name: id, kind: 'lxc', state: 'enrolled', links: [link], properties: {} });
  if (h === 0) snapshot.ports.push({ key: `h0/uuid${c}`, host: 'h0', id: `uuid${c}`, name: link.name, bridge, vlan: null, trunks: [], ofport: c + 1, container: id });
}

const scene = (plans, snapshot, open = null) => {
  const tree = treeOf(fromSnapshot(snapshot));
  const shown = open ? collapse(tree, open) : tree;
  const next = place(plans, shown);
  return { plans: next, scene: sceneOf(next, shown) };
};

const places = (drawn) => new Map([...drawn.boxes].map(([id, box]) => [id, `${box.x},${box.y}`]));

export const tests = {
  'this host comes first, and a port is in the row of its container'() {
    const tree = treeOf(fromSnapshot(network(3, 4)));
    same(tree.map((host) => host.name), ['h0', 'h1', 'h2']);
    same(tree[0].regions.map((region) => region.name), ['br0', 'br1']);
    same(tree[0].regions[0].rows.map((row) => [row.container.id, row.port.name]), [['web-0', 'vi0'], ['web-2', 'vi2']]);
    same(countPorts(tree), 12);
  },

  'a container without a port has a row on the bridge that it wants, and one without a bridge has one, too'() {
    const snapshot = network(1, 0);
    snapshot.containers.push({ key: 'h0/a', host: 'h0', id: 'a', name: 'a', state: 'refused', bridge: 'br1', links: [], properties: {} });
    snapshot.containers.push({ key: 'h0/b', host: 'h0', id: 'b', name: 'b', state: 'without-link', bridge: '', links: [], properties: {} });
    const regions = treeOf(fromSnapshot(snapshot))[0].regions;
    same(regions.map((region) => [region.name, region.rows.map((row) => row.name)]), [['br0', []], ['br1', ['a']], ['', ['b']]]);
  },

  'no two boxes of one kind are in the same place, and every line has both its ends'() {
    const { scene: drawn } = scene(emptyPlans(), network(3, 40));
    const taken = new Set();
    for (const box of drawn.boxes.values()) {
      const spot = `${box.kind} ${box.x} ${box.y}`;
      that(!taken.has(spot), `two at ${spot}`);
      taken.add(spot);
    }
    for (const line of drawn.lines.values()) {
      that(drawn.boxes.has(line.source), `${line.id} begins at ${line.source}`);
      that(drawn.boxes.has(line.target), `${line.id} ends at ${line.target}`);
    }
  },

  'what stays does not move, whatever comes and goes'() {
    const seed = Date.now() % 1e9;
    const next = random(seed);
    let snapshot = network(3, 30);
    let { plans, scene: drawn } = scene(emptyPlans(), snapshot);
    for (let step = 0; step < 200; step++) {
      const changed = structuredClone(snapshot);
      if (next() < 0.5 && changed.containers.length > 0) {
        const [gone] = changed.containers.splice(Math.floor(next() * changed.containers.length), 1);
        changed.ports = changed.ports.filter((port) => !(port.host === gone.host && port.container === gone.id));
      } else {
        add(changed, Math.floor(next() * 3), 1000 + step);
      }
      const before = places(drawn);
      ({ plans, scene: drawn } = scene(plans, changed));
      const after = places(drawn);
      for (const [id, spot] of before) if (after.has(id)) same(after.get(id), spot, `${id} at step ${step}, seed ${seed}:`);
      snapshot = changed;
    }
  },

  'a large network begins collapsed, by bridge and by how names begin'() {
    that(!isLarge(treeOf(fromSnapshot(network(1, PORTS_SHOWN)))), 'large too early');
    const tree = treeOf(fromSnapshot(network(1, PORTS_SHOWN + 1)));
    that(isLarge(tree), 'not large');
    const closed = collapse(tree, new Set());
    same(closed[0].regions.map((region) => [region.name, region.rows.map((row) => [row.group, row.members.length])]), [['br0', [[true, 76]]], ['br1', [[true, 75]]]]);
    const group = closed[0].regions[0].rows[0];
    const opened = collapse(tree, new Set([group.id]));
    same(opened[0].regions.map((region) => region.rows.length), [1, 76, 1]);
  },

  'the state of a group is the most urgent one in it'() {
    const snapshot = network(1, 10, 1);
    snapshot.containers[4].state = 'drifted';
    snapshot.containers[5].state = 'refused';
    const [group] = collapse(treeOf(fromSnapshot(snapshot)), new Set())[0].regions[0].rows;
    same([group.state, group.states.get('enrolled')], ['refused', 8]);
  },

  'opening and closing a group moves nothing else'() {
    const snapshot = network(3, 100);
    const closed = scene(emptyPlans(), snapshot, new Set());
    const group = [...closed.scene.boxes.values()].find((box) => box.kind === 'group').id;
    const opened = scene(closed.plans, snapshot, new Set([group]));
    const again = scene(opened.plans, snapshot, new Set());
    for (const [id, spot] of places(closed.scene)) {
      same(places(opened.scene).get(id), spot, `${id} when opened:`);
      same(places(again.scene).get(id), spot, `${id} when closed:`);
    }
  },

  'names of one family have the same prefix'() {
    same(['web-1', 'web-22', 'web', '100', '107', 'db_1', 'a.b.3'].map(prefixOf), ['web', 'web', 'web', '1', '1', 'db', 'a.b']);
  },

  'five hundred ports on each of three hosts are laid out quickly'() {
    const snapshot = network(3, 500, 4);
    const begin = performance.now();
    const first = scene(emptyPlans(), snapshot);
    scene(first.plans, snapshot);
    that(performance.now() - begin < 10_000, `it took ${performance.now() - begin} ms`);
    that(first.scene.boxes.size > 3000, `${first.scene.boxes.size} boxes`);
  },
};
