// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.StateLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = {
            "Creates a container and starts it, as a state file with this one container would.",
            "The command does not write the container into the state file. Add it there to keep " + "it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus container create 100",
            "  op-dbus container create web --bridge vmbr1 --vlan 20 --ipv4 10.0.20.5/24 --gateway 10.0.20.1",
            "  op-dbus container create 101 --no-start -p memory=512 -p hostname=db"
        })
final class ContainerCreateCommand extends ContainerTask {
    @Option(
            names = "--veth",
            paramLabel = "NAME",
            description = "The name of the container's first link " + "on the host.")
    private @Nullable String veth;

    @Option(
            names = "--bridge",
            paramLabel = "BRIDGE",
            description = "The Open vSwitch bridge; \"\" for none (default: enrollment.bridge).")
    private @Nullable String bridge;

    @Option(names = "--vlan", paramLabel = "N", description = "The access VLAN of the container's port.")
    private @Nullable Long vlan;

    @Option(names = "--ipv4", paramLabel = "A.B.C.D/N", description = "The static IPv4 address of the " + "container.")
    private @Nullable String ipv4;

    @Option(names = "--gateway", paramLabel = "A.B.C.D", description = "The default gateway of the container.")
    private @Nullable String gateway;

    @Option(
            names = "--template",
            paramLabel = "NAME",
            description = "The template to create the container " + "from (LXC: busybox).")
    private @Nullable String template;

    @Option(
            names = {"-p", "--property"},
            paramLabel = "KEY=VALUE",
            description = "Another property of the state file (docs/STATE.md). May be repeated.")
    private Map<String, String> properties = Map.of();

    @Option(names = "--no-start", description = "Do not start the container.")
    private boolean noStart;

    @Override
    protected int run() {
        String state = state().toString();
        Path source = Path.of("container create");
        try {
            StateLoader.parse(source, state);
        } catch (ConfigException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()), e);
        }
        return carryOut(
                "create",
                JsonNodeFactory.instance.objectNode().put("state", state).put("source", source.toString()));
    }

    private ObjectNode state() {
        ObjectNode container = JsonNodeFactory.instance.objectNode().put("id", id());
        Optional.ofNullable(veth).ifPresent(value -> container.put("veth", value));
        Optional.ofNullable(bridge).ifPresent(value -> container.put("bridge", value));
        container.put("running", !noStart);
        ObjectNode all = container.putObject("properties");
        properties.forEach((key, value) -> put(all, key, value));
        Optional.ofNullable(vlan).ifPresent(value -> all.put("vlan", value));
        Optional.ofNullable(ipv4).ifPresent(value -> all.put("ipv4", value));
        Optional.ofNullable(gateway).ifPresent(value -> all.put("gateway", value));
        Optional.ofNullable(template).ifPresent(value -> all.put("template", value));
        ObjectNode state = JsonNodeFactory.instance.objectNode().put("version", 1);
        state.putObject("plugins").putObject("lxc").putArray("containers").add(container);
        return state;
    }

    /** Converts numbers and truth values to their JSON type, as in the state file. */
    private static void put(ObjectNode object, String key, String value) {
        if (value.matches("[0-9]{1,18}")) {
            object.put(key, Long.parseLong(value));
        } else if (value.equals("true") || value.equals("false")) {
            object.put(key, Boolean.parseBoolean(value));
        } else {
            object.put(key, value);
        }
    }
}
