// SPDX-License-Identifier: Apache-2.0
// Reads and writes the part of the address after the number sign: #/VIEW or #/VIEW/THING.

export const VIEWS = ['topology', 'containers', 'events', 'ledger', 'hosts', 'health'];

/**
 * Returns the view and the thing that an address names.
 *
 * @param {string} hash
 * @returns {{view: string, thing: string}} the topology for what is no view
 */
export function parse(hash) {
  const [, view = '', ...rest] = hash.split('/');
  return VIEWS.includes(view) ? { view, thing: decode(rest.join('/')) } : { view: 'topology', thing: '' };
}

/**
 * Returns the address of a view, or of a thing in it.
 *
 * @param {string} view
 * @param {string} [thing]
 * @returns {string}
 */
export function link(view, thing = '') {
  return thing ? `#/${view}/${encodeURIComponent(thing)}` : `#/${view}`;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // Somebody typed a lone percent sign.
  }
}
