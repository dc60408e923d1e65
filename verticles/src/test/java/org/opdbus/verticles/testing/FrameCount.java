// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the frames that arrive on one link of this namespace, by the hardware address that sent them. */
public final class FrameCount implements AutoCloseable {
    private static final int FRAME_BYTES_MAX = 65_536;
    private static final int MAC_BYTES = 6;

    private final String link;
    private final PacketSocket socket;
    private final Map<String, Long> frames = new ConcurrentHashMap<>();
    private volatile boolean closing;

    private FrameCount(String link) throws IOException {
        this.link = link;
        socket = PacketSocket.of(link);
    }

    /** Begins to count. */
    public static FrameCount on(String link) {
        try {
            FrameCount count = new FrameCount(link);
            Thread thread = new Thread(count::listen, "frames of " + link);
            thread.setDaemon(true);
            thread.start();
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_BYTES_MAX);
        byte[] source = new byte[MAC_BYTES];
        try {
            while (!closing) {
                frame.clear();
                socket.receive(frame);
                if (!socket.wasOutgoing() && frame.position() >= 2 * MAC_BYTES) {
                    frame.position(MAC_BYTES);
                    frame.get(source);
                    frames.merge(HexFormat.ofDelimiter(":").formatHex(source), 1L, Long::sum);
                }
            }
        } catch (IOException down) {
            // The link was taken down, as close() does.
            closing = true;
        } finally {
            socket.close();
        }
    }

    /** How many frames have come so far from this hardware address. */
    public long from(String mac) {
        return frames.getOrDefault(mac.toLowerCase(Locale.ROOT), 0L);
    }

    /** Takes the link down, which ends the counting. */
    @Override
    public void close() {
        closing = true;
        Links.ip("link", "set", link, "down");
    }
}
