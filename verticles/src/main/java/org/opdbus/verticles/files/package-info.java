// SPDX-License-Identifier: Apache-2.0
/**
 * Reads files of the host, also those in which other programs say what they own and how the network is configured, and writes
 * whole files atomically. Each file has a limit, and each parser takes any text: what it does not know says nothing. Every call
 * that reads or writes waits for the disk, so call it on a thread that may block.
 */
@NullMarked
package org.opdbus.verticles.files;

import org.jspecify.annotations.NullMarked;
