// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.FaceLab;
import org.opdbus.verticles.dbus.testing.PrivateBus.Output;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

class HostFaceIT {
    private static final String NAME = HostFace.NAME;
    private static final ObjectPath ODD = new ObjectPath("/network/interfaces/a_2db_2ec");

    private final FaceLab lab = new FaceLab((made, loop) -> new HostFace(made.inventory, loop, Schedulers.io()), NAME);
    private final List<BusMessage> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        // The other ends go with them; those that a test did not make are not there.
        List.of("a-b.c", "kbr", "one").forEach(link -> lab.bus.runAs(BusUser.ROOT, "ip", "link", "del", link));
        lab.close();
    }

    @Test
    void what_is_there_is_in_the_tree() {
        lab.ovs.vsctl("add-br", "br0", "--", "add-port", "br0", "p0");
        ip("link", "add", "kbr", "type", "bridge");
        ip("link", "add", "a-b.c", "type", "veth", "peer", "name", "peer0");
        // The kernel tells of an alternative name only if the link is up (netdev_state_change in net/core/dev.c).
        ip("link", "set", "a-b.c", "up", "master", "kbr", "alias", "not an alternative name");
        ip("link", "property", "add", "dev", "a-b.c", "altname", "a-long-alternative-name");
        ip("address", "add", "192.0.2.1/24", "dev", "kbr");

        eventually(() -> assertThat(lab.busctl(BusUser.ROOT, "tree", NAME).text())
                .contains("/network/bridges/br0", "/network/bridges/kbr", ODD.value(), "/network/interfaces/lo")
                .contains("/aliases/a_2dlong_2dalternative_2dname"));
        assertThat(send("/", "Root.ListBridges")).contains("\"br0\"").contains("\"kbr\"");
        assertThat(send("/", "Root.list_interfaces")).contains("\"a-b.c\"");
        assertThat(send("/", "Root.list_aliases")).contains("\"a-long-alternative-name\"");
        assertThat(send("/network/bridges/br0", "Bridge.Name")).endsWith("string \"br0\"");
        assertThat(send("/network/bridges/br0", "Bridge.Backend")).endsWith("string \"openvswitch\"");
        eventually(
                () -> assertThat(send("/network/bridges/br0", "Bridge.Ports")).contains("string \"p0\""));
        assertThat(send("/network/bridges/kbr", "Bridge.backend")).endsWith("string \"linux\"");
        assertThat(send("/network/bridges/kbr", "Bridge.Ports")).contains("string \"a-b.c\"");
        assertThat(send("/network/interfaces/kbr", "Interface.IpAddress")).endsWith("string \"192.0.2.1/24\"");
        assertThat(send(ODD.value(), "Interface.ip_address")).endsWith("string \"\"");
        assertThat(send(ODD.value(), "Interface.State")).endsWith("string \"down\"");
        assertThat(send("/aliases/a_2dlong_2dalternative_2dname", "Alias.Target"))
                .endsWith("string \"a-b.c\"");
        assertThat(lab.gdbus(ODD.value(), "org.freedesktop.DBus.Properties.Get", NAME + ".Interface", "Name"))
                .isEqualTo(new Output(0, "(<'a-b.c'>,)"));
        assertThat(lab.busctl(BusUser.ROOT, "introspect", NAME, "/network/bridges/kbr")
                        .text())
                .contains(".Ports", "\"linux\"");
        assertThat(lab.gdbus("/", "org.freedesktop.DBus.ObjectManager.GetManagedObjects")
                        .text())
                .contains("/network/bridges/br0", ODD.value(), "/aliases/a_2dlong_2dalternative_2dname");
    }

    @Test
    void objects_that_come_change_and_go_are_told() {
        try (BusClient client = listening()) {
            ip("link", "add", "a-b.c", "type", "veth", "peer", "name", "peer0");
            eventually(() -> assertThat(told("InterfacesAdded", ODD)).isNotEmpty());

            ip("link", "set", "a-b.c", "up");
            ip("link", "set", "peer0", "up");
            eventually(() -> assertThat(changes(ODD))
                    .anySatisfy(change -> assertThat(change.get("State")).isEqualTo(Variant.of("up"))));
            ip("link", "property", "add", "dev", "a-b.c", "altname", "other");
            eventually(() -> assertThat(told("InterfacesAdded", new ObjectPath("/aliases/other")))
                    .isNotEmpty());

            lab.ovs.vsctl("add-br", "br0", "--", "add-port", "br0", "a-b.c");
            eventually(() -> assertThat(ports(new ObjectPath("/network/bridges/br0")))
                    .isEqualTo(Variant.ofStrings(List.of("a-b.c"))));
            lab.ovs.vsctl("del-port", "br0", "a-b.c");
            eventually(() ->
                    assertThat(ports(new ObjectPath("/network/bridges/br0"))).isEqualTo(Variant.ofStrings(List.of())));

            ip("link", "del", "a-b.c");
            eventually(() -> assertThat(told("InterfacesRemoved", ODD)).isNotEmpty());
            eventually(() -> assertThat(told("InterfacesRemoved", new ObjectPath("/aliases/other")))
                    .isNotEmpty());
            assertThat(client.name()).startsWith(":");
        }
    }

    @Test
    void a_name_that_goes_to_another_link_stays_an_object() {
        ip("link", "add", "one", "type", "veth", "peer", "name", "two");
        eventually(
                () -> assertThat(lab.busctl(BusUser.ROOT, "tree", NAME).text()).contains("interfaces/two"));
        try (BusClient client = listening()) {
            ip("link", "set", "one", "name", "tmp");
            ip("link", "set", "two", "name", "one");
            ip("link", "set", "tmp", "name", "two");

            eventually(() -> {
                assertThat(present("one")).isTrue();
                assertThat(present("two")).isTrue();
                assertThat(present("tmp")).isFalse();
            });
            assertThat(send("/network/interfaces/one", "Interface.Name")).endsWith("string \"one\"");
            assertThat(client.name()).startsWith(":");
        }
    }

    /** Whether the last of the two signals for a link's path that came says that it is there. */
    private boolean present(String name) {
        ObjectPath path = LinkObjects.FOLDER.child(name);
        boolean present = !name.equals("tmp");
        for (BusMessage message : heard) {
            String member = message.member().orElse("");
            if (member.startsWith("Interfaces")
                    && message.body().values().get(0).equals(path)) {
                present = member.equals("InterfacesAdded");
            }
        }
        return present;
    }

    private BusClient listening() {
        BusClient client = new BusClient(lab.vertx, lab.bus.socketAddress(), (own, message) -> heard.add(message));
        client.call(BusConnection.bus("AddMatch"), Body.of("s", "type='signal',sender='" + NAME + "'"));
        return client;
    }

    private List<BusMessage> told(String signal, ObjectPath object) {
        return heard.stream()
                .filter(message -> message.member().equals(Optional.of(signal))
                        && message.path().equals(Optional.of(ObjectPath.ROOT))
                        && message.body().values().get(0).equals(object))
                .toList();
    }

    private List<Map<?, ?>> changes(ObjectPath object) {
        return heard.stream()
                .filter(message -> message.member().equals(Optional.of("PropertiesChanged"))
                        && message.path().equals(Optional.of(object)))
                .<Map<?, ?>>map(message -> (Map<?, ?>) message.body().values().get(1))
                .toList();
    }

    /** The ports of a bridge according to all signals so far. */
    private Object ports(ObjectPath bridge) {
        List<Object> told = new ArrayList<>(List.of("never told"));
        for (BusMessage message : heard) {
            boolean isAdded = told("InterfacesAdded", bridge).contains(message);
            if (isAdded || message.path().equals(Optional.of(bridge))) {
                Map<?, ?> content = (Map<?, ?>) message.body().values().get(1);
                Object properties = isAdded ? content.get(NAME + ".Bridge") : content;
                if (properties instanceof Map<?, ?> map && map.get("Ports") instanceof Variant ports) {
                    told.add(ports);
                }
            }
        }
        return told.get(told.size() - 1);
    }

    private String send(String path, String method) {
        return lab.dbusSend(path, NAME + "." + method).text();
    }

    private void ip(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertThat(lab.bus.runAs(BusUser.ROOT, command)).isEqualTo(new Output(0, ""));
    }
}
