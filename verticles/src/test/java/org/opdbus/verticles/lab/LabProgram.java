// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.link.A2bMachines;
import org.opdbus.verticles.lab.link.TapMachines;
import org.opdbus.verticles.lab.machine.KvmMachines;
import org.opdbus.verticles.lab.machine.LxcMachines;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.space.HostLabSpace;
import org.opdbus.verticles.lab.text.LabCommands;
import org.opdbus.verticles.testing.JavaProgram;

/**
 * An agent that has labs and nothing else, in a process that can be killed. It reads a command a line: {@code start NET}, {@code stop
 * NET}, {@code settled NET}, or {@code change NET} and a command that changes a lab. It answers each with a line, {@code OK} or {@code
 * KO} with the reason and the remedy.
 */
final class LabProgram {
    private final LabVerticle labs;

    private LabProgram(Path runtime, Path lxcPath) {
        LabFolders folders = LabFolders.below(runtime);
        HostLabProcesses processes = new HostLabProcesses(folders);
        HostLabSpace space = new HostLabSpace(folders, processes);
        String datapath = space.datapath();
        Map<String, LabMachines> machines = Map.of(
                "kvm", new KvmMachines(processes, folders, datapath),
                "lxc", new LxcMachines(new LxcDriver(new CommandRunner(), lxcPath), folders, datapath),
                "tap", new TapMachines(folders, datapath),
                "a2b", new A2bMachines(processes, folders));
        LabStore store = new LabStore(definitions(runtime));
        Vertx vertx = Vertx.vertx(VertxSettings.common());
        labs = new LabVerticle(new LabParts(vertx.getOrCreateContext(), folders, store, space, machines, fact -> {}));
    }

    static Path definitions(Path runtime) {
        return runtime.resolve("definitions");
    }

    /** Runs until its input ends; the arguments are the folder for its files and the one of the containers. */
    public static void main(String[] arguments) throws IOException {
        LabProgram program = new LabProgram(Path.of(arguments[0]), Path.of(arguments[1]));
        program.labs.rxStart().blockingAwait();
        System.out.println(JavaProgram.READY);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            System.out.println(program.answer(line));
        }
        System.exit(0);
    }

    private String answer(String line) {
        String[] words = line.split(" ", 3);
        try {
            switch (words[0]) {
                case "start" -> labs.start(words[1], false).ignoreElement().blockingAwait();
                case "stop" -> labs.stop(words[1], false).blockingAwait();
                case "change" ->
                    labs.change(words[1], LabCommands.file(words[2]))
                            .ignoreElement()
                            .blockingAwait();
                case "settled" -> requireSettled(labs.status(words[1]).blockingGet());
                default -> throw new LabRefusal("no command: " + line, "");
            }
            return "OK";
        } catch (LabRefusal refusal) {
            return "KO " + refusal.getMessage() + " -- " + refusal.remedy();
        } catch (RuntimeException failure) {
            failure.printStackTrace();
            return "KO not in words: " + failure;
        }
    }

    private static void requireSettled(LabStatus status) {
        if (!status.running() || !status.settled()) {
            throw new LabRefusal("running=" + status.running() + " " + status.trouble(), "");
        }
    }
}
