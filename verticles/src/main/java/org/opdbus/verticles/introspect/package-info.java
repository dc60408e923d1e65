// SPDX-License-Identifier: Apache-2.0
/**
 * Everything about this host's network in one document, and who owns each part of it.
 *
 * <p>{@link org.opdbus.verticles.introspect.IntrospectVerticle} asks the kernel, the inventory, Open vSwitch's database, the
 * configuration of the resolver, and the readers in {@code owner}, beside each other. {@link
 * org.opdbus.verticles.introspect.NetworkDocument} is what they said, immutable, in a fixed order. {@link
 * org.opdbus.verticles.introspect.DocumentWriter} is the only writer of its JSON, which docs/INTROSPECT.md describes.
 *
 * <p>Contract. <b>Threads</b>: blocking reads and the writing have a thread of their own; a caller may be on an event loop.
 * <b>Limits</b>: each kind of object has a limit, what is over it is counted ({@code leftOut}); each source has a time limit.
 * <b>Failure</b>: only a failure of the kernel's listings fails the document. What any other source could not say is a
 * sentence in {@code troubles}, and the document lacks it. <b>Owners</b>: an owner is named only with evidence. An object without
 * evidence belongs to nobody.
 */
@NullMarked
package org.opdbus.verticles.introspect;

import org.jspecify.annotations.NullMarked;
