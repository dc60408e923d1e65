// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.CallerEvent.ChangeRequested;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.RefusedWriteException;
import org.opdbus.verticles.fuse.tree.RefusedWriteException.Reason;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.TreeChange.Modified;
import org.opdbus.verticles.fuse.tree.WritableFile;
import org.opdbus.verticles.fuse.tree.WritableFile.Writer;
import org.opdbus.verticles.fuse.write.AttributedWrites;
import org.opdbus.verticles.fuse.write.Writes;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;
import org.opdbus.verticles.ovsdb.rows.RowSource;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.PrivateOvs;

/** Writes to the tree over a real database. */
class WrittenTreeIT {
    private static final Writer ROOT = new Writer(0, ProcessHandle.current().pid());

    @TempDir
    Path dir;

    private final PrivateOvs ovs = new PrivateOvs();
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher watcher = new BusWatcher(bus);
    private final RawDatabase database = new RawDatabase(vertx, ovs.socket(), Duration.ofSeconds(2));
    private final List<String> applied = new CopyOnWriteArrayList<>();
    private int failures;
    private Optional<HostTree> made = Optional.empty();
    private Disposable open = Disposable.disposed();

    @BeforeEach
    void start() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        ovs.vsctl("add-port", "br0", "p1", "tag=5");
        Writes writes = new Writes(new Work(), new AttributedWrites(vertx, bus), Clock.systemUTC());
        HostTree tree = new HostTree(
                new HostTree.Sources(
                        new RowSource(vertx.getOrCreateContext(), OvsdbOptions.of(ovs.socket()), RowSource.TABLES),
                        scheduler -> Flowable.never(),
                        Optional.empty(),
                        Optional.of(dir.resolve("applied.json")),
                        Optional.of(writes)),
                Clock.systemUTC());
        made = Optional.of(tree);
        open = tree.open(Schedulers.single());
        eventually(() -> assertThat(text("by-name", "ports", "p1", "tag")).isEqualTo("5\n"));
    }

    @AfterEach
    void close() {
        open.dispose();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        ovs.close();
    }

    @Test
    void a_column_is_changed_in_the_database_and_the_change_is_on_record_with_its_writer() {
        write("7\n", "by-name", "ports", "p1", "tag").blockingAwait();

        assertThat(ovs.vsctl("get", "Port", "p1", "tag")).isEqualTo("7");
        assertThat(text("by-name", "ports", "p1", "tag")).isEqualTo("7\n");
        ChangeRequested record = watcher.expect(ChangeRequested.class, event -> true);
        assertThat(record.operation()).isEqualTo("write Port.tag");
        assertThat(record.target()).isEqualTo("p1");
        assertThat(record.uid()).isZero();
        assertThat(record.pid()).isEqualTo(ROOT.pid());
        assertThat(record.process()).isEqualTo("java");
        assertThat(text(".error")).isEmpty();
    }

    @Test
    void who_reads_after_a_write_finds_what_was_written() {
        for (int tag = 100; tag < 200; tag++) {
            write(tag + "\n", "by-name", "ports", "p1", "tag").blockingAwait();
            assertThat(text("by-name", "ports", "p1", "tag")).isEqualTo(tag + "\n");
        }
    }

    @Test
    void what_changes_nothing_is_done_at_once() {
        long begin = System.nanoTime();
        for (int round = 0; round < 20; round++) {
            write("5", "by-name", "ports", "p1", "tag").blockingAwait();
        }

        // A write that waits for a change that never comes ends after 2 s.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void each_kind_of_column_is_written() {
        write("[10,20]", "by-name", "ports", "p1", "trunks").blockingAwait();
        write("[]", "by-name", "ports", "p1", "tag").blockingAwait();
        write("1400", "by-name", "interfaces", "p1", "mtu_request").blockingAwait();
        write("{\"a\":\"x \\\"y\\\"\"}", "by-name", "bridges", "br0", "external_ids")
                .blockingAwait();

        assertThat(ovs.vsctl("get", "Port", "p1", "trunks", "tag")).isEqualTo("[10, 20]\n[]");
        assertThat(ovs.vsctl("get", "Interface", "p1", "mtu_request")).isEqualTo("1400");
        eventually(() ->
                assertThat(text("by-name", "bridges", "br0", "external_ids")).isEqualTo("{\"a\":\"x \\\"y\\\"\"}\n"));
    }

    @Test
    void a_value_that_the_database_does_not_allow_is_invalid_and_the_reason_is_in_a_file() {
        assertThat(refusal(write("5000", "by-name", "ports", "p1", "tag"))).isEqualTo(Reason.INVALID);

        assertThat(text(".error")).startsWith("by-uuid/ports/").contains("/tag: ", "constraint violation", "5000");
        assertThat(ovs.vsctl("get", "Port", "p1", "tag")).isEqualTo("5");
        write("6", "by-name", "ports", "p1", "tag").blockingAwait();
        assertThat(text(".error")).isEmpty();
    }

    @Test
    void a_value_that_another_program_has_changed_since_it_was_read_is_not_overwritten() {
        WritableFile opened = (WritableFile) at("by-name", "ports", "p1", "tag");
        ovs.vsctl("set", "Port", "p1", "tag=6");

        assertThat(refusal(opened.write(bytes("7"), ROOT))).isEqualTo(Reason.CHANGED);
        assertThat(ovs.vsctl("get", "Port", "p1", "tag")).isEqualTo("6");
        assertThat(text(".error")).contains("has changed");

        eventually(() -> assertThat(text("by-name", "ports", "p1", "tag")).isEqualTo("6\n"));
        WritableFile again = (WritableFile) at("by-name", "ports", "p1", "tag");
        ovs.vsctl("set", "Port", "p1", "external_ids:op-dbus\\:container=web");
        assertThat(refusal(again.write(bytes("7"), ROOT))).isEqualTo(Reason.CHANGED);
        ovs.vsctl("del-port", "br0", "p1");
        assertThat(refusal(again.write(bytes("7"), ROOT))).isEqualTo(Reason.CHANGED);
    }

    @Test
    void nothing_is_written_for_another_user_or_while_the_database_is_away() {
        WritableFile opened = (WritableFile) at("by-name", "ports", "p1", "tag");
        assertThat(refusal(opened.write(bytes("7"), new Writer(1_000, ROOT.pid()))))
                .isEqualTo(Reason.NOT_PERMITTED);

        ovs.killDatabase();
        assertThat(refusal(opened.write(bytes("7"), ROOT))).isEqualTo(Reason.FAILED);
        assertThat(text(".error")).contains("Open vSwitch");
    }

    @Test
    void a_desired_state_is_applied_and_the_report_is_in_a_file() throws Exception {
        assertThat(text("desired.json")).isEmpty();
        TestSubscriber<TreeChange> changes = tree().changes().test();
        String state = "{\"version\":1,\"plugins\":{}}";

        write(state, "desired.json").blockingAwait();

        assertThat(applied).containsExactly(state);
        assertThat(text(".result")).isEqualTo("{\"failed\":[]}\n");
        assertThat(text(".error")).isEmpty();
        assertThat(changes.values()).contains(new Modified(HostTree.ROOT, ".result", FixedNode.RESULT));
        assertThat(watcher.expect(ChangeRequested.class, event -> true).operation())
                .isEqualTo("write desired.json");
        Files.writeString(dir.resolve("applied.json"), state);
        assertThat(text("desired.json")).isEqualTo(state);
        assertThat(((Node.TextFile) at("desired.json")).size()).isEqualTo(state.length());
    }

    @Test
    void a_bad_state_is_invalid_and_one_that_cannot_be_reached_has_failed() {
        assertThat(refusal(write("{", "desired.json"))).isEqualTo(Reason.INVALID);
        assertThat(text(".error")).startsWith("desired.json: line ");
        assertThat(refusal(((WritableFile) at("desired.json")).write(new byte[] {(byte) 0xff}, ROOT)))
                .isEqualTo(Reason.INVALID);
        assertThat(text(".result")).isEmpty();

        failures = 2;
        assertThat(refusal(write("{\"version\":1,\"plugins\":{}}", "desired.json")))
                .isEqualTo(Reason.FAILED);
        assertThat(text(".error")).contains("2 containers");
        assertThat(text(".result")).isEqualTo("{\"failed\":[]}\n");
    }

    private final class Work implements Writes.Work {
        @Override
        public Single<String> transact(String operations) {
            return database.transact("Open_vSwitch", operations);
        }

        @Override
        public Single<Writes.Report> apply(String state) {
            return Single.fromCallable(() -> {
                StateLoader.parse(Path.of("desired.json"), state);
                applied.add(state);
                return new Writes.Report("{\"failed\":[]}", failures);
            });
        }
    }

    private HostTree tree() {
        return made.orElseThrow();
    }

    private Completable write(String content, String... path) {
        return ((WritableFile) at(path)).write(bytes(content), ROOT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Reason refusal(Completable write) {
        try {
            write.blockingAwait();
        } catch (RefusedWriteException e) {
            return e.reason();
        }
        throw new AssertionError("was not refused");
    }

    /** Returns what a path leads to; a symbolic link of by-name is followed. */
    private Node at(String... path) {
        Node node = tree().node(HostTree.ROOT).orElseThrow();
        for (String name : path) {
            node = ((Node.Folder) node).child(name).orElseThrow();
            if (node instanceof Node.SymbolicLink link) {
                node = at(link.target().replace("../", "").split("/", -1));
            }
        }
        return node;
    }

    private String text(String... path) {
        return new String(((Node.TextFile) at(path)).content(), StandardCharsets.UTF_8);
    }
}
