// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.CaptureProcess.Figures;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.packet.FrameSender;
import org.opdbus.verticles.testing.Links;

/** Captures of real links, read by tcpdump. */
final class CaptureIT {
    private static final String SOURCE = "02:00:00:00:00:0a";
    private static final int FRAME_BYTES = 100;
    private static final int BYTES_BEFORE_TYPE = 12;
    /** Without IPv6 the kernel itself sends nothing over new links. */
    private static final String QUIET =
            "for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do test ! -e $f || echo 1 >$f; done";

    private static final String LAB = "cloonix_capturelab";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void makeLinks() {
        file = folder.resolve("capture.pcapng");
        sh("sh", "-c", QUIET);
        addPair("cap0", "cap1");
    }

    @AfterEach
    void deleteLinks() {
        List.of("cap0", "cap2", "x\u001b[31m", "m0").stream()
                .filter(TestHost::linkExists)
                .forEach(Links::delete);
        Links.deleteNamespace(LAB);
    }

    private static void addPair(String name, String peer) {
        Links.addVeth(name, peer);
        Links.setUp(name);
        Links.setUp(peer);
    }

    /** Returns a frame of this number behind an Ethernet header, or behind one with a VLAN tag. */
    private static byte[] frame(int number, String... typesInHex) {
        byte[] frame = new byte[FRAME_BYTES];
        Arrays.fill(frame, 0, 6, (byte) 0x02);
        frame[6] = 2;
        frame[11] = 0x0a;
        byte[] types = HexFormat.of().parseHex(String.join("", typesInHex));
        System.arraycopy(types, 0, frame, BYTES_BEFORE_TYPE, types.length);
        frame[FRAME_BYTES - 2] = (byte) (number >> Byte.SIZE);
        frame[FRAME_BYTES - 1] = (byte) number;
        return frame;
    }

    private static void send(String link, int count, String... typesInHex) {
        try (RtNetlink kernel = RtNetlink.open();
                FrameSender sender =
                        FrameSender.open(kernel.link(link).orElseThrow().index())) {
            for (int i = 0; i < count; i++) {
                sender.send(frame(i, typesInHex));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns what tcpdump finds in the file: a line for each frame. */
    private static List<String> read(Path file, String... filter) {
        List<String> words = new ArrayList<>(
                List.of("tcpdump", "-e", "-nn", "-tt", "-x", "--time-stamp-precision=nano", "-r", file.toString()));
        words.addAll(List.of(filter));
        return sh(words.toArray(String[]::new))
                .lines()
                .filter(line -> line.contains(" > "))
                .toList();
    }

    @Test
    void tcpdump_reads_both_directions_with_nanoseconds_tags_and_sizes() {
        try (CaptureProcess capture = CaptureProcess.start(folder, "cap0", "-w", file.toString())) {
            send("cap1", 2, "88b5");
            send("cap0", 3, "88b5");
            send("cap1", 1, "8100", "602a", "88b5");
            send("cap1", 1, "88a8", "0007", "8100", "0008", "88b5");
            assertThat(capture.end("TERM")).as(capture.messages()).isZero();
            assertThat(capture.figures()).isEqualTo(new Figures(7, 7, 0));
        }

        List<String> lines = read(file);
        assertThat(lines).hasSize(7).allMatch(line -> line.contains(SOURCE) && line.contains("length 100"));
        assertThat(lines).anyMatch(line -> !line.split(" ", -1)[0].endsWith("000"));
        assertThat(CaptureFile.read(file).frames())
                .extracting(CaptureFile.Frame::direction)
                .containsExactly(1, 1, 2, 2, 2, 1, 1);
        assertThat(lines.get(5)).contains("802.1Q (0x8100)").contains("vlan 42, p 3");
        assertThat(lines.get(6))
                .contains("802.1Q-QinQ (0x88a8)")
                .contains("vlan 7")
                .contains("vlan 8");
        assertThat(sh("stat", "-c", "%a", file.toString()).strip()).isEqualTo("600");
    }

    @Test
    void a_capture_ends_after_its_count_and_keeps_only_the_beginning_of_frames() {
        try (CaptureProcess capture =
                CaptureProcess.start(folder, "cap0", "-w", file.toString(), "-c", "5", "-s", "40")) {
            send("cap1", 20, "88b5");
            assertThat(capture.awaitEnd()).isZero();
            assertThat(capture.figures().captured()).isEqualTo(5);
        }
        assertThat(read(file)).hasSize(5).allMatch(line -> line.contains("length 100"));
        assertThat(read(file, "len", "=", "100")).hasSize(5);
        assertThat(CaptureFile.read(file).frames()).allMatch(frame -> frame.kept() == 40 && frame.length() == 100);
    }

    @Test
    void only_frames_that_the_filter_chooses_come_and_a_tag_is_known_to_it() {
        try (CaptureProcess capture = CaptureProcess.start(
                folder, "cap0", "-w", file.toString(), "--filter", "ether proto 0x88b6 or vlan 42")) {
            send("cap1", 10, "88b5");
            send("cap1", 3, "8100", "002a", "88b5");
            send("cap1", 4, "8100", "002b", "88b5");
            send("cap1", 5, "88b6");
            assertThat(capture.end("TERM")).isZero();
            assertThat(capture.figures()).isEqualTo(new Figures(8, 8, 0));
        }
        assertThat(read(file)).hasSize(8);
        assertThat(CaptureFile.read(file).ports().get(0).filter()).isEqualTo("ether proto 0x88b6 or vlan 42");
    }

    @Test
    void a_reader_that_stops_makes_the_kernel_drop_and_every_frame_is_counted() throws IOException {
        int sent = 400_000;
        Path written = folder.resolve("read.pcapng");
        try (CaptureProcess capture = CaptureProcess.start(folder, "cap0")) {
            send("cap1", sent, "88b5");
            // The test reads from now on.
            Thread reader = new Thread(() -> {
                try {
                    Files.copy(capture.output(), written);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            reader.start();
            eventually(() -> assertThat(Files.size(written)).isPositive());
            sh("kill", "-TERM", Long.toString(capture.pid()));
            assertThat(capture.awaitEnd()).isZero();
            join(reader);
            Figures figures = capture.figures();
            assertThat(figures.dropped()).isPositive();
            assertThat(figures.received()).isEqualTo(sent);
            assertThat(figures.captured() + figures.dropped()).isEqualTo(sent);
            CaptureFile read = CaptureFile.read(written);
            assertThat(read.frames()).hasSize((int) figures.captured());
            assertThat(read.ports().get(0).received()).isEqualTo(sent);
            assertThat(read.ports().get(0).dropped()).isEqualTo(figures.dropped());
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void a_signal_ends_a_capture_whose_reader_takes_nothing_and_a_closed_pipe_ends_it_too() throws IOException {
        try (CaptureProcess capture = CaptureProcess.start(folder, "cap0")) {
            send("cap1", 20_000, "88b5");
            assertThat(capture.end("TERM")).as(capture.messages()).isZero();
            assertThat(capture.messages()).contains("the end of the capture is missing", "frames captured");
        }
        try (CaptureProcess capture = CaptureProcess.start(folder, "cap0")) {
            capture.output().close();
            send("cap1", 1, "88b5");
            assertThat(capture.awaitEnd()).as(capture.messages()).isZero();
            assertThat(capture.messages()).contains("frames captured");
        }
    }

    @Test
    void a_port_that_comes_back_is_captured_again_and_without_ports_the_capture_ends() {
        addPair("cap2", "cap3");
        try (CaptureProcess capture = CaptureProcess.start(folder, "cap0", "cap2", "-w", file.toString())) {
            send("cap1", 3, "88b5");
            Links.delete("cap0");
            capture.awaitMessage("cap0 is gone");
            send("cap3", 1, "88b5");
            addPair("other0", "cap1");
            Links.rename("other0", "cap0");
            capture.awaitMessage("cap0 is back");
            send("cap1", 5, "88b5");
            Links.delete("cap2");
            Links.delete("cap0");
            assertThat(capture.awaitEnd()).as(capture.messages()).isZero();
            assertThat(capture.figures()).isEqualTo(new Figures(9, 9, 0));
        }
        CaptureFile read = CaptureFile.read(file);
        assertThat(read.ports()).extracting(CaptureFile.Port::name).containsExactly("cap0", "cap2");
        assertThat(read.ports()).extracting(CaptureFile.Port::received).containsExactly(8L, 1L);
        assertThat(read.frames().stream().filter(frame -> frame.port() == 0)).hasSize(8);
    }

    @Test
    void thirty_three_ports_and_several_captures_at_once_lose_nothing_and_kill_leaves_nothing() {
        int ports = 33;
        List<String> names = IntStream.range(0, ports).mapToObj(i -> "m" + i).toList();
        Links.batch(IntStream.range(0, ports)
                .mapToObj(i -> "link add m" + i + " up type veth peer name n" + i)
                .toList());
        IntStream.range(0, ports).forEach(i -> Links.setUp("n" + i));
        List<String> words = new ArrayList<>(names);
        words.addAll(List.of("-w", file.toString()));
        Path second = folder.resolve("second.pcapng");
        try (CaptureProcess all = CaptureProcess.start(folder, words.toArray(String[]::new));
                CaptureProcess another = CaptureProcess.start(folder, "m0", "m32", "-w", second.toString());
                CaptureProcess killed = CaptureProcess.start(folder, "m0")) {
            assertThat(sh("ip", "-d", "link", "show", "m0")).contains("promiscuity 3");
            names.forEach(name -> send("n" + name.substring(1), 20, "88b5"));
            assertThat(killed.end("KILL")).isEqualTo(128 + 9);
            assertThat(all.end("TERM")).isZero();
            assertThat(another.end("INT")).isZero();
            assertThat(all.figures()).isEqualTo(new Figures(20L * ports, 20L * ports, 0));
            assertThat(another.figures()).isEqualTo(new Figures(40, 40, 0));
        } finally {
            names.forEach(Links::delete);
        }
        assertThat(CaptureFile.read(file).ports()).allMatch(port -> port.received() == 20);
        assertThat(read(file)).hasSize(20 * ports);
    }

    @Test
    void a_link_of_a_lab_is_captured_and_nothing_of_a_killed_capture_is_left() throws IOException {
        Links.addNamespace(LAB);
        Links.ipInside(LAB, "link", "add", "_k_1_0", "type", "veth", "peer", "name", "p");
        Links.ipInside(LAB, "link", "set", "_k_1_0", "up");
        Links.ipInside(LAB, "link", "set", "p", "up");
        String lab = LAB.substring("cloonix_".length());
        try (CaptureProcess capture =
                CaptureProcess.start(folder, "--lab", lab, "_k_1_0", "-w", file.toString(), "-f", "arp")) {
            Links.ipInside(LAB, "addr", "add", "192.0.2.1/24", "dev", "p");
            sh("sh", "-c", "ip netns exec " + LAB + " ping -c 1 -W 1 192.0.2.2 >/dev/null; true");
            assertThat(sh("ip", "-n", LAB, "-d", "link", "show", "_k_1_0")).contains("promiscuity 1");
            assertThat(capture.end("TERM")).as(capture.messages()).isZero();
        }
        assertThat(read(file)).isNotEmpty().allMatch(line -> line.contains("who-has 192.0.2.2"));
        try (CaptureProcess capture = CaptureProcess.start(folder, "--lab", lab, "_k_1_0")) {
            assertThat(capture.end("KILL")).isEqualTo(128 + 9);
        }
        assertThat(sh("ip", "-n", LAB, "-d", "link", "show", "_k_1_0")).contains("promiscuity 0");
        assertThat(sh("ip", "netns", "exec", LAB, "cat", "/proc/net/packet").lines())
                .hasSize(1);
    }

    @Test
    void a_link_is_not_made_promiscuous_if_the_user_does_not_want_it() {
        try (CaptureProcess capture = CaptureProcess.start(folder, "cap0", "-p", "-w", file.toString())) {
            assertThat(sh("ip", "-d", "link", "show", "cap0")).contains("promiscuity 0");
            send("cap1", 2, "88b5");
            assertThat(capture.end("TERM")).isZero();
            assertThat(capture.figures().captured()).isEqualTo(2);
        }
    }

    @Test
    void a_capture_ends_when_its_network_namespace_is_removed() {
        Links.addNamespace(LAB);
        Links.ipInside(LAB, "link", "add", "_k_1_0", "type", "veth", "peer", "name", "p");
        String lab = LAB.substring("cloonix_".length());
        try (CaptureProcess capture = CaptureProcess.start(folder, "--lab", lab, "_k_1_0", "-w", file.toString())) {
            Links.deleteNamespace(LAB);
            assertThat(capture.awaitEnd()).as(capture.messages()).isZero();
            assertThat(capture.messages())
                    .contains("the network namespace " + LAB + " is removed; the capture ends")
                    .contains("0 frames captured");
        }
    }

    @Test
    void a_capture_that_travels_over_the_captured_link_is_not_in_itself() throws IOException {
        Links.addNamespace(LAB);
        Links.addVethInto("cap2", "far", LAB);
        Links.ipInside(LAB, "link", "set", "far", "up");
        Links.ipInside(LAB, "addr", "add", "192.0.2.2/24", "dev", "far");
        Links.setUp("cap2");
        sh("ip", "addr", "add", "192.0.2.1/24", "dev", "cap2");
        Process receiver = new ProcessBuilder("ip", "netns", "exec", LAB, "nc", "-l", "-N", "192.0.2.2", "9000")
                .redirectOutput(file.toFile())
                .start();
        try {
            eventually(() -> assertThat(sh("ip", "netns", "exec", LAB, "cat", "/proc/net/tcp"))
                    .contains(":2328 "));
            String capture =
                    String.join(" ", BuiltProgram.words("capture", "cap2", "-c", "5", "-f", "'not arp and not ip6'"));
            Path messages = folder.resolve("messages");
            ProcessBuilder sender =
                    new ProcessBuilder("sh", "-c", capture + " 2>" + messages + " | nc -N 192.0.2.2 9000");
            sender.environment().putAll(BuiltProgram.environment());
            Process sending = sender.start();
            try {
                eventually(() -> assertThat(Files.readString(messages))
                        .contains("capturing on 1 port")
                        .contains("not captured, because this capture travels by it: 192.0.2.1:"));
                send("cap2", 5, "88b5");
                eventually(() ->
                        assertThat(sending.isAlive() || receiver.isAlive()).isFalse());
            } finally {
                sending.destroyForcibly();
            }
        } finally {
            receiver.destroyForcibly();
        }
        assertThat(read(file)).hasSize(5).allMatch(line -> line.contains("0x88b5"));
    }

    @Test
    void what_cannot_be_captured_is_refused_in_one_line() throws IOException {
        assertThat(refusal("nope")).contains("there is no link nope and no running container of that name");
        assertThat(refusal("cap0", "--lab", "../x")).contains("there is no lab ../x");
        assertThat(refusal("cap0", "--lab", "none")).contains("\"ip netns list\" shows no cloonix_none");
        assertThat(refusal("cap0", "-s", "0")).contains("--snaplen is 1 to 262144");
        assertThat(refusal("cap0", "--filter", "foo bar", "-w", file.toString()))
                .contains("tcpdump does not compile the filter: ", "syntax error");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("target"));
        assertThat(refusal("cap0", "-w", link.toString()))
                .contains("it is a symbolic link, which is not followed; name the file itself");
        assertThat(refusal("cap0", "-w", folder.toString())).contains("it is a folder; name a file in it");
        assertThat(refusal("cap0", "-w", folder.resolve("no/file").toString()))
                .endsWith("there is no folder " + folder.resolve("no") + "; make it with mkdir -p "
                        + folder.resolve("no") + ", or name another file\n");
        assertThat(refusal("cap0", "-c", "0", "-w", file.toString()))
                .contains("--count is 1 or more, not 0; leave it out to capture without end");
        assertThat(folder.resolve("target")).doesNotExist();

        String hostile = "x\u001b[31m";
        addPair(hostile, "y");
        try (CaptureProcess capture = CaptureProcess.start(folder, hostile, "-w", file.toString())) {
            send("y", 1, "88b5");
            Links.delete(hostile);
            capture.awaitMessage("x\\u001b[31m is gone");
            capture.end("TERM");
        }
        assertThat(CaptureFile.read(file).ports().get(0).name()).isEqualTo("x\\u001b[31m");
    }

    private String refusal(String... arguments) {
        try (CaptureProcess capture = CaptureProcess.begin(folder, arguments)) {
            assertThat(capture.awaitEnd()).as(capture.messages()).isEqualTo(2);
            assertThat(capture.messages().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
            assertThat(capture.messages().lines()).as(capture.messages()).hasSize(1);
            return capture.messages();
        }
    }
}
