// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.enroll.netmaker.server.Transcript;
import org.opdbus.verticles.enroll.netmaker.server.Transcript.Run;

/**
 * Holds netclient's double to what the real one printed, run by run: exit code, output and messages. MeshTimes, addresses, ids
 * and the name of the server's API are put out of the comparison. The texts of the network's own failures (DNS, no route,
 * certificate) are given to the double, because busybox cannot bring them about; their frame is compared.
 */
class NetclientTranscriptIT {
    private final MeshLab lab = new MeshLab();

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void the_double_prints_what_the_real_one_printed() throws IOException {
        // A keeper of meshes hears of the container and has nothing to do with it.
        lab.intents.remove(lab.create("a", "A"));
        lab.start(MeshLab.QUICK);
        lab.containers.start("a");
        String good = lab.server.token(2);

        hold("raw-version.txt", "");
        hold("raw-list-none.txt", "");
        hold("raw-join-empty.txt", "");
        hold("raw-join-garbage.txt", "not!base64");
        hold("raw-join-notjson.txt", "aGVsbG8=");
        hold("raw-join-jwt.txt", "eyJhbGciOiJIUzI1NiJ9.e30.x");
        hold("raw-join-nokey.txt", lab.server.token("f".repeat(32)));
        hold("raw-join-usedup.txt", lab.server.token(0));
        // Recorded in a container in which netclient had not run before.
        lab.forgetIdentity("a");
        lab.server.change(world -> world.badGateway = true);
        hold("join-raw-502.txt", good);
        lab.server.change(world -> world.badGateway = false);
        for (String name : List.of("raw-join-dns.txt", "raw-join-noroute.txt", "raw-join-untrusted.txt")) {
            lab.tell("a", "failure " + failure(Transcript.run(name)));
            hold(name, good);
        }
        lab.tell("a", "nodaemon");
        lab.server.down();
        hold("join-raw-refused.txt", good);
        lab.server.up();
        hold("raw-join-ok.txt", good);
        hold("raw-list-nodaemon.txt", "");
        hold("raw-pull-nodaemon.txt", "");
        hold("raw-join-again.txt", good);
        lab.tell("a", "");
        lab.startDaemon("a");
        eventually(() -> assertThat(Files.readString(lab.containers.rootfs("a").resolve("etc/netclient/nodes.json")))
                .contains("\"id\""));
        hold("raw-list-afterpull.txt", "");
        hold("raw-serverleave.txt", "");
        assertThat(lab.server.hosts()).isZero();
        Run onto = run("install", "");
        assertThat(onto.stdout() + "rc=" + onto.exit())
                .isEqualTo(Transcript.text("install.100.txt").replaceFirst("(?s)\n\nreal.*", ""));
    }

    private static String failure(Run recorded) {
        return recorded.stdout().replaceFirst("(?s).*<TOKEN>\": (.*?) ?\n.*", "$1");
    }

    private void hold(String name, String token) throws IOException {
        Run recorded = Transcript.run(name);
        String command = recorded.command().isEmpty() ? "join -t <TOKEN>" : recorded.command();
        Run own = run(command.replaceFirst(" -t.*", " -t"), token);

        assertThat(own.exit()).as(name).isEqualTo(recorded.exit());
        assertThat(plain(own.stdout(), token)).as(name).isEqualTo(plain(recorded.stdout(), "<TOKEN>"));
        assertThat(plain(own.stderr(), token)).as(name).isEqualTo(plain(recorded.stderr(), "<TOKEN>"));
    }

    private static String plain(String text, String token) {
        return (token.isEmpty() ? text : text.replace(token, "TOKEN"))
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "TIME")
                .replaceAll("https://[^/]+/", "https://API/")
                .replaceAll("dial tcp [0-9.:]+", "dial tcp ADDRESS")
                .replaceAll("\"node_id\": \"[^\"]*\"", "\"node_id\": \"ID\"")
                .replaceAll("100\\.64\\.0\\.\\d+", "100.64.0.X")
                .strip();
    }

    /** The token goes through a file that is gone at once, and so does what is printed: it may hold the token. */
    private Run run(String command, String token) throws IOException {
        Path tmp = lab.containers.rootfs("a").resolve("root");
        Files.createDirectories(tmp);
        Files.writeString(tmp.resolve("token"), token + "\n");
        String words = command.endsWith(" -t") ? command + " \"$t\"" : command;
        lab.containers.attach(
                "a",
                "sh",
                "-c",
                "read -r t </root/token; rm /root/token; /usr/bin/netclient " + words
                        + " >/root/out 2>/root/err </dev/null; echo $? >/root/rc");
        Run run = new Run(
                command,
                Integer.parseInt(Files.readString(tmp.resolve("rc")).strip()),
                Files.readString(tmp.resolve("out")),
                Files.readString(tmp.resolve("err")));
        for (String name : List.of("rc", "out", "err")) {
            Files.delete(tmp.resolve(name));
        }
        return run;
    }
}
