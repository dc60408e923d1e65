// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's protocol for file systems in user space, on {@code /dev/fuse} (fuse(4), {@code linux/fuse.h}): requests, replies,
 * notifications, and mounts.
 *
 * <p>Contract. <b>Knows no files</b>: {@link org.opdbus.verticles.fuse.wire.FileOperations} answers the requests. <b>Threads</b>:
 * a {@link org.opdbus.verticles.fuse.wire.FuseServer} has threads of its own and calls the operations from them. <b>Blocking</b>:
 * every call of a device or a mount enters the kernel; never make one on an event loop. <b>Hostile input</b>: a request that does
 * not have the form that its header promises is answered with EIO or EINVAL; a header that cannot be read ends the server with a
 * reason. <b>Failure</b>: {@link java.io.IOException} with a remedy. Layouts are those of protocol 7.31, which Linux has since
 * 5.4, and of later versions where these only add to it.
 */
@NullMarked
package org.opdbus.verticles.fuse.wire;

import org.jspecify.annotations.NullMarked;
