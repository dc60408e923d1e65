// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay between two real links, as the recorder sees it. */
final class WireRelayIT {
    private static final int FRAMES = 500;
    private static final int LATE_MS = 300;
    private static final int ETHERNET_HEAD = 14;
    /** IEEE 802's type for experiments, of which no kernel makes anything. */
    private static final short ETHERNET_TYPE = (short) 0x88b5;

    @TempDir
    Path folder;

    /** A frame of ours: what stands in it, and when it was sent or seen on a link. */
    private record Passed(String text, long micros) {}

    @Test
    void what_is_not_lost_comes_in_its_order_and_not_too_soon() throws IOException {
        Links.addVeth("left", "to-left");
        Links.addVeth("right", "to-right");
        List.of("left", "to-left", "right", "to-right").forEach(Links::setUp);
        Path file = folder.resolve("wire.pcap");
        Process recorder = WireRecorder.start(file);
        Process relay = WireRelay.start("to-left", "to-right", 0, 1, LATE_MS);
        try (PacketSocket left = PacketSocket.of("left");
                PacketSocket right = PacketSocket.of("right")) {
            List<Passed> toRight = send(left, "to the right ");
            List<Passed> toLeft = send(right, "to the left ");
            // The relay takes it after all others, and it is the last to come.
            left.send(frame("the end"));
            // Each passes both ends of a link, and then both ends of the other.
            eventually(() -> assertThat(passed(file, "the end")).hasSize(4));
            List<Passed> arrived = arrivals(passed(file, "to the right "), 4);
            assertThat(texts(arrived)).isEqualTo(texts(toRight));
            for (int i = 0; i < FRAMES; i++) {
                long late = arrived.get(i).micros() - toRight.get(i).micros();
                assertThat(late).isGreaterThanOrEqualTo(LATE_MS * 1_000L);
            }
            assertThat(texts(arrivals(passed(file, "to the left "), 2))).isEqualTo(texts(toLeft));
        } finally {
            relay.destroyForcibly();
            recorder.destroyForcibly();
        }
    }

    private static List<Passed> send(PacketSocket socket, String text) throws IOException {
        List<Passed> sent = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            sent.add(new Passed(text + i, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())));
            socket.send(frame(text + i));
        }
        return sent;
    }

    private static ByteBuffer frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(ETHERNET_HEAD + bytes.length)
                .putShort(ETHERNET_HEAD - Short.BYTES, ETHERNET_TYPE)
                .put(ETHERNET_HEAD, bytes);
    }

    /** Each frame as it was seen for the last time, if all were seen so often, in that order. */
    private static List<Passed> arrivals(List<Passed> all, int times) {
        Map<String, List<Passed>> each = all.stream().collect(Collectors.groupingBy(Passed::text));
        assertThat(each.values()).allSatisfy(one -> assertThat(one).hasSize(times));
        return all.stream()
                .filter(seen -> each.getOrDefault(seen.text(), List.of()).indexOf(seen) == times - 1)
                .toList();
    }

    private static List<String> texts(List<Passed> all) {
        return all.stream().map(Passed::text).toList();
    }

    private static List<Passed> passed(Path file, String beginning) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(24);
        List<Passed> passed = new ArrayList<>();
        while (bytes.remaining() >= 16) {
            long micros = bytes.getInt() * 1_000_000L + bytes.getInt();
            byte[] frame = new byte[bytes.getInt()];
            bytes.getInt();
            if (bytes.remaining() < frame.length) {
                return passed;
            }
            bytes.get(frame);
            String text = new String(frame, ETHERNET_HEAD, frame.length - ETHERNET_HEAD, StandardCharsets.US_ASCII);
            if (text.startsWith(beginning)) {
                passed.add(new Passed(text, micros));
            }
        }
        return passed;
    }
}
