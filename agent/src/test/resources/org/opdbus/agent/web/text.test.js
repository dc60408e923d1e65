// SPDX-License-Identifier: Apache-2.0
import { ago, bytes, byName, clock, count, duration, number, value, visible } from '/js/format.js';
import { link, parse } from '/js/router.js';
import { look, urgency, vlanSlot, VLAN_COLOURS, ORDER } from '/js/words.js';
import { el, fill } from '/js/dom.js';
import { same, that } from '/tests/check.js';

export const tests = {
  'what cannot be seen is shown as an escape'() {
    same(visible('a\u202eb\u0000c\u200bd\n'), 'a\\u202eb\\u0000c\\u200bd\\u000a');
    same(visible('Grüße, 世界 🙂'), 'Grüße, 世界 🙂');
    same(visible('\u{e0041}'), '\\u{e0041}');
    same(visible(null), '');
    same(visible(12), '12');
  },

  'a long text ends with an ellipsis and no half character'() {
    same(visible('abcdef', 3), 'abc…');
    same(visible('ab🙂cd', 3), 'ab…');
  },

  'markup stays text'() {
    const element = el('p', {}, '<img src=x onerror=alert(1)>', 3, null, false);
    same(element.childElementCount, 0);
    same(element.textContent, '<img src=x onerror=alert(1)>3');
    fill(element, '<b>x</b>');
    same(element.innerHTML, '&lt;b&gt;x&lt;/b&gt;');
  },

  'times and sizes are written for people'() {
    same([0, 59_400, 61_000, 3_600_000, 90_000_000].map(duration), ['0 s', '59 s', '1 min 1 s', '1 h 0 min', '1 d 1 h']);
    same(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:01:05Z')), '1 min 5 s ago');
    same([ago('never'), clock('never')], ['', '']);
    same([bytes(12), bytes(2048), bytes(5 * 1024 * 1024)], ['12 B', '2 KiB', '5 MiB']);
    same([number(1234567), number(1.26, 1), number(NaN)], ['1\u2009234\u2009567', '1.3', '']);
    same([count(1, 'port'), count(2, 'port'), count(0, 'entry', 'entries')], ['1 port', '2 ports', '0 entries']);
    same(value({ a: 1 }), '{"a":1}');
    same(['web-10', 'web-2', 'web-1'].sort(byName), ['web-1', 'web-2', 'web-10']);
  },

  'an address names a view and a thing in it'() {
    for (const thing of ['', 'h/100', 'h/docker:3f', 'h/a#b%c d/é']) same(parse(link('containers', thing)), { view: 'containers', thing });
    same(parse('#/nothing/x'), { view: 'topology', thing: '' });
    same(parse(''), { view: 'topology', thing: '' });
    same(parse('#/ledger/%'), { view: 'ledger', thing: '%' });
  },

  'every state has a sign, and one that is not known waits'() {
    for (const state of ORDER) that(look(state).sign !== '' && look(state).word !== '', state);
    same(look('registering').tone, 'wait');
    same(look('constructor').tone, 'wait');
    that(urgency('refused') > urgency('drifted') && urgency('drifted') > urgency('enrolled'), 'refused is the most urgent');
  },

  'a VLAN has one colour, and neighbours and tens differ'() {
    for (let vlan = 1; vlan < 4095; vlan++) that(vlanSlot(vlan) < VLAN_COLOURS, `VLAN ${vlan}`);
    same(new Set([10, 20, 30, 40, 50, 60, 70, 80].map(vlanSlot)).size, VLAN_COLOURS);
    same(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(vlanSlot)).size, VLAN_COLOURS);
  },
};
