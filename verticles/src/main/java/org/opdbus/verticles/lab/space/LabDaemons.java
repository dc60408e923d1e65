// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;

/**
 * The ovsdb-server and the ovs-vswitchd of a lab: their database, sockets and logs are in the lab's folder, so they know nothing of
 * the host's. Only a thread that may block calls it.
 */
final class LabDaemons {
    static final String DATABASE = "ovsdb-server";
    static final String SWITCH = "ovs-vswitchd";

    private static final List<Path> SCHEMAS = List.of(
            Path.of("/usr/share/openvswitch/vswitch.ovsschema"),
            Path.of("/usr/local/share/openvswitch/vswitch.ovsschema"));
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
    private static final Duration START_MAX = Duration.ofSeconds(30);

    private final LabFolders folders;
    private final LabProcesses processes;
    private final LabPrograms programs;

    LabDaemons(LabFolders folders, LabProcesses processes, LabPrograms programs) {
        this.folders = folders;
        this.processes = processes;
        this.programs = programs;
    }

    static boolean isDaemon(String role) {
        return role.equals(DATABASE) || role.equals(SWITCH);
    }

    /** Starts those that do not run, and waits until they act on the database. */
    void start(String lab) throws IOException, InterruptedException {
        Path folder = folders.of(lab);
        Path database = folder.resolve("conf.db");
        if (!Files.exists(database)) {
            createDatabase(database);
        }
        String socket = "unix:" + folders.databaseSocket(lab);
        start(
                lab,
                DATABASE,
                List.of(
                        DATABASE,
                        database.toString(),
                        "--remote=p" + socket,
                        "--unixctl=" + folder.resolve(DATABASE + ".ctl"),
                        "--no-chdir",
                        "-vsyslog:off",
                        "-vconsole:warn"));
        awaitSocket(lab);
        // Makes the one row of a new database; ovs-vswitchd does not act before.
        vsctl(socket, "--no-wait", "init");
        start(
                lab,
                SWITCH,
                List.of(
                        "env",
                        "OVS_RUNDIR=" + folder,
                        "OVS_LOGDIR=" + folder,
                        "OVS_DBDIR=" + folder,
                        SWITCH,
                        socket,
                        "--unixctl=" + folder.resolve(SWITCH + ".ctl"),
                        "--no-chdir",
                        "-vsyslog:off",
                        "-vconsole:warn"));
        vsctl(socket, "init");
    }

    /** The name of the database appears only when it is whole. */
    private void createDatabase(Path database) throws IOException, InterruptedException {
        Path schema = SCHEMAS.stream()
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new LabRefusal(
                        "a lab needs " + SCHEMAS.get(0) + ", which is not on this host",
                        "apt-get install openvswitch-switch"));
        Path part = database.resolveSibling("conf.db.new");
        Files.deleteIfExists(part);
        programs.run(List.of("ovsdb-tool", "create", part.toString(), schema.toString()));
        Files.deleteIfExists(part.resolveSibling(".conf.db.new.~lock~"));
        Files.move(part, database);
    }

    private void start(String lab, String role, List<String> command) {
        LabProcess unused = processes
                .start(lab, role, command)
                .timeout(START_MAX.toSeconds(), TimeUnit.SECONDS)
                .blockingGet();
    }

    private void vsctl(String socket, String... arguments) throws InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("ovs-vsctl", "--timeout=" + ANSWER_MAX.toSeconds(), "--db=" + socket));
        command.addAll(List.of(arguments));
        programs.run(command);
    }

    /** ovsdb-server tells no one when it listens, unless it starts another process for that. */
    private void awaitSocket(String lab) throws InterruptedException {
        long deadline = System.nanoTime() + ANSWER_MAX.toNanos();
        while (!answers(folders.databaseSocket(lab))) {
            if (System.nanoTime() - deadline > 0) {
                throw new LabRefusal(
                        "the ovsdb-server of the lab " + lab + " does not listen within " + ANSWER_MAX.toSeconds()
                                + " s",
                        "see " + folders.of(lab).resolve(DATABASE + ".log"));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("cancelled while waiting for ovsdb-server");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
