// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import java.util.List;
import java.util.Locale;
import org.opdbus.verticles.dbus.portagent.PortAgentFace.Sources;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Argument;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.wire.BusErrorException;

/** The methods whose work this agent does not do. Each one answers {@code NotSupported}, why, and what to use. */
final class UnsupportedMethods {
    private static final String FLOWS =
            "the agent programs no OpenFlow flows, and leaves those of other programs alone; use ovs-ofctl";
    private static final String ROUTES =
            "the agent sets up no routes or flows for packets; give the container an address in the desired state, or use "
                    + "ip route and ovs-ofctl";
    private static final String WRITING =
            "the ledger holds what the agent itself has done or seen, and no caller can write into it; each change that a "
                    + "caller asks for is recorded with the caller";
    private static final String CONTAINERS =
            "the agent names and enrols a container's links by itself when the container starts; see org.opdbus";

    private UnsupportedMethods() {}

    static List<MethodSpec<Sources>> all() {
        return List.of(
                method("AddBlockchainEvent", WRITING, text("category"), text("action"), text("data")),
                method("AddBlockchainData", WRITING, text("category"), text("action"), text("data")),
                method(
                        "StreamVectors",
                        "the agent has no vectors, and runs no shell for callers; op-dbus ledger export copies the ledger",
                        text("block_hash"),
                        text("remote")),
                method("ClearFlows", FLOWS),
                method("DumpFlows", FLOWS),
                method(
                        "SetupContainerRouting",
                        ROUTES,
                        text("container_ip"),
                        text("port"),
                        new Argument("register", "u")),
                method("SetupApplicationRouting", ROUTES, text("port")),
                method("SetupBasicRouting", ROUTES, text("network"), text("physical"), text("internal")),
                method(
                        "CreateContainerInterface",
                        CONTAINERS,
                        text("raw_name"),
                        text("container"),
                        new Argument("vmid", "u")),
                method("RemoveContainerInterface", CONTAINERS, text("name")));
    }

    private static Argument text(String name) {
        return new Argument(name, "s");
    }

    private static MethodSpec<Sources> method(String name, String why, Argument... in) {
        // The answer tells nothing of this host, so every caller may have it.
        MethodSpec.Draft draft = MethodSpec.named(name, snakeCase(name)).needs(Access.OPEN);
        for (Argument argument : in) {
            draft.in(argument.name(), argument.type());
        }
        return draft.out("result", "s").does((host, call) -> {
            throw notSupported(why);
        });
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    static BusErrorException notSupported(String why) {
        return BusErrorException.standard("NotSupported", why);
    }
}
