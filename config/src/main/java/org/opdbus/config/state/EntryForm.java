// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.opdbus.config.json.Limit;
import org.opdbus.events.ContainerId.Kind;

/**
 * How a state file describes the workloads of one kind.
 *
 * @param kind the kind, whose {@linkplain Kind#word() word} is the key of its plugin
 * @param list the key of the list of its workloads
 * @param key the key of an entry that says which workload it is about
 * @param example a value of that key
 * @param name the limit of that key
 * @param properties the properties that an entry can have; empty for all
 */
public record EntryForm(
        Kind kind, String list, String key, String example, Limit<String> name, Set<String> properties) {
    static final String DOCKER_PATTERN = "[A-Za-z0-9][A-Za-z0-9_.-]{1,200}";
    static final String PODMAN_PATTERN = "[A-Za-z0-9][A-Za-z0-9_.-]{0,200}";
    static final String MACHINE_PATTERN = "[^/\\x00-\\x1f]{1,200}";

    private static final String CONTAINERS = "containers";
    private static final String NAME = "name";
    private static final Set<String> OF_ENGINES =
            Set.of("network_type", "ipv4", "gateway", "vlan", "netmaker_token_env");

    private static final EntryForm LXC =
            new EntryForm(Kind.LXC, CONTAINERS, "id", "\"100\"", DesiredContainer.ID, Set.of());
    private static final EntryForm DOCKER = new EntryForm(
            Kind.DOCKER,
            CONTAINERS,
            NAME,
            "\"web\"",
            Limit.that(
                    matching(DOCKER_PATTERN),
                    "must be the name of a container: 2 to 201 letters, digits, dots, dashes and underscores, beginning"
                            + " with a letter or digit"),
            OF_ENGINES);
    private static final EntryForm PODMAN = new EntryForm(
            Kind.PODMAN,
            CONTAINERS,
            NAME,
            "\"web\"",
            Limit.that(
                    matching(PODMAN_PATTERN),
                    "must be the name of a container: 1 to 201 letters, digits, dots, dashes and underscores, beginning"
                            + " with a letter or digit"),
            OF_ENGINES);
    private static final EntryForm VM = new EntryForm(
            Kind.VM,
            "machines",
            "id",
            "\"101\"",
            Limit.that(
                    matching(MACHINE_PATTERN).and(Kind.VM::isId),
                    "must be the number of a machine of Proxmox or the name of another machine: 1 to 200 characters, no"
                            + " slash"),
            Set.of("vlan"));

    public EntryForm {
        properties = Set.copyOf(properties);
    }

    /** Returns the forms of all kinds, in the order in which a state file has them. */
    public static List<EntryForm> all() {
        return List.of(LXC, DOCKER, PODMAN, VM);
    }

    /** Returns the form of a kind. */
    public static EntryForm of(Kind kind) {
        return switch (kind) {
            case LXC -> LXC;
            case DOCKER -> DOCKER;
            case PODMAN -> PODMAN;
            case VM -> VM;
        };
    }

    /** Returns the form of the plugin with this key, if there is one. */
    public static Optional<EntryForm> ofPlugin(String word) {
        return all().stream().filter(form -> form.kind.word().equals(word)).findFirst();
    }

    /**
     * Returns whether an entry only says what its workload's links are attached to: another program makes, starts and removes
     * the workload.
     */
    public boolean isAttachment() {
        return kind != Kind.LXC;
    }

    private static Predicate<String> matching(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }
}
