// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.testing.PrivateOvs;

class BridgeKeeperIT {
    private final OvsLab lab = new OvsLab(new PrivateOvs());
    private final PrivateOvs ovs = lab.ovs;
    private final BridgeWork bridges = lab.source.bridges();

    @BeforeEach
    void start() {
        ovs.start();
        ovs.addBridge("br0");
        ovs.addBridge("br1");
        lab.added("br1");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_created_bridge_is_one_that_ovs_vsctl_would_make_and_comes_to_life() {
        int asked = requests();

        bridges.createBridge("br2").blockingAwait();

        assertThat(lab.added("br2").bridge()).isEqualTo("br2");
        assertThat(requests()).isEqualTo(asked + 1);
        // Returns only after ovs-vswitchd has acted on everything.
        ovs.vsctl("set", "Bridge", "br1", "external_ids:look=now");
        assertThat(ovs.vsctl("get", "Interface", "br2", "type", "ofport").lines())
                .containsExactly("internal", "65534");
        assertThat(ovs.vsctl("get", "Bridge", "br2", "datapath_type")).isEqualTo("netdev");
        assertThat(bridges.listBridges().blockingGet()).containsExactly("br0", "br1", "br2");
        assertThat(bridges.exists("br2").blockingGet()).isTrue();
        assertThat(bridges.exists("br3").blockingGet()).isFalse();
    }

    @Test
    void the_datapath_is_left_to_open_vswitch_unless_all_other_bridges_use_the_userspace_one() {
        ovs.vsctl("--no-wait", "set", "Bridge", "br1", "datapath_type=system");
        bridges.createBridge("br2").blockingAwait();
        assertThat(ovs.vsctl("--no-wait", "get", "Bridge", "br2", "datapath_type"))
                .isEqualTo("\"\"");

        for (String bridge : List.of("br0", "br1", "br2")) {
            bridges.deleteBridge(bridge).blockingAwait();
        }
        assertThat(bridges.listBridges().blockingGet()).isEmpty();
        bridges.createBridge("br3").blockingAwait();
        assertThat(ovs.vsctl("--no-wait", "get", "Bridge", "br3", "datapath_type"))
                .isEqualTo("\"\"");
    }

    @Test
    void what_is_so_already_changes_nothing() {
        bridges.createBridge("br2").blockingAwait();
        bridges.addPort("br2", "p0").blockingAwait();
        ovs.vsctl("--no-wait", "set", "Port", "p0", "tag=7");
        int asked = requests();

        bridges.createBridge("br2").blockingAwait();
        bridges.addPort("br2", "p0").blockingAwait();
        bridges.removePort("br2", "p1").blockingAwait();
        bridges.deleteBridge("br9").blockingAwait();

        assertThat(requests()).isEqualTo(asked);
        assertThat(ovs.vsctl("--no-wait", "get", "Port", "p0", "tag")).isEqualTo("7");
        bridges.removePort("br2", "p0").blockingAwait();
        bridges.removePort("br2", "p0").blockingAwait();
        assertThat(bridges.listPorts("br2").blockingGet()).isEmpty();
        bridges.deleteBridge("br2").blockingAwait();
        bridges.deleteBridge("br2").blockingAwait();
        assertThat(ovs.vsctl("--no-wait", "--columns=name", "find", "Interface", "name=br2"))
                .isEmpty();
    }

    @Test
    void an_answer_shows_every_change_that_was_made_before_the_question() {
        for (int i = 0; i < 10; i++) {
            String port = "before" + i;
            ovs.vsctl("--no-wait", "add-port", "br0", port);
            List<Boolean> seen = Flowable.range(0, 50)
                    .flatMapSingle(caller -> bridges.listPorts("br0")
                            .map(ports -> ports.contains(port))
                            .subscribeOn(Schedulers.io()))
                    .toList()
                    .blockingGet();
            assertThat(seen).hasSize(50).containsOnly(true);
        }
    }

    @Test
    void many_callers_that_create_and_delete_at_once_all_succeed() {
        Flowable.range(0, 60)
                .flatMapCompletable(i -> (i % 3 == 2 ? bridges.deleteBridge("race") : bridges.createBridge("race"))
                        .subscribeOn(Schedulers.io()))
                .blockingAwait();
        Flowable.range(0, 40)
                .flatMapCompletable(i -> bridges.createBridge("race")
                        .andThen(bridges.addPort("race", "p" + i % 4))
                        .subscribeOn(Schedulers.io()))
                .blockingAwait();

        assertThat(ovs.vsctl("list-br").lines()).containsExactly("br0", "br1", "race");
        assertThat(ovs.vsctl("list-ports", "race").lines()).containsExactly("p0", "p1", "p2", "p3");
        assertThat(bridges.listPorts("race").blockingGet()).containsExactly("p0", "p1", "p2", "p3");
    }

    @Test
    void a_change_by_another_program_between_the_look_and_the_change_is_taken_into_account() {
        BridgeWork slow = overtaken(look -> ovs.vsctl("--no-wait", "--may-exist", "add-br", "br2"));
        slow.createBridge("br2").blockingAwait();
        assertThat(ovs.vsctl("list-br").lines()).containsExactly("br0", "br1", "br2");

        assertThat(refused(overtaken(look -> ovs.vsctl("--no-wait", "--may-exist", "add-port", "br1", "p0"))
                        .addPort("br0", "p0")))
                .isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(overtaken(look -> ovs.vsctl("--no-wait", "--if-exists", "del-br", "br2"))
                        .addPort("br2", "p1")))
                .isEqualTo(Reason.NO_BRIDGE);
        overtaken(look -> ovs.vsctl("--no-wait", "--may-exist", "add-port", "br0", "late"))
                .deleteBridge("br0")
                .blockingAwait();
        assertThat(ovs.vsctl("list-br")).isEqualTo("br1");
    }

    @Test
    void a_port_that_the_agent_enrols_between_the_look_and_the_change_stays() {
        ovs.vsctl("--no-wait", "add-port", "br0", "vi100");

        assertThat(refused(overtaken(look -> enrol("vi100")).removePort("br0", "vi100")))
                .isEqualTo(Reason.IN_USE);
        ovs.vsctl("--no-wait", "clear", "Port", "vi100", "external_ids");
        assertThat(refused(overtaken(look -> enrol("vi100")).deleteBridge("br0")))
                .isEqualTo(Reason.IN_USE);

        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("vi100");
    }

    @Test
    void rows_that_never_stop_changing_end_the_attempts() {
        AtomicInteger looks = new AtomicInteger();
        BridgeWork restless = overtaken(look -> {
            looks.incrementAndGet();
            ovs.vsctl("--no-wait", "set", "Port", "busy", "external_ids:n=" + look);
        });
        ovs.vsctl("--no-wait", "add-port", "br0", "busy");

        assertThat(refused(restless.removePort("br0", "busy"))).isEqualTo(Reason.REFUSED);
        assertThat(looks).hasValueBetween(2, 20);
        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("busy");
    }

    @Test
    void a_bridge_with_enrolled_containers_and_their_ports_are_refused_with_the_containers() {
        for (int i = 0; i < 12; i++) {
            ovs.vsctl(
                    "--no-wait",
                    "add-port",
                    "br0",
                    "v" + i,
                    "--",
                    "set",
                    "Port",
                    "v" + i,
                    "external_ids={" + "\"op-dbus:owner\"=here,\"op-dbus:container\"=c" + (10 + i) + "}");
        }

        assertThatThrownBy(() -> bridges.deleteBridge("br0").blockingAwait())
                .isInstanceOfSatisfying(
                        BridgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE))
                .hasMessageContaining("c10, c11")
                .hasMessageContaining("and 2 more")
                .hasMessageContaining("stop these containers");
        assertThatThrownBy(() -> bridges.removePort("br0", "v3").blockingAwait())
                .hasMessageContaining("the container c13")
                .hasMessageContaining("stop the container");
        assertThat(bridges.listPorts("br0").blockingGet()).hasSize(12);
    }

    @Test
    void names_that_are_taken_elsewhere_are_refused() {
        ovs.vsctl("--no-wait", "add-port", "br1", "p0", "--", "add-bond", "br1", "bond", "s0", "s1");

        assertThat(refused(bridges.addPort("br0", "p0"))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(bridges.addPort("br0", "br1"))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(bridges.addPort("br0", "br0"))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(bridges.addPort("br0", "s0"))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(bridges.createBridge("p0"))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(bridges.createBridge("s1"))).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(refused(bridges.addPort("br9", "p1"))).isEqualTo(Reason.NO_BRIDGE);
        assertThat(refused(bridges.removePort("br9", "p0"))).isEqualTo(Reason.NO_BRIDGE);
        assertThat(refused(bridges.removePort("br0", "p0"))).isEqualTo(Reason.NO_PORT);
        assertThat(refused(bridges.removePort("br0", "br0"))).isEqualTo(Reason.REFUSED);
        assertThat(refused(bridges.listPorts("br9").ignoreElement())).isEqualTo(Reason.NO_BRIDGE);
        assertThat(ovs.vsctl("list-ports", "br1").lines()).containsExactly("bond", "p0");
    }

    @Test
    void a_name_that_no_link_can_have_is_refused_before_the_database_is_asked() {
        ovs.killDatabase();
        for (String name : List.of("", "a/b", "sixteen-bytes-xx", "a b", "a\nb", "a\u0001", "..", "éééééééé", "a:b")) {
            assertThat(refused(bridges.createBridge(name))).as(name).isEqualTo(Reason.INVALID);
            assertThat(refused(bridges.addPort("br0", name))).as(name).isEqualTo(Reason.INVALID);
            assertThat(refused(bridges.exists(name).ignoreElement())).as(name).isEqualTo(Reason.INVALID);
        }
    }

    @Test
    void without_a_database_every_operation_fails_and_says_what_to_start() {
        ovs.killDatabase();
        for (Completable operation : List.of(
                bridges.createBridge("br2"),
                bridges.removePort("br0", "p0"),
                bridges.listBridges().ignoreElement(),
                bridges.schema("Open_vSwitch").ignoreElement(),
                bridges.monitor("Open_vSwitch", "{}").ignoreElements())) {
            assertThatThrownBy(operation::blockingAwait)
                    .isInstanceOfSatisfying(
                            BridgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
                    .hasMessageContaining("ovs");
        }
    }

    @Test
    void a_database_that_hangs_fails_a_change_within_its_limit() {
        ovs.pauseDatabase();
        try {
            assertThat(refused(bridges.createBridge("br2"))).isEqualTo(Reason.UNAVAILABLE);
            assertThat(refused(bridges.schema("Open_vSwitch").ignoreElement())).isEqualTo(Reason.UNAVAILABLE);
        } finally {
            ovs.resumeDatabase();
        }
    }

    @Test
    void a_database_that_was_never_initialised_is_not_written_to() {
        bridges.transact("Open_vSwitch", "[{\"op\":\"delete\",\"table\":\"Open_vSwitch\",\"where\":[]}]")
                .ignoreElement()
                .blockingAwait();

        assertThatThrownBy(() -> bridges.createBridge("br2").blockingAwait()).hasMessageContaining("ovs-vsctl init");
    }

    @Test
    void a_subscriber_on_a_context_gets_every_result_there() {
        Context context = lab.vertx.getOrCreateContext();
        CompletableFuture<List<Context>> heard = new CompletableFuture<>();
        context.runOnContext(v -> {
            Disposable unused = Single.concat(
                            bridges.createBridge("br2").toSingle(Vertx::currentContext),
                            bridges.listPorts("br0").map(ports -> Vertx.currentContext()),
                            bridges.schema("Open_vSwitch").map(schema -> Vertx.currentContext()))
                    .toList()
                    .subscribe(heard::complete, heard::completeExceptionally);
        });
        assertThat(heard.join()).containsOnly(context);
    }

    /** A keeper whose every look at the database is followed by what another program does. */
    private BridgeWork overtaken(Consumer<Integer> between) {
        AtomicInteger looks = new AtomicInteger();
        return new BridgeKeeper(
                new BridgeKeeper.Database() {
                    @Override
                    public Single<JsonArray> transact(Transaction transaction) {
                        return lab.source.transact(transaction);
                    }

                    @Override
                    public <T> Single<T> look(Function<OvsdbCache, T> question) {
                        return lab.source
                                .look(question)
                                .observeOn(Schedulers.io())
                                .doOnSuccess(rows -> between.accept(looks.getAndIncrement()));
                    }
                },
                Optional::empty);
    }

    private void enrol(String port) {
        ovs.vsctl(
                "--no-wait",
                "set",
                "Port",
                port,
                "external_ids={\"op-dbus:owner\"=here,\"op-dbus:container\"=\"100\"}");
    }

    private int requests() {
        return Integer.parseInt(ovs.vsctl("--no-wait", "get", "Open_vSwitch", ".", "next_cfg"));
    }

    private static Reason refused(Completable operation) {
        try {
            operation.blockingAwait();
        } catch (BridgeException e) {
            assertThat(e).hasMessageNotContaining("null");
            return e.reason();
        }
        throw new AssertionError("was not refused");
    }
}
