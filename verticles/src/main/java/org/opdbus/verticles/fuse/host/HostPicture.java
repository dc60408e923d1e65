// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.opdbus.verticles.edges.rows.DatabaseRows;
import org.opdbus.verticles.edges.rows.TableRows;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;

/**
 * Everything that the tree shows, at one moment, except what it reads from files.
 *
 * @param aliases by name
 * @param containers by id
 * @param guests the guests of Proxmox that have a port, by their number in Proxmox
 * @param ledger what the agent says of its ledger; empty without an agent
 */
record HostPicture(
        DatabaseRows rows,
        NumberedMap<ShownAlias> aliases,
        NumberedMap<ShownContainer> containers,
        NumberedMap<ShownGuest> guests,
        Optional<LedgerStanding> ledger,
        FolderTimes times) {
    /**
     * An alternative name.
     *
     * @param uuid the row of the interface that it leads to
     */
    record ShownAlias(int number, String uuid, Instant modified) implements NumberedMap.Numbered {}

    /**
     * A container.
     *
     * @param texts the contents of its files, in their order
     * @param times when each of them changed last
     * @param links its links, by name
     * @param linksModified when a link came or went
     */
    record ShownContainer(
            int number,
            List<String> texts,
            List<Instant> times,
            SortedMap<String, ShownLink> links,
            Instant linksModified)
            implements NumberedMap.Numbered {}

    /**
     * A link of a container.
     *
     * @param index its number in the kernel
     * @param target where the symbolic link leads
     * @param modified when the target changed last
     */
    record ShownLink(int index, String target, Instant modified) {}

    /**
     * A guest of Proxmox.
     *
     * @param links its links that are interfaces, by name; the first network device first
     * @param modified when a link came or went
     */
    record ShownGuest(int number, SortedMap<String, ShownGuestLink> links, Instant modified)
            implements NumberedMap.Numbered {}

    /**
     * A link of a guest.
     *
     * @param serial the serial number of the interface's row
     * @param conf the content of its file
     * @param modified when the content changed last
     */
    record ShownGuestLink(int serial, String uuid, String conf, Instant modified) {}

    static HostPicture of(DatabaseRows rows, Instant begin) {
        return new HostPicture(
                rows,
                NumberedMap.empty(),
                NumberedMap.empty(),
                NumberedMap.empty(),
                Optional.empty(),
                new FolderTimes(begin, Map.of()));
    }

    TableRows table(ShownTable shown) {
        return rows.table(shown.table);
    }

    HostPicture withRows(DatabaseRows changed) {
        return new HostPicture(changed, aliases, containers, guests, ledger, times);
    }

    HostPicture withAliases(NumberedMap<ShownAlias> changed) {
        return new HostPicture(rows, changed, containers, guests, ledger, times);
    }

    HostPicture withContainers(NumberedMap<ShownContainer> changed) {
        return new HostPicture(rows, aliases, changed, guests, ledger, times);
    }

    HostPicture withGuests(NumberedMap<ShownGuest> changed) {
        return new HostPicture(rows, aliases, containers, changed, ledger, times);
    }

    HostPicture withLedger(LedgerStanding changed) {
        return new HostPicture(rows, aliases, containers, guests, Optional.of(changed), times);
    }

    /** Returns the same picture with this time for a folder. */
    HostPicture at(long folder, Instant now) {
        return new HostPicture(rows, aliases, containers, guests, ledger, times.with(folder, now));
    }
}
