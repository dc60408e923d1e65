// SPDX-License-Identifier: Apache-2.0
/**
 * The files in which other programs say what they own, and how their lines are read. Each file has a limit, and each parser
 * takes any text: what it does not know says nothing. It knows nothing of owners.
 */
@NullMarked
package org.opdbus.verticles.introspect.owner.files;

import org.jspecify.annotations.NullMarked;
