// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Token;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.WireRecorder;

/**
 * Three members, each a process in a network namespace of its own, connected by a bridge on which everything is
 * recorded.
 */
final class MembersApartIT {
    private static final List<String> HOSTS = List.of("alpha", "beta", "gamma");
    private static final String SECRET = "container-4711-enrolled";

    @TempDir
    static Path folder;

    private static final Map<String, Process> PROCESSES = new LinkedHashMap<>();
    private static Process recorder;

    @BeforeAll
    static void start() throws Exception {
        Links.addBridge("br0");
        Links.setUp("br0");
        Libraries libraries = Libraries.load();
        Authority authority = new Authority(folder.resolve("alpha"), libraries.certificates());
        for (String host : HOSTS) {
            Links.addNamespace(host);
            Links.addVethInto("to-" + host, "eth0", host);
            Links.setMaster("to-" + host, "br0");
            Links.setUp("to-" + host);
            Links.ipInside(host, "addr", "add", address(host) + "/24", "dev", "eth0");
            Links.ipInside(host, "link", "set", "eth0", "up");
            Links.ipInside(host, "link", "set", "lo", "up");
            MembershipOptions options = MemberProcess.options(folder, host, address(host));
            if (host.equals("alpha")) {
                String unused = authority.found(host, options.listen(), options.door());
            } else {
                letIn(authority, libraries, options);
            }
        }
        recorder = WireRecorder.start(folder.resolve("wire"));
        for (String host : HOSTS) {
            run(host);
        }
    }

    @AfterAll
    static void end() throws Exception {
        recorder.destroyForcibly().waitFor();
        for (Process process : PROCESSES.values()) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void messages_of_a_member_reach_the_other_members_only() throws Exception {
        for (String host : HOSTS) {
            assertHeardByTheOthers(host, SECRET + " by " + host);
        }
        for (String host : HOSTS) {
            tell(host, "memory");
            eventually(() -> assertThat(lines(host)).anyMatch(line -> line.startsWith("memory")));
        }
        String wire = Files.readString(folder.resolve("wire"), StandardCharsets.ISO_8859_1);
        assertThat(wire.length()).as("what was recorded").isGreaterThan(10_000);
        assertThat(wire)
                .doesNotContain(SECRET)
                .doesNotContain("op-dbus.test")
                .doesNotContain("__vertx")
                .doesNotContain("alpha")
                .doesNotContain("op-dbus cluster CA");
    }

    @Test
    void a_member_that_was_cut_off_hears_all_others_again_when_the_link_is_back() throws Exception {
        assertAllAreHeard();
        int before = lines("alpha").size();
        Links.ip("link", "set", "to-gamma", "down");
        eventually(() -> {
            assertThat(since("alpha", before)).contains("left gamma");
            assertThat(lines("gamma")).contains("left alpha", "left beta");
        });
        assertHeard("alpha", "beta", "while gamma is away");
        Links.ip("link", "set", "to-gamma", "up");
        assertAllAreHeard();
    }

    @Test
    void who_is_killed_is_missed_and_is_heard_again_when_it_is_back() throws Exception {
        assertAllAreHeard();
        // The first member, which coordinates the group.
        int then = lines("beta").size();
        process("alpha").destroyForcibly().waitFor();
        eventually(() -> assertThat(since("beta", then)).contains("left alpha"));
        assertHeard("beta", "gamma", "while alpha is dead");
        run("alpha");
        assertAllAreHeard();
    }

    private static void assertAllAreHeard() {
        for (String host : HOSTS) {
            assertHeardByTheOthers(host, "all here " + host + " " + System.nanoTime());
        }
    }

    private static void assertHeardByTheOthers(String host, String text) {
        for (String other : HOSTS) {
            if (!other.equals(host)) {
                assertHeard(host, other, text);
            }
        }
    }

    private static void assertHeard(String from, String by, String text) {
        eventually(() -> {
            tell(from, "publish " + text);
            assertThat(lines(by)).contains("heard " + text);
        });
    }

    private static void tell(String host, String line) throws IOException {
        Process process = process(host);
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private static Process process(String host) {
        return Optional.ofNullable(PROCESSES.get(host)).orElseThrow();
    }

    private static List<String> lines(String host) throws IOException {
        return Files.readAllLines(folder.resolve(host + ".out"));
    }

    private static List<String> since(String host, int before) throws IOException {
        List<String> all = lines(host);
        return all.subList(Math.min(before, all.size()), all.size());
    }

    private static String address(String host) {
        return "10.9.0." + (HOSTS.indexOf(host) + 1);
    }

    private static void letIn(Authority authority, Libraries libraries, MembershipOptions options) {
        var keys = Pem.newKeys();
        Token token = authority.token(Duration.ofMinutes(1), options.door());
        Authority.Admission admission = authority
                .admit(
                        token.secret(),
                        options.host(),
                        options.listen().toString(),
                        libraries.certificates().request(keys))
                .orElseThrow();
        ClusterFolder files = new ClusterFolder(options.dir());
        files.keep(admission.bundle());
        files.keep(new Identity(
                keys.getPrivate(),
                admission.certificate(),
                admission.bundle().content().authority()));
    }

    private static void run(String host) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", host));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                MemberProcess.class.getName(),
                folder.toString(),
                host,
                address(host)));
        File out = folder.resolve(host + ".out").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        PROCESSES.put(host, process);
        assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
    }
}
