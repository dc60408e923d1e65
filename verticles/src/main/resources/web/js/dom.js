// SPDX-License-Identifier: Apache-2.0
// Makes elements. Text reaches the page as text nodes only, so nothing that a guest is called can become markup.

/**
 * Makes an element.
 *
 * @param {string} tag its name
 * @param {Record<string, unknown>} [attributes] attributes by name; `on` holds listeners by event; false and null are left out
 * @param {...(Node|string|number|null|undefined|false)} children elements, or text
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map(node));
  return element;
}

function node(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/**
 * Replaces the children of an element.
 *
 * @param {Element} element
 * @param {...(Node|string|null|undefined|false)} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/**
 * Returns the element of this id, which the page must have.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element #${id}`);
  return element;
}

/**
 * Writes a text into an element if it has another one, so that screen readers hear a text once.
 *
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Loads one of the libraries, once. They are plain scripts with a global name.
 *
 * @param {string} path the path of the script
 * @param {string} name the global name that it makes
 * @returns {Promise<any>}
 */
export function library(path, name) {
  if (!loading.has(path)) {
    loading.set(path, new Promise((resolve, reject) => {
      const script = el('script', { src: path });
      script.addEventListener('load', () => resolve(globalThis[name]));
      script.addEventListener('error', () => {
        loading.delete(path);
        script.remove();
        reject(new Error(`${path} could not be loaded`));
      });
      document.head.append(script);
    }));
  }
  return loading.get(path);
}

/** @type {Map<string, Promise<any>>} */
const loading = new Map();
