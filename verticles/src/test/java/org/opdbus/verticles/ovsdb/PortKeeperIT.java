// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.opdbus.verticles.testing.PrivateOvs;

class PortKeeperIT {
    private final OvsLab lab = new OvsLab(new PrivateOvs());
    private final PrivateOvs ovs = lab.ovs;
    private final PortKeeper ports = lab.source.ports();

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
    void an_attached_link_becomes_a_live_port_that_says_whose_it_is() {
        OvsLab.addLink("va");
        Map<String, String> interfaceIds = PortRequest.interfaceIds("02:00:00:00:00:01", "here-100-0", "100");
        String uuid = ports.attach(new PortRequest("va", "br0", OvsLab.OURS, interfaceIds, Optional.of(7), Set.of()))
                .blockingGet();

        Port port = lab.live("va");
        assertThat(port.uuid()).isEqualTo(uuid);
        assertThat(port.bridge()).isEqualTo("br0");
        assertThat(port.tag()).contains(7);
        assertThat(port.externalIds()).isEqualTo(OvsLab.OURS);
        assertThat(port.ofport()).isBetween(1, Port.OFPORT_LOCAL - 1);
        assertThat(ovs.vsctl("get", "Interface", "va", "external_ids:attached-mac"))
                .isEqualTo("\"02:00:00:00:00:01\"");
        assertThat(ovs.vsctl("get", "Interface", "va", "external_ids:iface-status"))
                .isEqualTo("active");
    }

    @Test
    void many_threads_attach_at_once_and_each_hears_of_its_own() {
        List<String> uuids = Flowable.range(0, 200)
                .flatMapSingle(i -> ports.attach(request("m" + i, "br" + i % 2)).subscribeOn(Schedulers.io()))
                .toList()
                .blockingGet();

        assertThat(uuids).doesNotHaveDuplicates().hasSize(200);
        eventually(() -> assertThat(lab.portsHeard()).isEqualTo(lab.portsTold()).hasSize(202));
    }

    @Test
    void a_request_for_a_missing_row_fails_and_its_companions_do_not() {
        List<String> outcomes = Flowable.range(0, 100)
                .flatMapSingle(i -> ports.attach(request("n" + i, i % 10 == 3 ? "br9" : "br0"))
                        .map(uuid -> "n" + i + " done")
                        .onErrorReturn(e -> "n" + i + " " + ((OvsdbException) e).reason()))
                .toList()
                .blockingGet();

        assertThat(outcomes)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100)
                        .mapToObj(i -> "n" + i + (i % 10 == 3 ? " NO_BRIDGE" : " done"))
                        .toList());
        assertThat(ovs.vsctl("list-ports", "br0").lines()).hasSize(90);
    }

    @Test
    void a_subscriber_on_a_context_hears_the_outcome_there() {
        Context context = lab.vertx.getOrCreateContext();
        CompletableFuture<Context> heard = new CompletableFuture<>();
        context.runOnContext(v -> {
            Disposable unused = ports.warmUp()
                    .subscribe(() -> heard.complete(Vertx.currentContext()), heard::completeExceptionally);
        });
        assertThat(heard.join()).isSameAs(context);
    }

    @Test
    void a_port_is_not_attached_twice_nor_to_a_bridge_that_is_not_there() {
        OvsLab.addLink("vb");
        lab.attach("vb", "br0");

        assertThat(reasonOf(ports.attach(request("vb", "br1")))).isEqualTo(Reason.NAME_TAKEN);
        assertThat(reasonOf(ports.attach(request("vb", "br0")))).isEqualTo(Reason.NAME_TAKEN);
        assertThat(reasonOf(ports.attach(request("vc", "br9")))).isEqualTo(Reason.NO_BRIDGE);
        assertThat(ovs.vsctl("list-ports", "br1")).isEmpty();
    }

    @Test
    void a_swap_keeps_everything_that_was_configured() {
        OvsLab.addLink("vold");
        OvsLab.addLink("vout");
        ovs.vsctl("add-port", "br0", "vout");
        ovs.vsctl(
                "add-port",
                "br0",
                "vold",
                "tag=42",
                "trunks=1,2,3",
                "vlan_mode=native-tagged",
                "other_config:priority-tags=always",
                "external_ids:theirs=kept",
                "--",
                "set",
                "Interface",
                "vold",
                "mtu_request=1400",
                "external_ids:vm=x",
                "ingress_policing_rate=1000",
                "options:a=b",
                "lldp:enable=true",
                "--",
                "--id=@q",
                "create",
                "QoS",
                "type=linux-noop",
                "--",
                "set",
                "Port",
                "vold",
                "qos=@q",
                "--",
                "--id=@old",
                "get",
                "Port",
                "vold",
                "--",
                "--id=@out",
                "get",
                "Port",
                "vout",
                "--",
                "--id=@m1",
                "create",
                "Mirror",
                "name=m1",
                "select_src_port=@old",
                "select_dst_port=@old",
                "output_port=@out",
                "--",
                "--id=@m2",
                "create",
                "Mirror",
                "name=m2",
                "select_src_port=@out",
                "output_port=@old",
                "--",
                "set",
                "Bridge",
                "br0",
                "mirrors=@m1,@m2");
        String qos = ovs.vsctl("get", "Port", "vold", "qos");
        Port old = lab.added("vold");
        OvsLab.run("ip", "link", "set", "dev", "vold", "down");
        OvsLab.run("ip", "link", "set", "dev", "vold", "name", "vnew");
        OvsLab.run("ip", "link", "set", "dev", "vnew", "up");

        String uuid = ports.swap(swap(old, "vnew", Optional.empty())).blockingGet();

        Port port = lab.live("vnew");
        lab.watcher.expect(PortRemoved.class, event -> event.port().uuid().equals(old.uuid()));
        assertThat(port.uuid()).isEqualTo(uuid);
        assertThat(port.bridge()).isEqualTo("br0");
        assertThat(port.tag()).contains(42);
        assertThat(port.trunks()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(port.vlanMode()).contains("native-tagged");
        assertThat(port.externalIds()).containsAllEntriesOf(OvsLab.OURS).containsEntry("theirs", "kept");
        assertThat(ovs.vsctl("get", "Port", "vnew", "qos")).isEqualTo(qos);
        assertThat(ovs.vsctl("get", "Port", "vnew", "other_config")).isEqualTo("{priority-tags=always}");
        assertThat(ovs.vsctl("get", "Interface", "vnew", "mtu_request")).isEqualTo("1400");
        assertThat(ovs.vsctl("get", "Interface", "vnew", "ingress_policing_rate"))
                .isEqualTo("1000");
        assertThat(ovs.vsctl("get", "Interface", "vnew", "options")).isEqualTo("{a=b}");
        assertThat(ovs.vsctl("get", "Interface", "vnew", "lldp")).isEqualTo("{enable=\"true\"}");
        assertThat(ovs.vsctl("get", "Interface", "vnew", "external_ids")).contains("vm=x", "vm-id=\"100\"");
        assertThat(ovs.vsctl("get", "Mirror", "m1", "select_src_port")).isEqualTo("[" + uuid + "]");
        assertThat(ovs.vsctl("get", "Mirror", "m1", "select_dst_port")).isEqualTo("[" + uuid + "]");
        assertThat(ovs.vsctl("get", "Mirror", "m2", "output_port")).isEqualTo(uuid);
        assertThat(ovs.vsctl("list-ports", "br0").lines()).containsExactlyInAnyOrder("vnew", "vout");
        assertThat(ovs.vsctl("--columns=name", "find", "Interface", "name=vold"))
                .isEmpty();
    }

    @Test
    void a_swap_can_take_the_port_to_another_bridge() {
        OvsLab.addLink("vf");
        ovs.vsctl("add-port", "br0", "vf", "tag=9");
        Port old = lab.added("vf");
        OvsLab.run("ip", "link", "set", "dev", "vf", "down", "name", "vg", "up");

        ports.swap(swap(old, "vg", Optional.of("br1"))).ignoreElement().blockingAwait();

        assertThat(lab.live("vg").bridge()).isEqualTo("br1");
        assertThat(ovs.vsctl("get", "Port", "vg", "tag")).isEqualTo("9");
        assertThat(ovs.vsctl("list-ports", "br0")).isEmpty();
    }

    @Test
    void a_swap_of_what_is_not_one_links_port_is_refused() {
        ovs.vsctl("add-bond", "br0", "bond0", "x1", "x2");
        Port bond = lab.added("bond0");

        assertThat(reasonOf(ports.swap(swap(bond, "bond1", Optional.empty())))).isEqualTo(Reason.REFUSED);
        ovs.vsctl("del-port", "br0", "bond0");
        assertThat(reasonOf(ports.swap(swap(bond, "bond1", Optional.empty())))).isEqualTo(Reason.NO_PORT);
        assertThatThrownBy(() -> swap(bond, "bond0", Optional.empty())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_swap_does_not_undo_a_concurrent_change() {
        ovs.vsctl("add-port", "br0", "vh", "tag=1");
        Port old = lab.added("vh");
        PortSwap swap = swap(old, "vi", Optional.empty());
        CarriedPort read = CarriedPort.of(
                swap, lab.source.transact(CarriedPort.question(swap)).blockingGet());
        ovs.vsctl("set", "Port", "vh", "tag=2");

        Transaction transaction = new Transaction();
        PortChanges.swap(swap, read).writeTo(transaction);
        Single<?> written = lab.source.transact(transaction);
        assertThat(reasonOf(written)).isEqualTo(Reason.CONFLICT);
        assertThat(ovs.vsctl("get", "Port", "vh", "tag")).isEqualTo("2");

        ports.swap(swap).ignoreElement().blockingAwait();
        assertThat(ovs.vsctl("get", "Port", "vi", "tag")).isEqualTo("2");
    }

    @Test
    void only_a_port_that_says_it_is_ours_is_changed_or_removed() {
        String ours = lab.attach("vj", "br0");
        ovs.vsctl("add-port", "br0", "stranger");
        Port stranger = lab.added("stranger");
        PortOwnership pretended = new PortOwnership(stranger.uuid(), "stranger", OvsLab.OURS);
        PortOwnership owned = new PortOwnership(ours, "vj", OvsLab.OURS);

        assertThat(reasonOf(ports.remove(pretended))).isEqualTo(Reason.NOT_OURS);
        assertThat(reasonOf(ports.move(pretended, "br1"))).isEqualTo(Reason.NOT_OURS);
        assertThat(reasonOf(ports.retag(pretended, new Vlans(Optional.of(1), Set.of(), Optional.empty()))))
                .isEqualTo(Reason.NOT_OURS);
        assertThat(ovs.vsctl("list-ports", "br0").lines()).containsExactlyInAnyOrder("vj", "stranger");

        ports.remove(owned).blockingAwait();
        ports.remove(owned).blockingAwait();
        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("stranger");
        assertThat(ovs.vsctl("--columns=name", "find", "Interface", "name=vj")).isEmpty();
    }

    @Test
    void a_removed_port_is_forgotten_by_its_mirrors() {
        String ours = lab.attach("vk", "br0");
        ovs.vsctl(
                "--id=@p",
                "get",
                "Port",
                "vk",
                "--",
                "--id=@m",
                "create",
                "Mirror",
                "name=m",
                "select_src_port=@p",
                "output_port=@p",
                "--",
                "set",
                "Bridge",
                "br0",
                "mirrors=@m");

        ports.remove(new PortOwnership(ours, "vk", OvsLab.OURS)).blockingAwait();

        assertThat(ovs.vsctl("get", "Mirror", "m", "select_src_port", "output_port")
                        .lines())
                .containsExactly("[]", "[]");
    }

    @Test
    void stamp_retag_and_move_change_what_they_say_and_nothing_else() {
        OvsLab.addLink("vl");
        String ours = lab.attach("vl", "br0");
        lab.live("vl");
        ovs.vsctl("set", "Port", "vl", "external_ids:theirs=kept");
        PortOwnership owned = new PortOwnership(ours, "vl", OvsLab.OURS);

        ports.stamp(ours, Map.of("op-dbus:container", "101")).blockingAwait();
        Port stamped = lab.watcher
                .expect(
                        PortChanged.class,
                        e -> "101".equals(e.port().externalIds().get("op-dbus:container")))
                .port();
        assertThat(stamped.externalIds()).containsEntry("theirs", "kept").containsEntry("op-dbus:owner", "here");
        assertThat(reasonOf(ports.move(owned, "br1"))).isEqualTo(Reason.NOT_OURS);

        PortOwnership now = new PortOwnership(ours, "vl", Map.of("op-dbus:container", "101"));
        ports.retag(now, new Vlans(Optional.of(5), Set.of(6), Optional.of("native-untagged")))
                .blockingAwait();
        Port retagged = lab.watcher
                .expect(PortChanged.class, e -> e.port().tag().equals(Optional.of(5)))
                .port();
        assertThat(retagged.trunks()).containsExactly(6);
        ports.retag(now, new Vlans(Optional.empty(), Set.of(), Optional.empty()))
                .blockingAwait();
        assertThat(ovs.vsctl("get", "Port", "vl", "tag", "trunks", "vlan_mode").lines())
                .containsExactly("[]", "[]", "[]");

        ports.move(now, "br1").blockingAwait();
        lab.watcher.expect(
                PortChanged.class,
                e -> e.port().uuid().equals(ours)
                        && e.port().bridge().equals("br1")
                        && e.port().isLive());
        assertThat(reasonOf(ports.stamp("00000000-0000-4000-8000-000000000000", OvsLab.OURS)))
                .isEqualTo(Reason.NO_PORT);
    }

    @Test
    void warming_up_changes_nothing() throws IOException {
        ports.warmUp().blockingAwait();

        assertThat(Files.readString(ovs.databaseFile())).doesNotContain("warm-up");
        assertThat(lab.portsHeard()).containsExactly("br0/br0", "br1/br1");
    }

    @Test
    void what_was_there_before_the_question_has_been_heard_when_the_answer_comes() {
        for (int i = 0; i < 20; i++) {
            String name = "heard" + i;
            ovs.vsctl("--no-wait", "add-port", "br0", name);
            ports.caughtUp().blockingAwait();
            lab.takeTurn(name);
            assertThat(lab.portsHeard()).contains("br0/" + name);
        }
    }

    @Test
    void a_link_that_is_a_port_under_another_of_its_names_is_not_attached() {
        ovs.vsctl("--no-wait", "add-port", "br0", "other", "tag=42");
        PortRequest request =
                new PortRequest("mine", "br0", OvsLab.OURS, Map.of(), Optional.empty(), Set.of("earliest", "other"));

        assertThat(reasonOf(ports.attach(request))).isEqualTo(Reason.CONFLICT);
        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("other");
        ovs.vsctl("del-port", "other");
        ports.attach(request).ignoreElement().blockingAwait();
        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("mine");
    }

    @Test
    void a_second_row_of_a_link_gives_its_configuration_to_the_first() {
        OvsLab.addLink("first");
        String ours = lab.attach("first", "br0");
        lab.live("first");
        ovs.vsctl(
                "set",
                "Port",
                "first",
                "external_ids:kept=yes",
                "external_ids:op-dbus\\:entry=7",
                "--",
                "set",
                "Interface",
                "first",
                "external_ids:vm-id=100");
        ovs.vsctl(
                "--no-wait",
                "add-port",
                "br0",
                "second",
                "tag=42",
                "trunks=10,20",
                "external_ids:theirs=kept",
                "--",
                "set",
                "Interface",
                "second",
                "mtu_request=1400",
                "--",
                "--id=@p",
                "get",
                "Port",
                "second",
                "--",
                "--id=@m",
                "create",
                "Mirror",
                "name=m",
                "select_src_port=@p",
                "--",
                "set",
                "Bridge",
                "br0",
                "mirrors=@m");
        Port second = lab.added("second");
        PortAbsorption absorption = new PortAbsorption(
                second.uuid(),
                "second",
                new PortOwnership(ours, "first", OvsLab.OURS),
                Map.of("op-dbus:enrollment", "anew"),
                Set.of("op-dbus:entry"));

        ports.absorb(absorption).blockingAwait();

        assertThat(ovs.vsctl("list-ports", "br0")).isEqualTo("first");
        assertThat(ovs.vsctl("get", "Port", "first", "_uuid")).isEqualTo(ours);
        assertThat(ovs.vsctl("get", "Port", "first", "tag", "trunks").lines()).containsExactly("42", "[10, 20]");
        assertThat(ovs.vsctl("get", "Port", "first", "external_ids"))
                .contains("theirs=kept", "kept=yes", "op-dbus:enrollment\"=anew", "op-dbus:owner\"=here")
                .doesNotContain("entry");
        assertThat(ovs.vsctl("get", "Interface", "first", "mtu_request", "external_ids:vm-id")
                        .lines())
                .containsExactly("1400", "\"100\"");
        assertThat(ovs.vsctl("get", "Mirror", "m", "select_src_port")).isEqualTo("[" + ours + "]");
        assertThat(reasonOf(ports.absorb(absorption))).isEqualTo(Reason.NO_PORT);
    }

    private static PortRequest request(String name, String bridge) {
        return new PortRequest(name, bridge, OvsLab.OURS, Map.of(), Optional.empty(), Set.of());
    }

    private static PortSwap swap(Port old, String newName, Optional<String> bridge) {
        return new PortSwap(
                old.uuid(),
                old.name(),
                newName,
                bridge,
                OvsLab.OURS,
                PortRequest.interfaceIds("02:00:00:00:00:01", "here-100-0", "100"),
                Optional.empty());
    }

    private static Reason reasonOf(Single<?> change) {
        return reasonOf(change.ignoreElement());
    }

    private static Reason reasonOf(Completable change) {
        try {
            change.blockingAwait();
        } catch (OvsdbException e) {
            return e.reason();
        }
        throw new AssertionError("it was done, though it should have failed");
    }
}
