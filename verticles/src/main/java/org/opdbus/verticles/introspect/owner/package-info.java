// SPDX-License-Identifier: Apache-2.0
/**
 * Who owns each link of this host, with the evidence for it.
 *
 * <p>A reader asks one program, or reads what that program has written, and returns claims: this link is that owner's, and
 * this is how it is known. {@link org.opdbus.verticles.introspect.owner.OwnershipReaders} runs all readers beside each other and
 * puts their claims together. A link without a claim belongs to nobody.
 *
 * <p><b>What a reader promises.</b> It only reads. It never starts a program. It waits for no program that is absent. A
 * program that does not answer within half a second, or a file that cannot be read, costs the claims of that reader and
 * is told. It reads regular files only, each up to a limit, and follows no symbolic link out of a folder that it lists.
 *
 * <p><b>Which claim comes first.</b> Several programs can have a part in one link. All of their claims are kept, in the order
 * of {@link org.opdbus.verticles.introspect.owner.Owner}: first the author of the configuration (Proxmox, netplan), which
 * would write over any change; then the program that made the link or its port (this agent, LXC, Docker, …); then the program
 * that carries a configuration out (NetworkManager, systemd-networkd, ifupdown). So a link of netplan's shows netplan first and
 * systemd-networkd, its renderer, second. Claims of the same owner are in the order of their texts. So the same host always
 * gives the same answer.
 */
@NullMarked
package org.opdbus.verticles.introspect.owner;

import org.jspecify.annotations.NullMarked;
