// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to capture.
 *
 * @param ports names of links, each once
 * @param namespaceFile the network namespace in which they are; empty for that of this process
 * @param snaplen the largest number of bytes to keep of a frame
 * @param countMax the number of frames to capture; 0 for no limit
 * @param isPromiscuous whether to switch promiscuous mode on
 * @param filter a filter of libpcap's language, or an empty text
 * @param own the connections by which the capture travels, and which it leaves out
 * @param ringBytes what all rings together may take of the memory, or 1 MiB for each port if that is more
 */
public record CaptureOptions(
        List<Port> ports,
        Optional<Path> namespaceFile,
        int snaplen,
        long countMax,
        boolean isPromiscuous,
        String filter,
        OwnConnections own,
        int ringBytes) {
    /** The largest number of ports of a capture. */
    public static final int PORTS_MAX = 128;
    /** The largest frame that is kept whole. */
    public static final int SNAPLEN_MAX = 262_144;
    /** The rings of a capture that has a process of its own. */
    public static final int RING_BYTES = 64 << 20;

    /**
     * A port.
     *
     * @param name the name of its link
     * @param description what else is known of it, for the reader of the capture; or an empty text
     */
    public record Port(String name, String description) {}

    public CaptureOptions {
        ports = List.copyOf(ports);
    }
}
