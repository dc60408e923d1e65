// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.agent.cli.control.ControlClient;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;

/** Finds the links that the user means by names of ports and containers. */
final class CapturePortNames {
    private CapturePortNames() {}

    /**
     * Returns the links, each once, with what the agent knows of them. A name is that of a link if there is one, otherwise that of a
     * container of this host.
     */
    static List<CaptureOptions.Port> find(List<String> names, Optional<Path> namespaceFile, Path controlSocket) {
        JsonNode containers = namespaceFile.isPresent() ? MissingNode.getInstance() : containers(controlSocket);
        Map<String, CaptureOptions.Port> found = new LinkedHashMap<>();
        for (String name : names) {
            List<CaptureOptions.Port> links =
                    isLink(name, namespaceFile) ? List.of(described(name, containers)) : linksOf(name, containers);
            if (links.isEmpty()) {
                throw new CannotRunException(
                        namespaceFile.isPresent()
                                ? "there is no link " + name + " in the network namespace "
                                        + namespaceFile.get().getFileName()
                                : "there is no link " + name + " and no running container of that name"
                                        + (containers.isMissingNode() ? "; no agent runs that knows containers" : ""));
            }
            links.forEach(link -> found.putIfAbsent(link.name(), link));
        }
        if (found.size() > CaptureOptions.PORTS_MAX) {
            throw new CannotRunException("these are " + found.size() + " ports; a capture has at most "
                    + CaptureOptions.PORTS_MAX + ": make several captures");
        }
        return List.copyOf(found.values());
    }

    /** Returns the containers that the agent knows; missing if none runs. */
    private static JsonNode containers(Path controlSocket) {
        Optional<ControlClient> running = ControlClient.connect(controlSocket);
        if (running.isEmpty()) {
            return MissingNode.getInstance();
        }
        try (ControlClient agent = running.get()) {
            return agent.containers();
        }
    }

    private static boolean isLink(String name, Optional<Path> namespaceFile) {
        try (NetworkNamespace namespace =
                        namespaceFile.map(NetworkNamespace::at).orElseGet(NetworkNamespace::current);
                RtNetlink kernel = RtNetlink.open(namespace)) {
            return kernel.link(name).isPresent();
        } catch (NetlinkException e) {
            throw new CannotRunException("the links cannot be read: " + e.getMessage(), e);
        }
    }

    private static CaptureOptions.Port described(String name, JsonNode containers) {
        for (JsonNode container : containers) {
            for (JsonNode link : container.path("links")) {
                if (link.path("name").asText().equals(name)) {
                    return port(container, link);
                }
            }
        }
        return new CaptureOptions.Port(name, "");
    }

    /** The name is that of a container of LXC, or an id or a name of another container or of a virtual machine. */
    private static List<CaptureOptions.Port> linksOf(String name, JsonNode containers) {
        List<CaptureOptions.Port> links = new ArrayList<>();
        for (JsonNode container : containers) {
            if (container.path("id").asText().equals(name)
                    || container.path("name").asText().equals(name)) {
                for (JsonNode link : container.path("links")) {
                    if (LinkName.isValid(link.path("name").asText())) {
                        links.add(port(container, link));
                    }
                }
            }
        }
        return links;
    }

    private static CaptureOptions.Port port(JsonNode container, JsonNode link) {
        StringBuilder text =
                new StringBuilder("container ").append(container.path("id").asText());
        if (link.has("bridge")) {
            text.append(", bridge ").append(link.path("bridge").asText());
        }
        if (link.has("vlan")) {
            text.append(", VLAN ").append(link.path("vlan").asText());
        }
        return new CaptureOptions.Port(link.path("name").asText(), text.toString());
    }
}
