// SPDX-License-Identifier: Apache-2.0
/**
 * What can happen, as records: the vocabulary that every other module speaks.
 *
 * <p>An {@link org.opdbus.events.Event} is a fact that is already true, said in the past tense; a refusal is a fact too.
 * There are no commands. Every record is immutable, checks itself when made, and holds no secret. {@link
 * org.opdbus.events.Address} gives each record its one name.
 */
@NullMarked
package org.opdbus.events;

import org.jspecify.annotations.NullMarked;
