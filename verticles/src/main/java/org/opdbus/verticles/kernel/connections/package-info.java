// SPDX-License-Identifier: Apache-2.0
/**
 * The TCP connections of this host and the processes that hold them, as proc(5) shows them. Any thread may use it; each question
 * blocks for some milliseconds.
 */
@NullMarked
package org.opdbus.verticles.kernel.connections;

import org.jspecify.annotations.NullMarked;
