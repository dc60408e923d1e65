// SPDX-License-Identifier: Apache-2.0
// Joins the parts of the page: the session decides whether there is a stream; the address decides which view is shown.

import { session, signOut } from './api.js';
import { byId, say } from './dom.js';
import { Connection } from './connection.js';
import { parse } from './router.js';
import { Store } from './store.js';
import { Stream } from './stream.js';
import { Panel } from './views/panel.js';
import { SignInView } from './views/signin.js';
import { TopologyView } from './views/topology.js';
import { ContainersView } from './views/containers.js';
import { EventsView } from './views/events.js';
import { LedgerView } from './views/ledger.js';
import { HostsView } from './views/hosts.js';
import { HealthView } from './views/health.js';

const store = new Store();
const panel = new Panel(byId('panel'), store);
const announce = (text) => say(byId('announce'), text);
const context = { store, panel, announce };
const signIn = new SignInView(byId('view-signin'), enter);
const views = {
  topology: new TopologyView(byId('view-topology'), context),
  containers: new ContainersView(byId('view-containers'), context),
  events: new EventsView(byId('view-events'), context),
  ledger: new LedgerView(byId('view-ledger'), context),
  hosts: new HostsView(byId('view-hosts'), context),
  health: new HealthView(byId('view-health'), context),
};
const stream = new Stream(store, allowed);
const connection = new Connection(store);
let shown = '';

/** Asks whether the page may read; shows the sign-in if not. */
async function allowed() {
  try {
    const { needed, signedIn } = await session();
    if (needed && !signedIn) {
      const was = document.body.dataset.session;
      leave();
      if (was === 'in') signIn.ended();
      return false;
    }
    byId('sign-out').hidden = !needed;
  } catch {
    // The agent is away; the stream finds out when it is back.
  }
  return true;
}

function enter() {
  document.body.dataset.session = 'in';
  stream.open();
  route();
}

function leave() {
  stream.close();
  document.body.dataset.session = 'out';
  panel.close();
  show('signin', '');
}

function route() {
  if (document.body.dataset.session !== 'in') return;
  const { view, thing } = parse(location.hash);
  show(view, thing);
}

function show(name, thing) {
  const changed = name !== shown;
  if (changed) {
    views[shown]?.hide();
    panel.close();
    for (const section of document.querySelectorAll('section[data-view]')) section.hidden = section.dataset.view !== name;
    for (const link of document.querySelectorAll('[data-nav]')) {
      if (link.dataset.nav === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    shown = name;
    document.body.dataset.currentView = name;
    document.title = name === 'signin' ? 'Sign in – op-dbus' : `${document.querySelector(`[data-nav="${name}"]`)?.textContent} – op-dbus`;
  }
  if (name === 'signin') signIn.show();
  else views[name].show(thing);
}

store.subscribe((parts) => {
  connection.update(parts);
  panel.update(parts);
  views[shown]?.update(parts);
});
addEventListener('hashchange', route);
// A page that the browser keeps for the way back would hold one of its few connections to the agent.
addEventListener('pagehide', () => stream.close());
addEventListener('pageshow', (event) => {
  if (event.persisted && document.body.dataset.session === 'in') stream.open();
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented) panel.close();
});
byId('sign-out').addEventListener('click', async () => {
  await signOut().catch(() => {}); // Without an agent there is no session either.
  leave();
});

globalThis.opdbus = { store, topology: views.topology };
if (await allowed()) enter();
