// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.ledger.Printable;
import org.opdbus.verticles.kernel.capture.PacketRing;
import org.opdbus.verticles.kernel.capture.PacketRing.Counts;

/**
 * A port of a capture: the ring of its present link, and the rings of links that are gone until what they hold is read. For one
 * thread.
 */
final class CapturedPort {
    private final int number;
    private final CaptureOptions.Port port;
    private final List<PacketRing> gone = new ArrayList<>();
    private Optional<PacketRing> ring = Optional.empty();
    private Optional<LinkType> type = Optional.empty();
    private Counts counts = new Counts(0, 0);

    CapturedPort(int number, CaptureOptions.Port port) {
        this.number = number;
        this.port = port;
    }

    /** Returns its number in the capture. */
    int number() {
        return number;
    }

    String name() {
        return port.name();
    }

    /** Returns its name without characters that control a terminal. */
    String shownName() {
        return Printable.of(port.name());
    }

    String description() {
        return Printable.of(port.description());
    }

    LinkType type() {
        return type.orElse(LinkType.ETHERNET);
    }

    Optional<PacketRing> ring() {
        return ring;
    }

    /** Returns whether it has a ring of this link. */
    boolean has(int index) {
        return ring.isPresent() && ring.get().index() == index;
    }

    /** Returns the kind of a new link's frames, which must be the same as that of the link before. */
    LinkType typeOf(PacketRing made) {
        LinkType found = LinkType.of(made.hardwareType())
                .orElseThrow(() -> new CaptureFailure("frames of the kind of " + shownName() + " (hardware type "
                        + made.hardwareType() + ") cannot be captured; there are Ethernet and IP"));
        if (type.isPresent() && type.get() != found) {
            throw new CaptureFailure("its frames are of another kind than before");
        }
        type = Optional.of(found);
        return found;
    }

    /** Takes the ring of a new link. */
    void take(PacketRing taken) {
        ring = Optional.of(taken);
    }

    /** Sets the ring of a link that is gone aside. */
    PacketRing leave() {
        PacketRing left = ring.orElseThrow();
        ring = Optional.empty();
        gone.add(left);
        return left;
    }

    /** Returns what the kernel has counted so far. */
    Counts counts() throws IOException {
        for (PacketRing each : rings()) {
            counts = counts.plus(each.counts());
        }
        return counts;
    }

    /** Returns every ring that is open. */
    List<PacketRing> rings() {
        List<PacketRing> all = new ArrayList<>(gone);
        ring.ifPresent(all::add);
        return all;
    }

    /** Closes a ring that was set aside, with its counts kept. */
    void close(PacketRing left) throws IOException {
        counts = counts.plus(left.counts());
        gone.remove(left);
        left.close();
    }

    /** Closes everything. */
    void close() {
        rings().forEach(PacketRing::close);
        gone.clear();
        ring = Optional.empty();
    }
}
