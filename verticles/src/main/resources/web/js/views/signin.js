// SPDX-License-Identifier: Apache-2.0
// The sign-in: a field for the agent's token. The token is sent once and kept nowhere in the page.

import { signIn } from '../api.js';
import { el, fill } from '../dom.js';
import { failureMark } from './marks.js';

export class SignInView {
  /**
   * @param {HTMLElement} root
   * @param {() => void} entered is called after a sign-in
   */
  constructor(root, entered) {
    this.token = el('input', { id: 'signin-token', type: 'password', autocomplete: 'current-password', required: true, spellcheck: 'false' });
    this.error = el('div', { id: 'signin-error' });
    this.button = el('button', { class: 'first', type: 'submit' }, 'Sign in');
    fill(root, el('div', { class: 'signin' },
      el('h1', { id: 'signin-title' }, 'Sign in to op-dbus'),
      el('p', { class: 'quiet-text' }, 'This address needs the token of the agent. The file that “http.tokenFile” names on the host holds it.'),
      el('form', { id: 'signin-form', on: { submit: (event) => this.#submit(event, entered) } }, el('input', { type: 'text', name: 'username', autocomplete: 'username', value: 'op-dbus', hidden: true }), el('label', {}, 'Token', this.token), this.button, this.error)));
  }

  /** Shows the field. */
  show() {
    this.token.focus();
  }

  /** Says why there is a sign-in again. */
  ended() {
    fill(this.error, el('p', { class: 'quiet-text', role: 'status' }, 'Your session has ended. What was shown before is shown again after you have signed in.'));
  }

  async #submit(event, entered) {
    event.preventDefault();
    this.button.disabled = true;
    fill(this.error);
    try {
      await signIn(this.token.value);
      this.token.value = '';
      document.getElementById('sign-out').hidden = false;
      entered();
    } catch (failure) {
      fill(this.error, failureMark(failure));
      this.token.select();
    } finally {
      this.button.disabled = false;
    }
  }
}
