// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEdit;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.link.A2bMachines;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.lab.space.HostLabSpace;
import org.opdbus.verticles.testing.Laboratory;

/** A line of a lab with a real switch does what the definition says, also after a kill of the agent or of the process that moves its frames. */
class LabShapeIT {
    private static final int LIMIT_S = 120;

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx(VertxSettings.common());
    private HostLabProcesses processes;
    private HostLabSpace space;
    private A2bMachines lines;
    private LabVerticle labs;

    @BeforeEach
    void begin() {
        Laboratory.require();
        LabFolders folders = LabFolders.below(folder);
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        lines = new A2bMachines(processes, folders);
        LabStore store = new LabStore(folder.resolve("definitions"));
        labs = new LabVerticle(
                new LabParts(vertx.getOrCreateContext(), folders, store, space, Map.of("a2b", lines), fact -> {}));
        assertThat(labs.rxStart().blockingAwait(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    }

    private void end() {
        assertThat(labs.rxStop().blockingAwait(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        lines.close();
        space.close();
        processes.close();
    }

    @AfterEach
    void close() {
        assertThat(labs.stop("net", true).blockingAwait(LIMIT_S, TimeUnit.SECONDS))
                .isTrue();
        end();
        assertThat(folder.resolve("labs/net")).doesNotExist();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_line_has_the_shape_of_its_definition_after_a_change_a_crash_and_a_restart() throws Exception {
        await(labs.start("net", true));
        await(labs.change(
                "net",
                List.of(
                        new LabChange.AddItem("line", new A2b(0, 0, 0), "vv", List.of()),
                        new LabChange.JoinLan("line", 0, new LabEndpoint.Place("one", 0, List.of())),
                        new LabChange.JoinLan("line", 1, new LabEndpoint.Place("two", 0, List.of())))));
        long first = process();

        await(labs.change("net", List.of(shape(30))));
        assertHas(30);
        assertThat(process()).isEqualTo(first);

        // An agent that was killed after it had written the definition.
        end();
        saveDefinitionWith(shape(40));
        begin();
        eventually(() -> assertHas(40));
        assertThat(process()).isEqualTo(first);

        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        eventually(() -> {
            assertThat(process()).isNotEqualTo(first);
            assertHas(40);
        });
        eventually(() -> assertThat(await(labs.status("net")).trouble()).isEmpty());
    }

    private static LabChange shape(int delayMs) {
        return new LabChange.Shape("line", new A2b(delayMs, 0, 0));
    }

    private void saveDefinitionWith(LabChange change) throws IOException {
        LabStore store = new LabStore(folder.resolve("definitions"));
        LabDefinition before = store.load("net").orElseThrow();
        store.save(LabEdit.with(before, List.of(change), Set.of(), new Random(24)));
    }

    private void assertHas(int delayMs) {
        assertThat(await(lines.settings("net"))).isEqualTo(Map.of("line", new A2b(delayMs, 0, 0)));
    }

    private long process() {
        return await(processes.running("net")).stream()
                .filter(process -> process.role().equals("a2b"))
                .mapToLong(LabProcess::pid)
                .findFirst()
                .orElseThrow();
    }

    private static <T> T await(Single<T> answer) {
        return answer.timeout(LIMIT_S, TimeUnit.SECONDS).blockingGet();
    }
}
