// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.FaceLab;
import org.opdbus.verticles.dbus.testing.PrivateBus.Output;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;

class WrapperFaceIT {
    private static final String NAME = WrapperFace.NAME;
    private static final String PATH = "/org/openvswitch/ovsdb";
    private static final String BRIDGE_NAMES = "{\"Bridge\":{\"columns\":[\"name\"]}}";

    private final FaceLab lab = new FaceLab((made, loop) -> new WrapperFace(made.bridges(), loop), NAME);

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void stock_tools_create_list_and_delete() {
        assertThat(busctl("CreateBridge", "s", "br0")).isEqualTo(new Output(0, ""));
        assertThat(lab.gdbus(PATH, NAME + ".CreateBridge", "br0")).isEqualTo(new Output(0, "()"));
        assertThat(lab.dbusSend(PATH, NAME + ".create_bridge", "br1").exit()).isZero();
        assertThat(busctl("ListBridges").text()).isEqualTo("as 2 \"br0\" \"br1\"");
        assertThat(lab.gdbus(PATH, NAME + ".BridgeExists", "br1").text()).isEqualTo("(true,)");

        assertThat(busctl("AddPort", "ss", "br0", "p1")).isEqualTo(new Output(0, ""));
        assertThat(busctl("AddPort", "ss", "br0", "p1")).isEqualTo(new Output(0, ""));
        assertThat(lab.dbusSend(PATH, NAME + ".add_port", "br0", "p0").exit()).isZero();
        assertThat(busctl("ListBridgePorts", "s", "br0").text()).isEqualTo("as 2 \"p0\" \"p1\"");
        assertThat(lab.ovs.vsctl("list-ports", "br0").lines()).containsExactly("p0", "p1");

        assertThat(busctl("DelPort", "ss", "br0", "p1").exit()).isZero();
        assertThat(busctl("DeleteBridge", "s", "br1").exit()).isZero();
        assertThat(lab.ovs.vsctl("list-br")).isEqualTo("br0");
        assertThat(lab.requested)
                .contains("CreateBridge br0", "AddPort p1", "DelPort p1", "DeleteBridge br1")
                .doesNotContain("ListBridges /org/openvswitch/ovsdb");
    }

    @Test
    void errors_have_names_and_say_what_to_do() {
        lab.ovs.vsctl("add-br", "br0", "--", "add-br", "br1", "--", "add-port", "br1", "p0");
        lab.ovs.vsctl(
                "add-port", "br0", "vi100", "--", "set", "Port", "vi100", "external_ids={\"op-dbus:owner\"=here}");

        assertThat(error("ListBridgePorts", "br9")).startsWith("Error " + NAME + ".Error.NoSuchBridge: cannot");
        assertThat(error("AddPort", "br0", "p0")).startsWith("Error " + NAME + ".Error.AlreadyExists: ");
        assertThat(error("DelPort", "br0", "p0")).startsWith("Error " + NAME + ".Error.NoSuchPort: ");
        assertThat(error("DelPort", "br0", "vi100"))
                .startsWith("Error " + NAME + ".Error.InUse: ")
                .contains("stop the container");
        assertThat(error("DeleteBridge", "br0")).startsWith("Error " + NAME + ".Error.InUse: ");
        assertThat(error("CreateBridge", "a/b")).startsWith("Error " + NAME + ".Error.InvalidName: ");
        assertThat(error("DelPort", "br0", "br0")).startsWith("Error " + NAME + ".Error.Refused: ");
        assertThat(error("Transact", "Open_vSwitch", "{")).startsWith("Error org.freedesktop.DBus.Error.InvalidArgs: ");
        lab.ovs.killDatabase();
        assertThat(error("ListBridges")).startsWith("Error " + NAME + ".Error.Unavailable: ");
    }

    @Test
    void only_root_reaches_the_database_itself() {
        assertThat(busctlOf(BusUser.ORDINARY, "ListBridges").exit()).isZero();
        assertThat(busctlOf(BusUser.ORDINARY, "GetSchema", "s", "Open_vSwitch").text())
                .contains("Open_vSwitch");
        assertThat(busctlOf(BusUser.ORDINARY, "CreateBridge", "s", "br0").text())
                .contains("Access denied");
        assertThat(busctlOf(BusUser.ORDINARY, "Transact", "ss", "Open_vSwitch", "[]")
                        .text())
                .contains("Access denied");
        assertThat(busctlOf(BusUser.ORDINARY, "Monitor", "ss", "Open_vSwitch", "{}")
                        .text())
                .contains("Access denied");
        assertThat(busctl("Transact", "ss", "Open_vSwitch", "[{\"op\":\"comment\",\"comment\":\"hello\"}]")
                        .text())
                .isEqualTo("s \"[{}]\"");
        assertThat(lab.requested).containsExactly("Transact Open_vSwitch");
    }

    @Test
    void a_monitor_tells_its_caller_and_no_other_until_it_is_cancelled() {
        List<BusMessage> heard = new CopyOnWriteArrayList<>();
        List<BusMessage> heardByOther = new CopyOnWriteArrayList<>();
        try (BusClient client = client(heard);
                BusClient other = client(heardByOther)) {
            ObjectPath monitor = monitor(client);
            eventually(() -> assertThat(texts(heard, monitor)).hasSize(1));
            lab.ovs.vsctl("add-br", "br0");
            eventually(() -> assertThat(texts(heard, monitor))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("br0"));

            assertThat(client.call(cancel(monitor), Body.EMPTY)).isEmpty();
            assertThatThrownBy(() -> client.call(cancel(monitor), Body.EMPTY))
                    .isInstanceOfSatisfying(
                            BusErrorException.class, e -> assertThat(e.name()).endsWith(".UnknownObject"));
            lab.ovs.vsctl("add-br", "br1");
            assertThat(monitor(client)).isNotEqualTo(monitor);
            assertThat(texts(heard, monitor)).hasSize(2);
            assertThat(other.name()).startsWith(":");
            assertThat(heardByOther).noneMatch(message -> message.member().equals(Optional.of("Update")));
        }
    }

    @Test
    void the_caller_knows_the_monitor_before_its_first_update() {
        for (int i = 0; i < 20; i++) {
            List<String> order = new CopyOnWriteArrayList<>();
            try (BusClient client = new BusClient(lab.vertx, lab.bus.socketAddress(), (own, message) -> {
                if (message.member().equals(Optional.of("Update"))) {
                    order.add("update");
                }
            })) {
                MemberAddress monitor = new MemberAddress(NAME, new ObjectPath(PATH), NAME, "Monitor");
                BusMessage question = BusMessage.call(monitor, Body.of("ss", "Open_vSwitch", BRIDGE_NAMES));
                client.onLoop(() -> client.connection()
                        .call(question, Duration.ofSeconds(20))
                        .onSuccess(answer -> order.add("answer")));
                eventually(() -> assertThat(order).containsExactly("answer", "update"));
            }
        }
    }

    @Test
    void monitors_are_limited_and_end_when_their_caller_leaves_the_bus() {
        try (BusClient last = client(new ArrayList<>())) {
            List<ObjectPath> made = new ArrayList<>();
            try (BusClient client = client(new ArrayList<>())) {
                for (int i = 0; i < TableWatches.OF_CALLER_MAX; i++) {
                    made.add(monitor(client));
                }
                assertThatThrownBy(() -> monitor(client)).hasMessageContaining("cancel one first");
                assertThat(monitor(last)).isNotIn(made);
            }
            eventually(() -> assertThatThrownBy(() -> last.call(cancel(made.get(0)), Body.EMPTY))
                    .isInstanceOfSatisfying(
                            BusErrorException.class, e -> assertThat(e.name()).endsWith(".UnknownObject")));
        }
    }

    @Test
    void a_monitor_whose_database_goes_says_so_and_is_gone() {
        List<BusMessage> heard = new CopyOnWriteArrayList<>();
        try (BusClient client = client(heard)) {
            ObjectPath monitor = monitor(client);
            lab.ovs.killDatabase();
            eventually(() -> assertThat(heard)
                    .anyMatch(message -> message.member().equals(Optional.of("Ended"))
                            && message.path().equals(Optional.of(monitor))));
            assertThatThrownBy(() -> monitor(client)).hasMessageContaining("Open vSwitch");
        }
    }

    private BusClient client(List<BusMessage> signals) {
        return new BusClient(lab.vertx, lab.bus.socketAddress(), (own, message) -> signals.add(message));
    }

    private static ObjectPath monitor(BusClient client) {
        return (ObjectPath) client.call(
                        new MemberAddress(NAME, new ObjectPath(PATH), NAME, "Monitor"),
                        Body.of("ss", "Open_vSwitch", BRIDGE_NAMES))
                .get(0);
    }

    private static MemberAddress cancel(ObjectPath monitor) {
        return new MemberAddress(NAME, monitor, TableWatches.INTERFACE, "Cancel");
    }

    private static List<Object> texts(List<BusMessage> heard, ObjectPath monitor) {
        return heard.stream()
                .filter(message -> message.path().equals(Optional.of(monitor)))
                .map(message -> message.body().values().get(0))
                .toList();
    }

    private String error(String method, String... arguments) {
        Output output = lab.dbusSend(PATH, NAME + "." + method, arguments);
        assertThat(output.exit()).isNotZero();
        return output.text();
    }

    private Output busctl(String method, String... arguments) {
        return busctlOf(BusUser.ROOT, method, arguments);
    }

    private Output busctlOf(BusUser user, String method, String... arguments) {
        List<String> call = new ArrayList<>(List.of("call", NAME, PATH, NAME, method));
        call.addAll(List.of(arguments));
        return lab.busctl(user, call.toArray(String[]::new));
    }
}
