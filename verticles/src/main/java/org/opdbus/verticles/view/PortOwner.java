// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Port;

/**
 * What we write into the {@code external_ids} of a port, by which we know later that it is ours.
 *
 * @param owner the host whose agent enrolled the link
 * @param container the container that the link belongs to
 * @param link the index of the link; a port whose link has another index is a port of a link that is gone
 * @param enrollment the id of this enrolment, also in its ledger entry
 * @param maker who made the port; empty on a port that an earlier version of the agent marked
 * @param entry the height of that entry, once it is on disk
 */
public record PortOwner(
        String owner,
        ContainerId container,
        int link,
        String enrollment,
        Optional<PortMaker> maker,
        Optional<Long> entry) {
    /** The key that says whose the row is. */
    public static final String OWNER = "op-dbus:owner";

    /** The key that says which container the link belongs to. */
    public static final String CONTAINER = "op-dbus:container";

    /** The key that says which link it is. */
    public static final String LINK = "op-dbus:link";

    /** The key that ties the row to its ledger entry before that entry has a height. */
    public static final String ENROLLMENT = "op-dbus:enrollment";

    /** The key that says who made the port. */
    public static final String MAKER = "op-dbus:maker";

    /** The value under {@link #MAKER} of a port that the agent made. */
    public static final String MADE_BY_AGENT = "agent";

    private static final String MADE_BY_OTHER = "other";

    /** The key that says which limit of Proxmox's the agent wrote into the port's interface. */
    public static final String LIMIT = "op-dbus:limit";

    /** The key that holds the height of the ledger entry. */
    public static final String ENTRY = "op-dbus:entry";

    /** The marks on this port if they are complete and name this owner. */
    public static Optional<PortOwner> of(Port port, String owner) {
        Map<String, String> ids = port.externalIds();
        String container = ids.get(CONTAINER);
        String enrollment = ids.get(ENROLLMENT);
        if (!owner.equals(ids.get(OWNER)) || container == null || enrollment == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PortOwner(
                    owner,
                    new ContainerId(container),
                    Integer.parseInt(ids.getOrDefault(LINK, "0")),
                    enrollment,
                    makerOf(ids.getOrDefault(MAKER, "")),
                    Optional.ofNullable(ids.get(ENTRY)).map(Long::valueOf)));
        } catch (IllegalArgumentException e) {
            // Somebody else wrote these: what we cannot read is not provably ours.
            return Optional.empty();
        }
    }

    private static Optional<PortMaker> makerOf(String value) {
        return switch (value) {
            case MADE_BY_AGENT -> Optional.of(PortMaker.AGENT);
            case MADE_BY_OTHER -> Optional.of(PortMaker.OTHER);
            default -> Optional.empty();
        };
    }

    /** The external_ids that say whose this port is, which no entry's height changes. */
    public static Map<String, String> identityOf(Port port) {
        Map<String, String> ids = new LinkedHashMap<>();
        for (String key : List.of(OWNER, CONTAINER, ENROLLMENT)) {
            String value = port.externalIds().get(key);
            if (value != null) {
                ids.put(key, value);
            }
        }
        return ids;
    }

    /** The keys and values to write. */
    public Map<String, String> toExternalIds() {
        Map<String, String> ids = new LinkedHashMap<>();
        ids.put(OWNER, owner);
        ids.put(CONTAINER, container.value());
        ids.put(LINK, Integer.toString(link));
        ids.put(ENROLLMENT, enrollment);
        maker.ifPresent(who -> ids.put(MAKER, who == PortMaker.AGENT ? MADE_BY_AGENT : MADE_BY_OTHER));
        entry.ifPresent(height -> ids.put(ENTRY, Long.toString(height)));
        return ids;
    }
}
