// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.util.Optional;
import org.opdbus.verticles.fuse.host.HostPicture.ShownAlias;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;

/** The folder {@code aliases}. */
final class AliasLinks {
    private AliasLinks() {}

    static Node.Folder folder(HostPicture picture) {
        return new ListedFolder(
                FixedNode.ALIASES,
                picture.times().of(FixedNode.ALIASES),
                0,
                () -> picture.aliases().names().stream()
                        .flatMap(name -> FileName.of(name).stream())
                        .toList(),
                file -> FileName.nameOf(file)
                        .flatMap(name -> picture.aliases().get(name))
                        .map(AliasLinks::link));
    }

    static Optional<Node> node(HostPicture picture, int number) {
        return picture.aliases().get(number).map(AliasLinks::link);
    }

    static long id(ShownAlias alias) {
        return NodeNumber.id(Kind.ALIAS, alias.number());
    }

    private static SymbolicLink link(ShownAlias alias) {
        return new SymbolicLink(
                id(alias), alias.modified(), "../by-uuid/" + ShownTable.INTERFACES.folder + "/" + alias.uuid());
    }
}
