// SPDX-License-Identifier: Apache-2.0
/**
 * The Proxmox source: publishes what Proxmox VE has configured for the links of this node's
 * containers and virtual machines.
 *
 * <p>It reads {@code /etc/pve/lxc/<VMID>.conf} and {@code /etc/pve/qemu-server/<VMID>.conf}, and never writes. At the beginning and after any
 * loss it publishes every configuration and then {@code proxmox.listed}; changes follow. On a host
 * without Proxmox VE it publishes that and waits for the folder to appear.
 *
 * <p>It learns of changes through inotify(7). Proxmox's cluster file system is a FUSE file system,
 * and a change that another node makes may come without an inotify event; a container's file is
 * therefore also read whenever one of its links or ports, or the container itself, changes. A full
 * listing once a minute is the safety net.
 *
 * <p>A thread of this package reads the files, at most one mebibyte of each. An invalid
 * configuration is published as such, with the reason; the source never guesses.
 */
@NullMarked
package org.opdbus.verticles.proxmox;

import org.jspecify.annotations.NullMarked;
