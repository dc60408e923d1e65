// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.config.DBusConfig;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.ForeignClient;
import org.opdbus.verticles.dbus.testing.PolkitDaemon;
import org.opdbus.verticles.dbus.testing.PrivateBus;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;
import org.opdbus.verticles.lxc.ControlGroups;

/** Every method of a real agent, called by every kind of user; the rules of the bus and the actions are those of the package. */
final class BusRightsIT {
    /** Interface, what a caller needs, methods. */
    private static final String RIGHTS = """
            org.freedesktop.DBus.Introspectable OPEN Introspect
            org.freedesktop.DBus.ObjectManager READ GetManagedObjects
            org.freedesktop.DBus.Peer OPEN Ping GetMachineId
            org.freedesktop.DBus.Properties READ Get GetAll Set
            org.opdbus.Manager1 READ ListContainers GetContainer Diff VerifyLedger GetEntry
            org.opdbus.Manager1 CHANGE Apply Reload
            org.opdbus.Container1 CHANGE Start Stop Destroy
            org.opdbus.StateManager READ QueryState QueryPlugin
            org.opdbus.StateManager CHANGE ApplyState
            dev.ovs.PortAgent1 OPEN Ping AddBlockchainEvent AddBlockchainData StreamVectors ClearFlows DumpFlows
            dev.ovs.PortAgent1 OPEN SetupContainerRouting SetupApplicationRouting SetupBasicRouting
            dev.ovs.PortAgent1 OPEN CreateContainerInterface RemoveContainerInterface
            dev.ovs.PortAgent1 READ ListPorts GetBridgeTopology ValidateBridgeConnectivity AtomicBridgeOperation
            dev.ovs.PortAgent1 READ GetInterfaceBindings QueryState ShowDiff GetSystemNetworkState
            dev.ovs.PortAgent1 READ IntrospectSystemdNetworkd IntrospectNetworkManager GetBlockchainStats
            dev.ovs.PortAgent1 READ GetBlocksByCategory GetBlocksByHeight GetBlockByHash VerifyBlockchainIntegrity
            dev.ovs.PortAgent1 CHANGE AddPort DelPort ApplyState
            org.openvswitch.ovsdb READ BridgeExists ListBridges ListBridgePorts GetSchema
            org.openvswitch.ovsdb CHANGE CreateBridge DeleteBridge AddPort DelPort
            org.openvswitch.ovsdb ROOT Transact Monitor
            org.system.introspection.Root READ ListBridges ListInterfaces ListAliases
            org.system.introspection.Bridge READ Name Backend Ports
            org.system.introspection.Interface READ Name IpAddress State
            org.system.introspection.Alias READ Target
            """;

    private static final Map<String, String> PATHS = Map.of(
            "org.opdbus.Container1", "/org/opdbus/container/USER",
            "org.opdbus.StateManager", "/org/opdbus/state",
            "dev.ovs.PortAgent1", "/dev/ovs/PortAgent1",
            "org.openvswitch.ovsdb", "/org/openvswitch/ovsdb",
            "org.system.introspection.Root", "/",
            "org.system.introspection.Bridge", "/network/bridges/vmbr0",
            "org.system.introspection.Interface", "/network/interfaces/lnk0",
            "org.system.introspection.Alias", "/aliases/aka0");
    private static final Map<String, BusUser> USERS = new TreeMap<>(Map.of(
            "authorised", BusUser.AUTHORISED,
            "member", BusUser.MEMBER,
            "ordinary", BusUser.ORDINARY,
            "root", BusUser.ROOT));

    private static final Pattern INTERFACE =
            Pattern.compile("<interface name=\"([^\"]+)\">(.*?)</interface>", Pattern.DOTALL);
    private static final Pattern METHOD =
            Pattern.compile("<method name=\"([^\"]+)\"(?:/>|>(.*?)</method>)", Pattern.DOTALL);
    private static final Pattern ARGUMENT = Pattern.compile("type=\"([^\"]+)\" direction=\"in\"");
    private static final String ERROR = "org.freedesktop.DBus.Error.";

    private final PrivateBus bus = PrivateBus.withRules(Path.of("../deploy/dbus"));
    private final TestHost host =
            new TestHost(Map.of("dbus", Map.of("names", DBusConfig.NAMES, "address", bus.address(), "group", "users")));
    private final Vertx vertx = Vertx.vertx(VertxSettings.common());
    private final ControlGroups groups = new ControlGroups();
    private Optional<PolkitDaemon> polkit = Optional.empty();
    private List<Method> methods = List.of();

    /**
     * A method of an interface.
     *
     * @param in the types of its arguments
     */
    private record Method(String of, String name, List<String> in) {
        String key() {
            return of + "." + name;
        }

        ObjectPath path(String user) {
            return new ObjectPath(PATHS.getOrDefault(of, "/org/opdbus").replace("USER", container(user)));
        }

        /** Returns a call with arguments that name nothing. */
        BusMessage call(String user) {
            return BusMessage.call(
                    new MemberAddress("org.opdbus", path(user), of, name),
                    Body.of(String.join("", in), in.stream().map(Method::value).toList()));
        }

        private static Object value(String type) {
            return switch (type) {
                case "s" -> "none";
                case "t", "u" -> 1L;
                case "v" -> Variant.of("none");
                case "a{sv}" -> Map.of("dry-run", Variant.of(true));
                default -> throw new AssertionError("give a value for the type " + type);
            };
        }
    }

    @BeforeEach
    void start() throws IOException {
        for (String user : USERS.keySet()) {
            groups.add("lxc.monitor." + container(user));
            Path folder = Files.createDirectory(host.lxc.lxcPath().resolve(container(user)));
            Files.writeString(folder.resolve("config"), "lxc.rootfs.path = dir:/nonexistent\nlxc.net.0.type = empty\n");
        }
        TestHost.sh("ip", "link", "add", "lnk0", "type", "veth", "peer", "name", "lnk1");
        TestHost.sh("ip", "link", "property", "add", "dev", "lnk0", "altname", "aka0");
        host.start();
        DBusConfig.NAMES.forEach(
                name -> eventually(() -> assertThat(host.agent.logText()).contains("the agent owns " + name)));
        methods = eventually(this::served);
    }

    @AfterEach
    void close() {
        host.close();
        groups.close();
        polkit.ifPresent(PolkitDaemon::close);
        bus.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        TestHost.sh("ip", "link", "delete", "lnk0");
    }

    /** Returns the name of the container that this user's calls are about; it cannot run. */
    private static String container(String user) {
        return "rights" + user;
    }

    /** Returns what the agent says that it serves; fails unless that is what the table has. */
    private List<Method> served() {
        Map<String, Method> served = new TreeMap<>();
        Set<String> paths = new TreeSet<>(Set.of("/org/opdbus"));
        PATHS.values().forEach(path -> paths.add(path.replace("USER", container("root"))));
        try (BusClient client = new BusClient(vertx, bus.socketAddress())) {
            for (String path : paths) {
                Object xml = client.call(
                                new MemberAddress(
                                        "org.opdbus",
                                        new ObjectPath(path),
                                        "org.freedesktop.DBus.Introspectable",
                                        "Introspect"),
                                Body.EMPTY)
                        .get(0);
                INTERFACE
                        .matcher(xml.toString())
                        .results()
                        .forEach(of -> METHOD.matcher(of.group(2))
                                .results()
                                .map(method -> method(of.group(1), method))
                                .forEach(method -> served.put(method.key(), method)));
            }
        }
        assertThat(served.keySet()).isEqualTo(needed().keySet());
        return List.copyOf(served.values());
    }

    private static Method method(String of, MatchResult found) {
        String arguments = found.group(2) == null ? "" : found.group(2);
        return new Method(
                of,
                found.group(1),
                ARGUMENT.matcher(arguments)
                        .results()
                        .map((MatchResult argument) -> argument.group(1))
                        .toList());
    }

    private static Map<String, Access> needed() {
        Map<String, Access> needed = new TreeMap<>();
        RIGHTS.lines().forEach(line -> {
            List<String> words = List.of(line.split(" ", -1));
            words.subList(2, words.size())
                    .forEach(name -> needed.put(words.get(0) + "." + name, Access.valueOf(words.get(1))));
        });
        return needed;
    }

    @Test
    void with_polkit_its_rules_decide() {
        startPolkit();
        assertThat(table())
                .isEqualTo(expected(Map.of(
                        Access.OPEN, USERS.keySet(),
                        Access.READ, Set.of("root", "member", "authorised"),
                        Access.CHANGE, Set.of("root", "authorised"),
                        Access.ROOT, Set.of("root"))));
        assertChangedOnly("root", "authorised");
    }

    @Test
    void without_polkit_only_root_changes_and_only_the_group_reads() {
        assertThat(table()).isEqualTo(expectedWithoutPolkit());
        assertChangedOnly("root");
    }

    @Test
    void a_polkitd_that_is_killed_in_mid_question_allows_nothing() {
        List<ForeignClient> waiting = new ArrayList<>();
        PolkitDaemon killed = startPolkit();
        killed.pause();
        for (Method method : methods) {
            // As many as may wait for one user.
            if (waiting.size() < 16 && needed().get(method.key()) == Access.CHANGE) {
                ForeignClient client = new ForeignClient(bus, BusUser.AUTHORISED, List.of(method.call("authorised")));
                client.call(1);
                waiting.add(client);
            }
        }
        // A caller that needs no polkit is answered meanwhile.
        assertThat(verdicts("root").values()).doesNotContain(false);
        killed.close();
        for (ForeignClient client : waiting) {
            assertThat(client.answer(0).errorName()).hasValue(ERROR + "AccessDenied");
            client.close();
        }
        assertThat(waiting).hasSizeGreaterThan(10);
        assertThat(table()).isEqualTo(expectedWithoutPolkit());
        assertChangedOnly("root");
    }

    private PolkitDaemon startPolkit() {
        PolkitDaemon started = new PolkitDaemon(bus, Path.of("../deploy/polkit/org.opdbus.policy"), PolkitDaemon.RULES);
        polkit = Optional.of(started);
        return started;
    }

    private static Map<String, Map<String, Boolean>> expectedWithoutPolkit() {
        return expected(Map.of(
                Access.OPEN, USERS.keySet(),
                Access.READ, Set.of("root", "member"),
                Access.CHANGE, Set.of("root"),
                Access.ROOT, Set.of("root")));
    }

    private static Map<String, Map<String, Boolean>> expected(Map<Access, Set<String>> who) {
        Map<String, Map<String, Boolean>> table = new TreeMap<>();
        for (String user : USERS.keySet()) {
            Map<String, Boolean> row = new TreeMap<>();
            needed().forEach((method, access) ->
                    row.put(method, who.getOrDefault(access, Set.of()).contains(user)));
            table.put(user, row);
        }
        return table;
    }

    private Map<String, Map<String, Boolean>> table() {
        Map<String, Map<String, Boolean>> table = new TreeMap<>();
        USERS.keySet().forEach(user -> table.put(user, verdicts(user)));
        return table;
    }

    /** Returns for each method whether the user may call it. */
    private Map<String, Boolean> verdicts(String user) {
        List<BusMessage> calls =
                methods.stream().map(method -> method.call(user)).toList();
        try (ForeignClient client = new ForeignClient(bus, USERS.getOrDefault(user, BusUser.ORDINARY), calls)) {
            List<BusMessage> answers = client.answers();
            Map<String, Boolean> row = new TreeMap<>();
            for (int i = 0; i < methods.size(); i++) {
                String error = answers.get(i).errorName().orElse("");
                assertThat(answers.get(i).firstText().orElse("")).doesNotContain("too many calls");
                row.put(
                        methods.get(i).key(),
                        !Set.of(ERROR + "AccessDenied", ERROR + "InteractiveAuthorizationRequired")
                                .contains(error));
            }
            return row;
        }
    }

    /** Only these users' requests are on record, and the containers of the others are there. */
    private void assertChangedOnly(String... users) {
        Set<String> others = new TreeSet<>(USERS.keySet());
        others.removeAll(Set.of(users));
        others.forEach(
                user -> assertThat(host.lxc.lxcPath().resolve(container(user))).exists());
        eventually(() -> assertThat(host.agent.ledger().stream()
                        .filter(entry -> entry.kind().equals("change.requested"))
                        .map(entry -> String.valueOf(entry.data().get("uid")))
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of(users).stream()
                        .flatMap(user -> Optional.ofNullable(USERS.get(user)).stream())
                        .map(user -> String.valueOf(user.uid()))
                        .collect(Collectors.toSet())));
    }
}
