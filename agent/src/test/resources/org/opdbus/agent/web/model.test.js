// SPDX-License-Identifier: Apache-2.0
import { fromSnapshot, withChange, emptyModel, vlanOf, containerKeyOf, COLLECTIONS } from '/js/model.js';
import { Store, EVENTS_KEPT } from '/js/store.js';
import { random, same, that } from '/tests/check.js';

const container = (id, state) => ({ key: `h/${id}`, host: 'h', id, name: id, state });

export const tests = {
  'a snapshot is taken whole'() {
    const model = fromSnapshot({ version: 7, host: { name: 'h' }, containers: [container('a', 'enrolled')], hosts: [{ key: 'h', name: 'h' }] });
    same(model.version, 7);
    same([...model.containers.keys()], ['h/a']);
    same([...model.hosts.keys()], ['h']);
    same(model.ports.size, 0);
  },

  'a change puts and removes, and what it does not name is shared'() {
    const before = fromSnapshot({ version: 7, host: { name: 'h' }, containers: [container('a', 'enrolled'), container('b', 'stopped')] });
    const after = withChange(before, { from: 7, to: 9, containers: { put: [container('b', 'enrolled'), container('c', 'refused')], gone: ['h/a'] } });
    same(after.version, 9);
    same([...after.containers.values()].map((each) => [each.id, each.state]).sort(), [['b', 'enrolled'], ['c', 'refused']]);
    same(before.containers.size, 2);
    that(after.ports === before.ports, 'ports are not shared');
  },

  'a change that follows another model is refused'() {
    same(withChange(fromSnapshot({ version: 7 }), { from: 8, to: 9 }), null);
  },

  'any sequence of changes comes to the same as a snapshot of its end'() {
    const seed = Date.now() % 1e9;
    const next = random(seed);
    let truth = new Map();
    let model = emptyModel();
    for (let version = 0; version < 300; version++) {
      const put = [];
      const gone = [];
      const changed = new Map(truth);
      for (let i = 0; i < 3; i++) {
        const one = container(`c${Math.floor(next() * 20)}`, `s${Math.floor(next() * 3)}`);
        if (next() < 0.4 && changed.delete(one.key)) gone.push(one.key);
        else if (!gone.includes(one.key)) {
          changed.set(one.key, one);
          put.push(one);
        }
      }
      truth = changed;
      model = withChange(model, { from: version, to: version + 1, containers: { put: put.filter((one) => !gone.includes(one.key)), gone } });
    }
    const sorted = (map) => [...map.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    same(sorted(model.containers), sorted(truth), `seed ${seed}`);
  },

  'the VLAN is that of the link, and else the one that is wanted'() {
    same(vlanOf({ links: [{ vlan: 7 }], properties: { vlan: 9 } }), 7);
    same(vlanOf({ links: [], properties: { vlan: '9' } }), 9);
    same(vlanOf({ links: [{}] }), null);
    same(containerKeyOf({ host: 'h', container: 'docker:x' }), 'h/docker:x');
    same(containerKeyOf({ host: 'h', container: null }), null);
  },

  'an event that came before is not taken again'() {
    const store = new Store();
    store.hello({ run: 'a', host: 'h', version: '1', event: 0 });
    for (const number of [1, 2, 2, 1, 3]) store.event({ number, kind: 'x' });
    same(store.state.events.map((event) => event.number), [1, 2, 3]);
    same(store.state.eventCount, 3);
  },

  'after a restart of the agent numbers begin anew'() {
    const store = new Store();
    store.hello({ run: 'a', host: 'h', version: '1', event: 499 });
    store.event({ number: 500, kind: 'x' });
    store.away();
    store.hello({ run: 'b', host: 'h', version: '1', event: 0 });
    that(store.state.connection.restarted, 'it does not say that the agent was restarted');
    store.event({ number: 1, kind: 'y' });
    same(store.state.events.map((event) => event.kind), ['x', 'y']);
  },

  'a stream that begins anew in the same run names what is missing between'() {
    const store = new Store();
    store.hello({ run: 'a', host: 'h', version: '1', event: 10 });
    store.event({ number: 11, kind: 'x' });
    store.hello({ run: 'a', host: 'h', version: '1', event: 11 });
    same(store.state.events.length, 1);
    store.hello({ run: 'a', host: 'h', version: '1', event: 14 });
    store.event({ number: 15, kind: 'y' });
    same(store.state.events.map((event) => event.kind), ['x', 'events.missed', 'y']);
    same(store.state.events[1].gap, 3);
  },

  'the page holds no more events than it says'() {
    const store = new Store();
    for (let number = 1; number <= 5 * EVENTS_KEPT; number++) store.event({ number, kind: 'x' });
    that(store.state.events.length <= 2 * EVENTS_KEPT, `it holds ${store.state.events.length}`);
    same(store.state.events.at(-1).number, 5 * EVENTS_KEPT);
  },

  async 'listeners hear of many changes once, before the next frame'() {
    const store = new Store();
    const heard = [];
    store.subscribe((parts) => heard.push([...parts].sort()));
    store.snapshot({ version: 1 });
    store.event({ number: 1, kind: 'x' });
    store.change({ from: 1, to: 2 });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    same(heard, [['events', 'model']]);
  },

  'every collection of the stream has a place'() {
    same(COLLECTIONS, ['hosts', 'containers', 'bridges', 'ports', 'links', 'labs']);
  },
};
