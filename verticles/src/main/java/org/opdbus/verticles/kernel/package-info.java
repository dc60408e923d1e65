// SPDX-License-Identifier: Apache-2.0
/**
 * System calls: the interface to the kernel.
 *
 * <p>This package: libc, files (regular ones, and those of a guest's file system), inotify, processes and unix
 * sockets. The package {@code netlink}: the kernel's links.
 *
 * <p>Contract. <b>Blocking</b>: every call enters the kernel and waits for its answer, for a limited time; never make
 * a call on an event loop. <b>Threads</b>: the documentation of every class says whether threads may share it.
 * <b>Failure</b>: an {@link java.io.IOException}, or a {@link org.opdbus.verticles.kernel.netlink.NetlinkException}
 * with the kernel's own words. <b>Native code</b>: libc alone, through jnr-ffi; since JDK 24 the process needs {@code
 * --enable-native-access=ALL-UNNAMED}, or Java prints a warning. Numbers and layouts are those of Linux on x86-64 and
 * aarch64.
 */
@NullMarked
package org.opdbus.verticles.kernel;

import org.jspecify.annotations.NullMarked;
