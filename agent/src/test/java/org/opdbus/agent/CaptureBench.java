// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.opdbus.agent.CaptureProcess.Figures;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.packet.FrameSender;
import org.opdbus.verticles.testing.Links;

/**
 * What {@code op-dbus capture -w} and {@code tcpdump -w} lose of 100,000 frames a second, of 100 bytes each, and the processor time that
 * they take. Both capture the same link at the same time, with rings of the same size.
 */
final class CaptureBench {
    private static final int FRAME_BYTES = 100;
    private static final int FRAMES_PER_MS = 100;
    private static final int RING_KIB = 32 << 10;
    private static final int SECONDS = 5;

    private final BenchHost host;
    private final Path folder;

    CaptureBench(BenchHost host) throws IOException {
        this.host = host;
        folder = Files.createTempDirectory("capture-bench");
    }

    void run() throws IOException {
        Links.addVeth("cap0", "cap1");
        Links.setUp("cap0");
        Links.setUp("cap1");
        Figure figure = host.figure(
                "processor time of `op-dbus capture -w`, 100,000 frames a second of 100 bytes for 5 s",
                "`tcpdump -w`",
                "");
        try {
            for (int i = 0; i < host.rounds(5); i++) {
                round(figure);
            }
        } finally {
            Links.delete("cap0");
            sh("rm", "-rf", folder.toString());
        }
    }

    private void round(Figure figure) throws IOException {
        Path theirs = folder.resolve("theirs.pcap");
        Path said = folder.resolve("tcpdump.err");
        Process tcpdump = new ProcessBuilder(
                        "tcpdump",
                        "-i",
                        "cap0",
                        "-B",
                        Integer.toString(RING_KIB),
                        "-w",
                        theirs.toString(),
                        "ether",
                        "proto",
                        "0x88b5")
                .redirectError(said.toFile())
                .start();
        Path ours = folder.resolve("ours.pcapng");
        try (CaptureProcess capture =
                CaptureProcess.start(folder, "cap0", "-w", ours.toString(), "-f", "ether proto 0x88b5")) {
            eventually(() -> assertThat(Files.readString(said)).contains("listening on"));
            ProcessFigures one = new ProcessFigures(capture.pid());
            ProcessFigures other = new ProcessFigures(tcpdump.pid());
            long oneBefore = one.cpuMillis();
            long otherBefore = other.cpuMillis();
            long start = System.nanoTime();
            int sent = send();
            double took = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            eventually(() -> assertThat(Files.size(ours)).isPositive());
            figure.add((double) (one.cpuMillis() - oneBefore), (double) (other.cpuMillis() - otherBefore));
            capture.end("TERM");
            tcpdump.destroy();
            eventually(() -> assertThat(tcpdump.isAlive()).isFalse());
            Figures figures = capture.figures();
            long written = Long.parseLong(sh("sh", "-c", "tcpdump -nr " + theirs + " 2>/dev/null | grep -c ethertype")
                    .strip());
            BenchHost.say(
                    "    of %,d frames at %,.0f a second op-dbus lost %,d and tcpdump %,d",
                    sent, sent / took, sent - figures.captured(), sent - written);
        } finally {
            tcpdump.destroyForcibly();
        }
    }

    private static int send() throws IOException {
        byte[] frame = new byte[FRAME_BYTES];
        frame[0] = 2;
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        int index;
        try (RtNetlink kernel = RtNetlink.open()) {
            index = kernel.link("cap1").orElseThrow().index();
        }
        int sent = 0;
        try (FrameSender sender = FrameSender.open(index)) {
            long start = System.nanoTime();
            for (int ms = 0; ms < SECONDS * 1_000; ms++) {
                for (int i = 0; i < FRAMES_PER_MS; i++) {
                    sender.send(frame);
                    sent++;
                }
                long early = start + TimeUnit.MILLISECONDS.toNanos(ms + 1L) - System.nanoTime();
                if (early > 0) {
                    LockSupport.parkNanos(early);
                }
            }
        }
        return sent;
    }
}
