// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;

/**
 * Bytes that a caller writes to an open file.
 *
 * @param header who writes
 * @param handle the open file
 * @param offset where in the file they are to be
 * @param data the bytes; valid during the call only
 */
public record WriteRequest(RequestHeader header, long handle, long offset, ByteBuffer data) {}
