// SPDX-License-Identifier: Apache-2.0
// Turns values into text for people. Pure functions.

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/**
 * Returns a text of a guest or of another host so that all of it can be seen: control characters, and those that turn the
 * direction of writing or have no width, appear as escapes. A longer text ends with an ellipsis.
 *
 * @param {unknown} value
 * @param {number} [limit] how many characters are shown at most
 * @returns {string}
 */
export function visible(value, limit = 400) {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
  const cut = text.length > limit ? `${text.slice(0, limit).replace(/[\uD800-\uDBFF]$/u, '')}…` : text;
  return cut.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/**
 * Returns the time of day of a moment, and its date if it is not today.
 *
 * @param {string|number|Date} when
 * @returns {string} empty if it is no time
 */
export function clock(when) {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return '';
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return date.toDateString() === new Date().toDateString()
    ? time
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/**
 * Returns the time of day with milliseconds, for events that follow each other quickly.
 *
 * @param {string} when
 * @returns {string}
 */
export function preciseClock(when) {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? '' : `${clock(when)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/**
 * Returns a length of time in its two largest units.
 *
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * Returns how long ago a moment was.
 *
 * @param {string|number} when
 * @param {number} [now]
 * @returns {string} empty if it is no time
 */
export function ago(when, now = Date.now()) {
  const time = new Date(when).getTime();
  return Number.isNaN(time) ? '' : `${duration(now - time)} ago`;
}

/**
 * Returns a number with at most this many digits after the point, and thin spaces between thousands.
 *
 * @param {number} value
 * @param {number} [digits]
 * @returns {string}
 */
export function number(value, digits = 0) {
  return Number.isFinite(value)
    ? value.toLocaleString('en', { maximumFractionDigits: digits }).replaceAll(',', '\u2009')
    : '';
}

/**
 * Returns a number of bytes in the unit that suits it.
 *
 * @param {number} value
 * @returns {string}
 */
export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step++;
  }
  return `${number(value, step === 0 ? 0 : 1)} ${units[step]}`;
}

/**
 * Returns a count with its noun.
 *
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function count(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/**
 * Returns a value of an event or an entry on one line.
 *
 * @param {unknown} value
 * @param {number} [limit]
 * @returns {string}
 */
export function value(value, limit = 160) {
  return visible(typeof value === 'object' && value !== null ? JSON.stringify(value) : value, limit);
}

/** The order in which people expect names with numbers: web-2 before web-10. */
export const byName = new Intl.Collator('en', { numeric: true }).compare;

function two(part) {
  return String(part).padStart(2, '0');
}
