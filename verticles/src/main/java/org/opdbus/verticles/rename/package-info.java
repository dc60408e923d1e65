// SPDX-License-Identifier: Apache-2.0
/**
 * Gives the links of containers their names, and makes links fit for a bridge first.
 *
 * <p>{@link org.opdbus.verticles.rename.NamingRule} says which name a link is to have. The planning rules say when a link may
 * be named: never before the link was seen to lead into the container, and never before every port is known that another
 * program made under the link's present name. {@link org.opdbus.verticles.rename.RenameVerticle} carries the steps out and
 * publishes what it did and learned before it answers.
 *
 * <p>The rules are pure. The verticle runs on the context that it shares with the router and never blocks it.
 */
@NullMarked
package org.opdbus.verticles.rename;

import org.jspecify.annotations.NullMarked;
