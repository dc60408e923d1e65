// SPDX-License-Identifier: Apache-2.0
// Asks the agent's HTTP interface. It reads; the only requests that change something sign in and out.

const BASE = 'api/v1';

/** An answer that is not what was asked for, with what to do about it. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 if there was no answer
   * @param {string} title
   * @param {string} detail
   * @param {string} remedy
   */
  constructor(status, title, detail, remedy) {
    super(detail || title);
    this.name = 'ApiError';
    this.status = status;
    this.title = title;
    this.remedy = remedy;
  }
}

/**
 * Asks for a resource.
 *
 * @param {string} path below /api/v1, or a link that an answer gave
 * @param {Record<string, string|number|undefined>} [query] parameters; those without a value are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} fails with an ApiError
 */
export async function get(path, query = {}, signal = undefined) {
  const answer = await send('GET', address(path, query), {}, signal);
  return answer.json();
}

/**
 * Returns the address of a resource, for a link or a stream.
 *
 * @param {string} path
 * @param {Record<string, string|number|undefined>} [query]
 * @returns {string}
 */
export function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const parameters = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const start = path.startsWith('/api/v1/') ? path.slice(1) : `${BASE}/${path}`;
  return parameters ? `${start}${start.includes('?') ? '&' : '?'}${parameters}` : start;
}

/**
 * Returns whether this address needs a session, and whether there is one.
 *
 * @returns {Promise<{needed: boolean, signedIn: boolean}>}
 */
export function session() {
  return get('session');
}

/**
 * Signs in with the token of the agent.
 *
 * @param {string} token
 * @returns {Promise<void>} fails with an ApiError
 */
export async function signIn(token) {
  await send('POST', address('session'), { Authorization: `Bearer ${token}` });
}

/** Ends the session. @returns {Promise<void>} */
export async function signOut() {
  await send('DELETE', address('session'), {});
}

async function send(method, url, headers, signal) {
  let answer;
  try {
    answer = await fetch(url, { method, headers, signal, credentials: 'same-origin', cache: 'no-cache' });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'No answer', 'The agent does not answer.', 'See whether it runs: systemctl status op-dbus');
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new ApiError(answer.status, problem.title || `Status ${answer.status}`, problem.detail || '', problem.remedy || '');
}
