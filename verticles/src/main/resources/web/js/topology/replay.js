// SPDX-License-Identifier: Apache-2.0
// Works out how this host was at an earlier moment, from how it is now and the entries of its ledger since then. Pure functions.

/** What the entries of a kind say of a container: how it was after them, and before them if no earlier entry tells. */
const SAYS = {
  'container.created': { before: null, after: 'stopped' },
  'container.started': { before: 'stopped', after: 'waiting' },
  'container.enrolled': { before: 'waiting', after: 'enrolled' },
  'enrollment.refused': { before: 'waiting', after: 'refused' },
  'enrollment.lost': { before: 'enrolled', after: 'waiting' },
  'drift.seen': { before: 'enrolled', after: 'drifted' },
  'container.left': { before: 'enrolled', after: 'stopped' },
  'container.stopped': { before: 'enrolled', after: 'stopped' },
  'container.removed': { before: 'stopped', after: null },
  'container.destroyed': { before: 'stopped', after: null },
};

/**
 * Returns the model of a moment. Other hosts, links, and ports without a container stay as they are now: the ledger has nothing of
 * them.
 *
 * @param {import('../model.js').Model} model
 * @param {any[]} entries entries of this host from the moment on and some time before it, the oldest first
 * @param {number} time
 * @returns {import('../model.js').Model}
 */
export function modelAt(model, entries, time) {
  const self = model.host?.name ?? [...model.hosts.values()].find((host) => host.self)?.name;
  const stories = new Map();
  for (const entry of entries) {
    if (!Object.hasOwn(SAYS, entry.kind)) continue;
    const id = idOf(entry);
    if (!stories.has(id)) stories.set(id, []);
    stories.get(id).push(entry);
  }
  const containers = new Map(model.containers);
  const ports = new Map(model.ports);
  for (const [id, story] of stories) {
    if (Date.parse(story.at(-1).time) <= time) continue; // Nothing has happened to it since then.
    const key = `${self}/${id}`;
    for (const [portKey, port] of model.ports) if (port.host === self && port.container === id) ports.delete(portKey);
    const past = containerAt(model.containers.get(key), key, id, self, story, time);
    if (past === null) {
      containers.delete(key);
      continue;
    }
    containers.set(key, past.container);
    if (past.port) ports.set(past.port.key, past.port);
  }
  return { ...model, containers, ports };
}

/** Some entries have the id of a container, others the container as its source describes it. */
function idOf(entry) {
  const container = entry.data?.container;
  return typeof container === 'string' ? container : container?.id ?? entry.subject;
}

function nameOf(story, id) {
  return story.find((entry) => entry.data?.container?.name)?.data.container.name ?? id.slice(id.indexOf(':') + 1);
}

function containerAt(now, key, id, host, story, time) {
  const earlier = story.filter((entry) => Date.parse(entry.time) <= time);
  const last = earlier.at(-1);
  const next = story[earlier.length];
  const state = last ? SAYS[last.kind].after : wasEnrolled(story) ? 'enrolled' : SAYS[next.kind].before;
  if (state === null) return null;
  const live = state === 'enrolled' || state === 'drifted';
  const facts = live ? factsOf(story, earlier) ?? factsOfNow(now) : null;
  const link = facts && { index: facts.index, name: facts.link, bridge: facts.bridge, vlan: facts.vlan ?? null, ofport: facts.ofport ?? 0, altNames: [] };
  const container = {
    ...(now ?? { key, id, host, kind: id.includes(':') ? id.slice(0, id.indexOf(':')) : 'lxc', name: nameOf(story, id), veth: '', bridge: '', properties: {}, links: [], mesh: null }),
    mesh: live ? now?.mesh ?? null : null, state, running: state !== 'stopped', since: last?.time ?? null, reason: last?.data?.message ?? last?.data?.reason ?? '', remedy: last?.data?.remedy ?? '',
  };
  if (link) Object.assign(container, { links: [link], bridge: link.bridge, veth: link.name, vlan: link.vlan });
  const port = link && { key: `past:${key}`, id: '', host, name: link.name, bridge: link.bridge, vlan: link.vlan, trunks: [], ofport: link.ofport, container: id, marks: {}, error: null };
  return { container, port };
}

/** An agent that starts records what it finds: its first entries of a container do not say that it was not there before. */
function wasEnrolled(story) {
  const first = story.find((entry) => entry.kind === 'container.enrolled');
  const stopped = story.findIndex((entry) => SAYS[entry.kind].after === 'stopped' || SAYS[entry.kind].after === null);
  return first?.data?.recovered === true && (stopped < 0 || stopped > story.indexOf(first));
}

function factsOfNow(now) {
  const link = now?.links?.find((one) => one.bridge);
  return link ? { ...link, link: link.name } : null;
}

/** The last enrolment before the moment tells the link; if it was too long ago, the next one does, because names are kept. */
function factsOf(story, earlier) {
  const enrolled = (entries) => entries.filter((entry) => entry.kind === 'container.enrolled');
  const found = enrolled(earlier).at(-1) ?? enrolled(story)[0];
  if (found) return found.data;
  const left = story.find((entry) => entry.data?.link && entry.data?.bridge);
  return left ? { ...left.data, index: left.data.index ?? 0 } : null;
}
