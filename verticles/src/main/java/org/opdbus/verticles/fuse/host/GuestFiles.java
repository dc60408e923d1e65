// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuest;
import org.opdbus.verticles.fuse.host.HostPicture.ShownGuestLink;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;
import org.opdbus.verticles.view.ProxmoxPicture;

/** The folder {@code proxmox}. */
final class GuestFiles {
    static final String CONF = ".conf";
    private static final String FOLDER = "vm-";

    private GuestFiles() {}

    static Node.Folder folder(HostPicture picture) {
        NumberedMap<ShownGuest> guests = picture.guests();
        return new ListedFolder(
                FixedNode.PROXMOX,
                picture.times().of(FixedNode.PROXMOX),
                guests.size(),
                () -> guests.names().stream().map(GuestFiles::folder).toList(),
                name -> name.startsWith(FOLDER)
                        ? guests.get(name.substring(FOLDER.length())).map(GuestFiles::guest)
                        : Optional.empty());
    }

    /** Returns the name of a guest's folder. */
    static String folder(String vmid) {
        return FOLDER + vmid;
    }

    static long id(ShownGuest guest) {
        return NodeNumber.id(Kind.GUEST, guest.number());
    }

    static Optional<Node> guest(HostPicture picture, int number) {
        return picture.guests().get(number).map(GuestFiles::guest);
    }

    /** Returns the node of a link of a guest, or of its file. */
    static Optional<Node> link(HostPicture picture, NodeNumber number) {
        return picture.table(ShownTable.INTERFACES)
                .row((int) number.value())
                .flatMap(StoredRow::name)
                .flatMap(name -> ProxmoxPicture.guestOf(name)
                        .flatMap(picture.guests()::get)
                        .flatMap(guest -> Optional.ofNullable(guest.links().get(name))))
                .filter(link -> link.serial() == number.value())
                .map(link -> number.kind() == Kind.GUEST_LINK ? link(link) : conf(link));
    }

    private static Node.Folder guest(ShownGuest guest) {
        return new ListedFolder(
                id(guest),
                guest.modified(),
                0,
                () -> guest.links().keySet().stream()
                        .flatMap(name -> Stream.of(name, name + CONF))
                        .toList(),
                name -> {
                    boolean isConf = name.endsWith(CONF);
                    String link = isConf ? name.substring(0, name.length() - CONF.length()) : name;
                    return Optional.ofNullable(guest.links().get(link))
                            .map(found -> isConf ? conf(found) : link(found));
                });
    }

    private static Node link(ShownGuestLink link) {
        return new SymbolicLink(
                NodeNumber.id(Kind.GUEST_LINK, link.serial()),
                link.modified(),
                "../../by-uuid/" + ShownTable.INTERFACES.folder + "/" + link.uuid());
    }

    private static Node conf(ShownGuestLink link) {
        return new PlainFile(
                NodeNumber.id(Kind.GUEST_CONF, link.serial()),
                link.modified(),
                link.conf().getBytes(StandardCharsets.UTF_8));
    }
}
