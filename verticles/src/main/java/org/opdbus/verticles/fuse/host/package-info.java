// SPDX-License-Identifier: Apache-2.0
/**
 * The tree of this host: the rows of Open vSwitch's database, containers, guests of Proxmox, and the ledger, as files.
 *
 * <p>{@link org.opdbus.verticles.fuse.host.HostTree} is the tree. One picture of everything, {@code HostPicture}, is replaced by a
 * new one when a source changes; {@code PictureFold} is its only writer. A node is made from one picture when it is asked for, and
 * {@code TreeDifferences} compares two pictures to say what changed. A node's number ({@code NodeNumber}) holds what is needed to
 * find it, so there is no table of nodes.
 *
 * <p>Contract. <b>Wholeness</b>: the files of a row that were made from one folder are of one state of the row, and {@code row.json}
 * agrees with them. <b>Names</b> that cannot be file names are escaped ({@code FileName}); one that is too long even then is left out
 * of the folders of names. <b>Cost</b>: a lookup costs the same whatever the size; a listing costs its length. <b>Limits</b>: the
 * sources limit what they hold; the ledger's files keep a fixed amount of its text in memory.
 */
@NullMarked
package org.opdbus.verticles.fuse.host;

import org.jspecify.annotations.NullMarked;
