// SPDX-License-Identifier: Apache-2.0
/**
 * All events, as records: the vocabulary of every other module.
 *
 * <p>An {@link org.opdbus.events.Event} is a fact that is already true, named in the past tense; a
 * refusal is a fact too. There are no commands here. Every record is immutable, validates itself in
 * its constructor, and holds no secret. {@link org.opdbus.events.Address} gives each record its one
 * name.
 */
@NullMarked
package org.opdbus.events;

import org.jspecify.annotations.NullMarked;
