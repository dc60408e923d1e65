// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import java.nio.file.Path;
import org.opdbus.verticles.lab.definition.LabNames;

/**
 * Where the files of labs are that live as long as a lab runs. The caller has checked the name of the lab.
 *
 * @param labs the folder of the labs' folders, such as {@code /run/op-dbus/labs}
 * @param namespaces the folder of named network namespaces, {@code /run/netns} (ip-netns(8))
 */
public record LabFolders(Path labs, Path namespaces) {
    private static final Path NAMESPACES = Path.of("/run/netns");

    /** Returns the folders of an agent with this folder for what lives as long as it runs, such as {@code /run/op-dbus}. */
    public static LabFolders below(Path runtime) {
        return new LabFolders(runtime.resolve("labs"), NAMESPACES);
    }

    /** Returns the folder of a lab, for root only. */
    public Path of(String lab) {
        return labs.resolve(lab);
    }

    /** Returns the file to which the namespace of a lab is bound. */
    public Path namespace(String lab) {
        return namespaces.resolve(LabNames.namespace(lab));
    }

    /** Returns the file that says that a lab shall run. */
    public Path wanted(String lab) {
        return of(lab).resolve("wanted");
    }

    /** Returns the unix socket of the lab's ovsdb-server. */
    public Path databaseSocket(String lab) {
        return of(lab).resolve("db.sock");
    }

    /** Returns the folder of the orders for the lab's lines, and of the answers. */
    public Path lines(String lab) {
        return of(lab).resolve("lines");
    }
}
