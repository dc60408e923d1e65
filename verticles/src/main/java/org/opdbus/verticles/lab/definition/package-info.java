// SPDX-License-Identifier: Apache-2.0
/**
 * What a lab shall be: its items, their endpoints and LANs, the changes of it with their checks, and its file. It is pure, but for
 * {@link org.opdbus.verticles.lab.definition.LabStore}, and knows no kernel and no process.
 */
@NullMarked
package org.opdbus.verticles.lab.definition;

import org.jspecify.annotations.NullMarked;
