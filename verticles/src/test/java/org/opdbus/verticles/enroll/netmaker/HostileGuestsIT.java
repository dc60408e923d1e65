// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;

/** Containers whose root user does what it can with netclient's files, beside one that only wants to join. */
class HostileGuestsIT {
    private static final List<String> HOSTILE = List.of("h1", "h2", "h3", "h4");

    /** For each folder named: a FIFO and a file take turns under the name nodes.json, as fast as they can. */
    private static final String SWAP = """
            use POSIX; $| = 1;
            for $dir (@ARGV) { mkfifo("$dir/fifo", 0600) or die; open(F, ">$dir/plain"); print F "{}"; close F; }
            while (1) {
                for $kind ("plain", "fifo") {
                    for $dir (@ARGV) { link("$dir/$kind", "$dir/new"); rename("$dir/new", "$dir/nodes.json"); }
                }
                print "swapping\\n" unless $n++;
            }
            """;

    private final MeshLab lab = new MeshLab();
    private final List<Process> swappers = new ArrayList<>();

    @AfterEach
    void close() {
        swappers.forEach(Process::destroyForcibly);
        lab.close();
    }

    @Test
    void four_containers_that_swap_their_nodes_file_with_a_fifo_hold_up_no_fifth() throws IOException {
        ContainerId good = createAll();
        List<String> command = new ArrayList<>(List.of("perl", "-e", SWAP));
        for (String id : HOSTILE) {
            command.add(Files.createDirectories(lab.containers.rootfs(id).resolve("etc/netclient"))
                    .toString());
        }
        Process swapper = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        swappers.add(swapper);
        assertThat(swapper.inputReader().readLine()).isEqualTo("swapping");
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        lab.containers.startAll(HOSTILE);
        // Each look is another chance for a FIFO between the look at the file and its opening. There are looks before
        // each run of
        // netclient and after it.
        HOSTILE.forEach(id -> eventually(() ->
                assertThat(lab.status(meshes, new ContainerId(id)).attempts()).isPositive()));

        lab.containers.start("good");

        lab.joined(good);
    }

    @Test
    void four_containers_whose_file_system_never_answers_hold_up_no_fifth() throws IOException {
        ContainerId good = createAll();
        for (String id : HOSTILE) {
            Path config = lab.containers.lxcPath().resolve(id).resolve("config");
            Files.writeString(
                    config, "lxc.mount.entry = /dev/fuse dev/fuse none bind,create=file\n", StandardOpenOption.APPEND);
            Files.createDirectories(lab.containers.rootfs(id).resolve("etc/netclient"));
        }
        lab.containers.startAll(HOSTILE);
        for (String id : HOSTILE) {
            // A FUSE file system whose requests nothing answers; see fuse(4).
            lab.containers.attach(id, "sh", "-c", """
                    exec 3<>/dev/fuse
                    mount -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none /etc/netclient && sleep 1000 >/dev/null 2>&1 &
                    until grep -q /etc/netclient /proc/mounts; do sleep 0.1; done
                    """);
        }
        MeshCommands meshes = lab.start(MeshLab.QUICK);
        HOSTILE.forEach(id -> eventually(
                () -> assertThat(lab.status(meshes, new ContainerId(id)).why()).contains("do not answer")));

        lab.containers.start("good");

        lab.joined(good);
    }

    @Test
    void four_containers_whose_netclient_hangs_hold_up_no_fifth() {
        ContainerId good = createAll();
        HOSTILE.forEach(id -> lab.tell(id, "hang"));
        // The joins hang for longer than this test waits for the good container.
        lab.start(MeshLab.times(Duration.ofMinutes(30), MeshLab.QUICK.confirm(), MeshLab.QUICK.silence()));
        lab.containers.startAll(HOSTILE);
        HOSTILE.forEach(id ->
                eventually(() -> assertThat(lab.containers.attach(id, "ps")).contains("netclient join")));

        lab.containers.start("good");

        lab.joined(good);
    }

    /** The hostile containers have a token that leads nowhere, or one of them could use up the token of the good one. */
    private ContainerId createAll() {
        lab.tokens("A=" + lab.server.token(1), "H=" + lab.server.token(0));
        HOSTILE.forEach(id -> lab.create(id, "H"));
        return lab.create("good", "A");
    }
}
