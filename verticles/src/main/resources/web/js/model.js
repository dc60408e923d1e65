// SPDX-License-Identifier: Apache-2.0
// The picture of the network as the stream tells it. A model never changes; each message makes the next one. Pure functions.

/**
 * @typedef {object} Container a container or a virtual machine, in the words of `query`
 * @property {string} key
 * @property {string} id
 * @property {string} host
 * @property {string} name
 * @property {string} kind
 * @property {string} state
 *
 * @typedef {object} Model
 * @property {number} version the version of the agent's inventory
 * @property {any} host this host
 * @property {Map<string, any>} hosts
 * @property {Map<string, Container>} containers
 * @property {Map<string, any>} bridges
 * @property {Map<string, any>} ports
 * @property {Map<string, any>} links
 * @property {Map<string, any>} labs
 */

/** The collections of a model, as the messages call them. */
export const COLLECTIONS = ['hosts', 'containers', 'bridges', 'ports', 'links', 'labs'];

/** @returns {Model} a model of nothing */
export function emptyModel() {
  return { version: 0, host: null, ...Object.fromEntries(COLLECTIONS.map((name) => [name, new Map()])) };
}

/**
 * Returns the model that a snapshot describes.
 *
 * @param {any} snapshot
 * @returns {Model}
 */
export function fromSnapshot(snapshot) {
  const model = emptyModel();
  model.version = snapshot.version;
  model.host = snapshot.host ?? null;
  for (const name of COLLECTIONS) {
    for (const object of snapshot[name] ?? []) model[name].set(keyOf(name, object), object);
  }
  return model;
}

/**
 * Returns the model after a change. It shares every collection that the change leaves as it is.
 *
 * @param {Model} model
 * @param {any} change
 * @returns {Model|null} the same model if the change is in it already; null if it does not follow this model, so that something is missing between them
 */
export function withChange(model, change) {
  if (change.to <= model.version) return model;
  if (change.from !== model.version) return null;
  const next = { ...model, version: change.to, host: change.host ?? model.host };
  for (const name of COLLECTIONS) {
    const difference = change[name];
    if (!difference || (!difference.put?.length && !difference.gone?.length)) continue;
    const collection = new Map(model[name]);
    for (const key of difference.gone ?? []) collection.delete(key);
    for (const object of difference.put ?? []) collection.set(keyOf(name, object), object);
    next[name] = collection;
  }
  return next;
}

function keyOf(collection, object) {
  return object.key ?? (collection === 'hosts' ? object.name : `${object.host}/${object.id ?? object.index ?? object.name}`);
}

/**
 * Returns the container's VLAN: that of its link, or else the one that is wanted.
 *
 * @param {any} container
 * @returns {number|null}
 */
export function vlanOf(container) {
  const vlan = container.links?.[0]?.vlan ?? container.vlan ?? container.properties?.vlan;
  return vlan === undefined || vlan === null || vlan === '' ? null : Number(vlan);
}

/**
 * Returns the addresses of a container: the static one that is wanted, and the one in its mesh.
 *
 * @param {any} container
 * @returns {string[]}
 */
export function addressesOf(container) {
  return [container.properties?.ipv4, container.mesh?.address].filter(Boolean).map(String);
}

/**
 * Returns what to do about the state of a container; empty if nothing.
 *
 * @param {any} container
 * @returns {string}
 */
export function remedyOf(container) {
  return container.remedy || container.mesh?.remedy || '';
}

/**
 * Returns why a container is in its state; empty if all is as it should be.
 *
 * @param {any} container
 * @returns {string}
 */
export function reasonOf(container) {
  return container.reason || container.mesh?.why || container.mesh?.reason || '';
}

/**
 * Returns the key of the container that a port belongs to.
 *
 * @param {any} port
 * @returns {string|null}
 */
export function containerKeyOf(port) {
  return port.container ? `${port.host}/${port.container}` : null;
}
