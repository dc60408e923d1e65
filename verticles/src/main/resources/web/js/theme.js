// SPDX-License-Identifier: Apache-2.0
// Chooses light or dark before the first paint: what the reader has chosen here, or else what the system says. A plain script,
// because a module would run only after the first paint. It tells of a change with the event "themechange" of the document.
(() => {
  'use strict';
  const KEY = 'op-dbus.theme';
  const system = matchMedia('(prefers-color-scheme: dark)');

  const chosen = () => {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === 'light' || kept === 'dark' ? kept : null;
    } catch {
      return null; // The browser keeps nothing for this page.
    }
  };

  const keep = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // It holds until the page is loaded again.
    }
  };

  const use = (theme) => {
    document.documentElement.dataset.theme = theme;
    const button = document.getElementById('theme');
    if (button) {
      const other = theme === 'dark' ? 'light' : 'dark';
      button.textContent = other === 'dark' ? 'Dark' : 'Light';
      button.setAttribute('aria-label', `Use the ${other} theme`);
    }
    document.dispatchEvent(new CustomEvent('themechange'));
  };

  const present = () => chosen() ?? (system.matches ? 'dark' : 'light');
  use(present());
  system.addEventListener('change', () => use(present()));
  document.addEventListener('DOMContentLoaded', () => {
    use(present());
    document.getElementById('theme').addEventListener('click', () => {
      const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
      keep(theme);
      use(theme);
    });
  });
})();
