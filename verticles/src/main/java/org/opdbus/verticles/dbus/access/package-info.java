// SPDX-License-Identifier: Apache-2.0
/**
 * Who calls, what the caller may do, and on whose behalf a change is made.
 *
 * <p>The bus says who calls; nothing that the caller itself says is believed. {@link
 * org.opdbus.verticles.dbus.access.PolicyRights} decides:
 *
 * <pre>
 * READ     root, a member of the readers' group, or polkit's org.opdbus.query
 * CHANGE   root, or polkit's org.opdbus.apply
 * ROOT     root
 * </pre>
 *
 * <p>Contract. <b>Doubt</b> is a refusal: no polkitd, one that does not answer, an answer of another form. <b>Threads</b>: all
 * on the event loop of the connection; look-ups that block are on a worker thread. <b>Time</b>: every question ends in a
 * limited time. <b>Life</b>: except {@link org.opdbus.verticles.dbus.access.DeniedCalls} and {@link
 * org.opdbus.verticles.dbus.access.ReaderGroup}, an object belongs to one connection, because another bus gives the same
 * unique names to other programs. <b>Privacy</b>: the log never has a caller's text.
 */
@NullMarked
package org.opdbus.verticles.dbus.access;

import org.jspecify.annotations.NullMarked;
