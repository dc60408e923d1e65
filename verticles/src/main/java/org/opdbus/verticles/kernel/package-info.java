// SPDX-License-Identifier: Apache-2.0
/**
 * System calls: the low edge that reads and changes the kernel's links.
 *
 * <p>Contract. <b>Blocking</b>: every call enters the kernel and waits for its answer, a bounded time; none belongs on an
 * event loop. <b>Threads</b>: every class says whether it may be shared. <b>Failure</b>: {@link
 * org.opdbus.verticles.kernel.NetlinkException}, with the kernel's own words. <b>Native code</b>: libc alone, through
 * jnr-ffi; since JDK 24 the process wants {@code --enable-native-access=ALL-UNNAMED}, or it prints a warning. Numbers and layouts are Linux's on x86-64 and aarch64.
 */
@NullMarked
package org.opdbus.verticles.kernel;

import org.jspecify.annotations.NullMarked;
