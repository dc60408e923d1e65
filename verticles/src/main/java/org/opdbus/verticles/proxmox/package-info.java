// SPDX-License-Identifier: Apache-2.0
/**
 * The Proxmox source: publishes what Proxmox VE has configured for the links of this node's containers.
 *
 * <p>It reads {@code /etc/pve/lxc/<VMID>.conf} and never writes. It begins, and begins again after any loss, by publishing
 * every configuration and then {@code proxmox.listed}; changes follow. On a host without Proxmox VE it says so and waits
 * for the folder to come.
 *
 * <p>Changes are heard through inotify(7). Proxmox's cluster file system is a FUSE file system, and a change that another
 * node makes may come without an inotify event; a container's file is therefore also read whenever one of its links or
 * ports, or the container itself, changes. A full listing once a minute is the safety net.
 *
 * <p>Files are read on a thread of this package, in memory of at most one mebibyte a file. A configuration that makes no
 * sense is published as such, with the reason, and never guessed at.
 */
@NullMarked
package org.opdbus.verticles.proxmox;

import org.jspecify.annotations.NullMarked;
