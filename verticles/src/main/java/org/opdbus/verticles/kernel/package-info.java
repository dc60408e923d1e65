// SPDX-License-Identifier: Apache-2.0
/**
 * System calls: the low edge to the kernel.
 *
 * <p>Here: libc, files (regular ones, and those of a guest's file system), inotify, processes and unix sockets. In {@code
 * netlink}: the kernel's links.
 *
 * <p>Contract. <b>Blocking</b>: every call enters the kernel and waits for its answer, a bounded time; no call may be made
 * on an event loop. <b>Threads</b>: every class says whether it may be shared. <b>Failure</b>: an {@link
 * java.io.IOException}, or a {@link org.opdbus.verticles.kernel.netlink.NetlinkException} with the kernel's own words.
 * <b>Native code</b>: libc alone, through jnr-ffi; since JDK 24 the process needs {@code
 * --enable-native-access=ALL-UNNAMED}, or Java prints a warning. Numbers and layouts are those of Linux on x86-64 and
 * aarch64.
 */
@NullMarked
package org.opdbus.verticles.kernel;

import org.jspecify.annotations.NullMarked;
