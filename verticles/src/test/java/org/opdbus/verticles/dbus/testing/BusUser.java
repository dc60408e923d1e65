// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A user as whom a test runs a program. The named ones are users of every Debian, because polkitd looks its subjects up.
 *
 * @param groups the supplementary groups
 */
public record BusUser(int uid, int gid, List<Integer> groups) {
    /** The group {@code users}, which stands for the readers' group in tests. */
    public static final int USERS = 100;

    public static final BusUser ROOT = new BusUser(0, 0, List.of());
    /** The user whose name is {@code nobody}, with no rights. */
    public static final BusUser ORDINARY = new BusUser(65534, 65534, List.of());
    /** The user games, with a supplementary group. */
    public static final BusUser MEMBER = new BusUser(5, 60, List.of(USERS));
    /** The user news, with another primary group. */
    public static final BusUser PRIMARY_MEMBER = new BusUser(9, USERS, List.of());
    /** The user mail. {@link PolkitDaemon#RULES} allow it everything. */
    public static final BusUser AUTHORISED = new BusUser(8, 8, List.of());

    /** Copies the list. */
    public BusUser {
        groups = List.copyOf(groups);
    }

    /** Returns the command that runs another one as this user. */
    List<String> command(List<String> other) {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid));
        command.add(
                groups.isEmpty()
                        ? "--clear-groups"
                        : "--groups=" + groups.stream().map(String::valueOf).collect(Collectors.joining(",")));
        command.addAll(other);
        return command;
    }
}
