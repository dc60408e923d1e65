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
 * Our marks in the {@code external_ids} of a port, by which the agent later knows that it is ours.
 *
 * @param owner the host whose agent enrolled the link
 * @param container the container that the link belongs to
 * @param link the index of the link; a port whose link has another index belongs to a link that no longer exists
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
    /** The key for the owner of the row. */
    public static final String OWNER = "op-dbus:owner";

    /** The key for the container of the link. */
    public static final String CONTAINER = "op-dbus:container";

    /** The key for the link. */
    public static final String LINK = "op-dbus:link";

    /** The key that connects the row to its ledger entry before that entry has a height. */
    public static final String ENROLLMENT = "op-dbus:enrollment";

    /** The key for the maker of the port. */
    public static final String MAKER = "op-dbus:maker";

    /** The value under {@link #MAKER} of a port that the agent made. */
    public static final String MADE_BY_AGENT = "agent";

    private static final String MADE_BY_OTHER = "other";

    /** The key for the limit of Proxmox that the agent wrote into the port's interface. */
    public static final String LIMIT = "op-dbus:limit";

    /** The key for the height of the ledger entry. */
    public static final String ENTRY = "op-dbus:entry";

    /** Returns the marks on this port if they are complete and name this owner. */
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
            // Another program wrote these: a port with marks that cannot be parsed is not provably
            // ours.
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

    /** Returns the external_ids of the owner, which do not depend on an entry's height. */
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

    /** Returns the keys and values to write. */
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
