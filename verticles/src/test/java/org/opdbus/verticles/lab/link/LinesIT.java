// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.kernel.capture.BpfProgram;
import org.opdbus.verticles.kernel.capture.CapturedFrame;
import org.opdbus.verticles.kernel.capture.PacketRing;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.kernel.packet.FrameSender;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.lab.space.HostLabSpace;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;

/** A line between two LANs of a lab with a real switch, which the host and a guest use by taps. */
class LinesIT {
    private static final String NAMESPACE = "cloonix_net";
    private static final String MAC = "02:11:22:33:44:55";
    private static final String GUEST_MAC = "02:11:22:33:44:66";
    private static final int LIMIT_S = 60;
    private static final A2b PLAIN = new A2b(0, 0, 0);

    @TempDir
    Path runtime;

    private LabFolders folders;
    private HostLabProcesses processes;
    private HostLabSpace space;
    private TapMachines taps;
    private A2bMachines lines;
    private String linksBefore;

    @BeforeEach
    void open() throws Exception {
        Laboratory.require();
        Links.addNamespace("guest");
        linksBefore = Links.ip("-o", "link");
        folders = LabFolders.below(runtime);
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        taps = new TapMachines(folders, space.datapath());
        lines = new A2bMachines(processes, folders);
        await(space.ensure("net"));
        await(taps.start("net", tap("left", 1, MAC)));
        await(taps.start("net", tap("right", 2, GUEST_MAC)));
        // Two addresses of one host would reach each other without any link.
        Links.ip("link", "set", "right", "netns", "guest");
        Links.ipInside("guest", "address", "add", "192.0.2.2/24", "dev", "right");
        Links.ipInside("guest", "link", "set", "right", "up");
        Links.ip("address", "add", "192.0.2.1/24", "dev", "left");
    }

    @AfterEach
    void close() {
        await(space.remove("net"));
        Links.deleteNamespace("guest");
        lines.close();
        taps.close();
        space.close();
        processes.close();
        assertThat(Links.ip("-o", "link")).isEqualTo(linksBefore);
        assertThat(folders.of("net")).doesNotExist();
    }

    private void begin(A2b machine) throws Exception {
        await(lines.start("net", line(machine)));
        addLan("_b_one", "_k_1_0", "_k_3_0");
        addLan("_b_two", "_k_2_0", "_k_3_1");
        run("ping", "-c", "1", "-W", "30", "192.0.2.2");
    }

    @Test
    void each_direction_has_the_delay_and_a_change_of_it_loses_no_frame() throws Exception {
        begin(new A2b(50, 0, 0));
        assertThat(roundTrips("-c", "3", "-i", "0.2"))
                .allSatisfy(ms -> assertThat(ms).isBetween(100.0, 2_000.0));

        Process pings = new ProcessBuilder("ping", "-c", "200", "-i", "0.01", "-W", "30", "192.0.2.2").start();
        for (int delayMs : List.of(5, 70, 0, 20)) {
            await(lines.start("net", line(new A2b(delayMs, 0, 0))));
        }
        String text = new String(pings.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(text).contains("200 packets transmitted, 200 received").doesNotContain("DUP");
        assertThat(roundTrips("-c", "3", "-i", "0.2"))
                .allSatisfy(ms -> assertThat(ms).isBetween(40.0, 2_000.0));
        assertThat(lines.settings("net").blockingGet()).isEqualTo(Map.of("line", new A2b(20, 0, 0)));
    }

    @Test
    void frames_are_lost_by_chance() throws Exception {
        // One echo would be lost now and then, and with it the beginning.
        begin(PLAIN);
        await(lines.start("net", line(new A2b(0, 1_000, 0))));
        // 0.9 x 0.9 of the echoes come back: 486 of 600; the limits are 7 standard deviations of 9.6 away.
        assertThat(roundTrips("-c", "600", "-i", "0.005", "-W", "5")).hasSizeBetween(418, 554);

        await(lines.start("net", line(new A2b(0, 10_000, 0))));
        assertThatThrownBy(() -> run("ping", "-c", "2", "-W", "1", "192.0.2.2")).isInstanceOf(AssertionError.class);
        await(lines.start("net", line(PLAIN)));
        assertThat(roundTrips("-c", "20", "-i", "0.01", "-W", "30")).hasSize(20);
    }

    @Test
    void a_stream_gets_the_rate_and_no_more() throws Exception {
        int bytes = 750_000;
        begin(new A2b(0, 0, 4_000));
        // 1.5 s of the rate; what a TCP connection adds to the bytes makes it slower.
        assertThat(secondsFor(bytes)).isBetween(1.4, 20.0);

        await(lines.start("net", line(PLAIN)));
        assertThat(secondsFor(bytes)).isLessThan(1.4);
    }

    @Test
    void tags_and_frames_of_any_length_pass_unchanged() throws Exception {
        begin(PLAIN);
        try (NetworkNamespace guest = NetworkNamespace.at(Links.namespaceFile("guest"));
                RtNetlink inside = RtNetlink.open(guest);
                NetworkNamespace here = NetworkNamespace.current();
                RtNetlink host = RtNetlink.open(here);
                FrameSender sender =
                        FrameSender.open(host.link("left").orElseThrow().index());
                PacketRing ring = PacketRing.open(
                        guest, inside.link("right").orElseThrow().index(), 16)) {
            ring.attach(BpfProgram.keeping(65_535));
            ring.start(true);
            List<String> sent = new ArrayList<>();
            for (int length : List.of(46, 700, 1_500)) {
                // The tag of VLAN 7 with priority 5 and the type of experiments (IEEE 802, section 9.2.4).
                String frame = (GUEST_MAC + MAC).replace(":", "") + "8100a00788b5" + "a7".repeat(length);
                sent.add(frame);
                sender.send(HexFormat.of().parseHex(frame));
            }
            List<String> received = new ArrayList<>();
            eventually(() -> {
                ring.read(frame -> received.addAll(tagged(frame)));
                assertThat(received).containsExactlyElementsOf(sent);
            });
        }
    }

    private static List<String> tagged(CapturedFrame frame) {
        if (!frame.isTagged()) {
            return List.of();
        }
        byte[] bytes = new byte[frame.kept()];
        frame.copy(0, bytes, 0, bytes.length);
        String text = HexFormat.of().formatHex(bytes);
        return List.of(text.substring(0, 24) + HexFormat.of().toHexDigits(frame.tag()) + text.substring(24));
    }

    @Test
    void a_line_outlives_the_agent_and_comes_back_after_its_process_was_killed() throws Exception {
        begin(PLAIN);
        long pid = process();
        lines.close();
        space.close();
        processes.close();
        run("ping", "-c", "1", "-W", "30", "192.0.2.2");

        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        lines = new A2bMachines(processes, folders);
        await(space.ensure("net"));
        assertThat(states()).isEqualTo(Map.of("line", MachineState.RUNNING));
        await(lines.start("net", line(PLAIN)));
        assertThat(process()).isEqualTo(pid);

        TestSubscriber<String> changes = lines.changes().test();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        eventually(() -> assertThat(changes.values()).containsExactly("net"));
        assertThat(states()).isEmpty();
        assertThat(Links.ipInside(NAMESPACE, "-o", "link")).contains("_k_3_0", "_k_3_1");
        await(lines.start("net", line(PLAIN)));
        assertThat(states()).isEqualTo(Map.of("line", MachineState.RUNNING));
        run("ping", "-c", "1", "-W", "30", "192.0.2.2");
    }

    @Test
    void a_line_that_lost_a_link_is_made_anew_and_the_last_one_ends_the_process() throws Exception {
        LabItem other = line(4, "other", PLAIN);
        begin(PLAIN);
        await(lines.start("net", other));
        Links.ipInside(NAMESPACE, "link", "del", "_k_3_1");
        eventually(() -> assertThat(states()).isEqualTo(Map.of("other", MachineState.RUNNING)));

        await(lines.start("net", line(PLAIN)));
        assertThat(states()).containsOnlyKeys("line", "other");
        await(lines.stop("net", line(PLAIN)));
        await(lines.stop("net", line(PLAIN)));
        assertThat(states()).containsOnlyKeys("other");
        assertThat(Links.ipInside(NAMESPACE, "-o", "link")).doesNotContain("_k_3_");
        // The definition does not know it any more.
        await(lines.endOther("net", "line"));
        await(lines.endOther("net", "other"));
        await(lines.stop("net", other));
        assertThat(Links.ipInside(NAMESPACE, "-o", "link")).doesNotContain("_k_4_");
        assertThat(processes.running("net").blockingGet())
                .extracting(LabProcess::role)
                .doesNotContain("a2b");
        assertThat(folders.lines("net")).isEmptyDirectory();
    }

    @Test
    void a_line_that_cannot_be_made_leaves_nothing() throws Exception {
        // What an earlier agent left half made is no hindrance.
        Links.ipInside(NAMESPACE, "link", "add", "_k_3_1", "type", "bridge");
        await(lines.start("net", line(PLAIN)));
        await(lines.stop("net", line(PLAIN)));
        assertThat(states()).isEmpty();
        // A folder stands where the order would be.
        Files.createDirectories(folders.lines("net").resolve("4.line/x"));
        assertThatThrownBy(() -> await(lines.start("net", line(4, "other", PLAIN))))
                .hasMessageContaining("4.line");
        assertThat(Links.ipInside(NAMESPACE, "-o", "link")).doesNotContain("_k_4_");
    }

    private long process() {
        return processes.running("net").blockingGet().stream()
                .filter(process -> process.role().equals("a2b"))
                .mapToLong(LabProcess::pid)
                .findFirst()
                .orElseThrow();
    }

    private Map<String, MachineState> states() {
        return lines.states("net").timeout(LIMIT_S, TimeUnit.SECONDS).blockingGet();
    }

    /** How long the bytes take from the guest, from the first one on. */
    private static double secondsFor(int bytes) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getByName("192.0.2.1"))) {
            server.setSoTimeout(LIMIT_S * 1_000);
            String script =
                    "head -c " + bytes + " /dev/zero | nc -N -w " + LIMIT_S + " 192.0.2.1 " + server.getLocalPort();
            Process client = new ProcessBuilder("ip", "netns", "exec", "guest", "sh", "-c", script).start();
            try (Socket socket = server.accept();
                    InputStream input = socket.getInputStream()) {
                assertThat(input.read()).isZero();
                long begun = System.nanoTime();
                assertThat(input.readAllBytes()).hasSize(bytes - 1);
                return (System.nanoTime() - begun) / 1e9;
            } finally {
                client.destroy();
            }
        }
    }

    /** The times of the echoes that came back, in ms. */
    private static List<Double> roundTrips(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("ping"));
        command.addAll(List.of(arguments));
        command.add("192.0.2.2");
        Process ping = new ProcessBuilder(command).start();
        String text = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<Double> times = new ArrayList<>();
        Matcher matcher = Pattern.compile("time=([0-9.]+) ms").matcher(text);
        while (matcher.find()) {
            times.add(Double.valueOf(matcher.group(1)));
        }
        assertThat(text).doesNotContain("DUP");
        return times;
    }

    private void addLan(String bridge, String... ports) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("ovs-vsctl", "--timeout=30", "--db=unix:" + space.databaseSocket("net"), "add-br", bridge));
        command.addAll(List.of("--", "set", "bridge", bridge, "datapath_type=" + space.datapath()));
        for (String port : ports) {
            command.addAll(List.of("--", "add-port", bridge, port));
        }
        run(command.toArray(String[]::new));
    }

    private static LabItem line(A2b machine) {
        return line(3, "line", machine);
    }

    private static LabItem line(int id, String name, A2b machine) {
        return new LabItem(
                name,
                id,
                machine,
                List.of(
                        new LabEndpoint(0, false, MAC, Optional.empty()),
                        new LabEndpoint(1, false, MAC, Optional.empty())));
    }

    private static LabItem tap(String name, int id, String mac) {
        return new LabItem(name, id, new LabMachine.Tap(), List.of(new LabEndpoint(0, false, mac, Optional.empty())));
    }

    private static void await(Completable work) {
        if (!work.blockingAwait(LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within " + LIMIT_S + " s");
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(List.of(command)))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }
}
