// SPDX-License-Identifier: Apache-2.0
/**
 * Reads files of the host, and writes whole files atomically. Every call waits for the disk, so call it on a thread that may
 * block.
 */
@NullMarked
package org.opdbus.verticles.files;

import org.jspecify.annotations.NullMarked;
