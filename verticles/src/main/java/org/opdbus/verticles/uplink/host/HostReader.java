// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.host;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.Listed;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.kernel.netlink.listing.NetworkReader;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;

/** Reads the kernel's part of a picture, in the network namespace of the calling thread. Blocks. For one thread at a time. */
public final class HostReader {
    private final LinkFiles files;
    private final DhcpProcesses processes;

    /** Creates it for the files below a root; tests choose another one than {@code /}. */
    public HostReader(Path root) {
        files = new LinkFiles(root);
        processes = new DhcpProcesses(root);
    }

    /**
     * What the kernel says.
     *
     * @param settings of the link and the bridge of a request, and of links that are made anew
     * @param clients by the name of each of these links that has some
     * @param troubles what could not be read whole, in sentences for people
     */
    public record KernelPart(
            List<ListedLink> links,
            List<ListedAddress> addresses,
            List<ListedRoute> routes,
            List<ListedRule> rules,
            Map<String, Map<String, String>> settings,
            Map<String, List<DhcpClient>> clients,
            Set<String> wireless,
            List<String> troubles) {
        public KernelPart {
            links = List.copyOf(links);
            addresses = List.copyOf(addresses);
            routes = List.copyOf(routes);
            rules = List.copyOf(rules);
            settings = Map.copyOf(settings);
            clients = Map.copyOf(clients);
            wireless = Set.copyOf(wireless);
            troubles = List.copyOf(troubles);
        }
    }

    /**
     * Reads what a plan for this request must know.
     *
     * @throws org.opdbus.verticles.kernel.netlink.NetlinkException if the kernel does not list
     */
    public KernelPart read(MoveRequest request) {
        List<String> troubles = new ArrayList<>();
        try (NetworkReader kernel = NetworkReader.open()) {
            List<ListedLink> links = whole("links", List.of(kernel.links()), troubles);
            List<ListedAddress> addresses = whole("addresses", perFamily(kernel::addresses), troubles);
            List<ListedRoute> routes = whole("routes", perFamily(kernel::routes), troubles);
            List<ListedRule> rules = whole("rules", perFamily(kernel::rules), troubles);
            Set<String> names = links.stream().map(ListedLink::name).collect(Collectors.toSet());
            return new KernelPart(
                    links,
                    addresses,
                    routes,
                    rules,
                    settings(request, names, troubles),
                    clients(request, names, troubles),
                    wireless(request, names),
                    troubles);
        }
    }

    private static <T> List<Listed<T>> perFamily(Function<IpFamily, Listed<T>> list) {
        return List.of(list.apply(IpFamily.IPV4), list.apply(IpFamily.IPV6));
    }

    private static <T> List<T> whole(String kind, List<Listed<T>> parts, List<String> troubles) {
        List<T> all = new ArrayList<>();
        long more = 0;
        boolean isConsistent = true;
        for (Listed<T> part : parts) {
            all.addAll(part.items());
            more += part.leftOut();
            isConsistent &= part.isConsistent();
        }
        if (more > 0) {
            troubles.add(
                    "the kernel has " + more + " " + kind + " more than are read, and one of them can be the uplink's");
        }
        if (!isConsistent) {
            troubles.add("the kernel's " + kind + " changed during each attempt to list them");
        }
        return all;
    }

    private Map<String, Map<String, String>> settings(MoveRequest request, Set<String> names, List<String> troubles) {
        Map<String, Map<String, String>> settings = new HashMap<>();
        settings.put(UplinkPicture.NEW_LINKS, files.settings(UplinkPicture.NEW_LINKS, troubles));
        named(request, names).forEach(link -> settings.put(link, files.settings(link, troubles)));
        return settings;
    }

    private Map<String, List<DhcpClient>> clients(MoveRequest request, Set<String> names, List<String> troubles) {
        List<DhcpClient> all = processes.find(troubles);
        Map<String, List<DhcpClient>> clients = new HashMap<>();
        named(request, names).forEach(link -> {
            List<DhcpClient> own = all.stream()
                    .filter(client -> DhcpProcesses.serves(client, link, names))
                    .toList();
            if (!own.isEmpty()) {
                clients.put(link, own);
            }
        });
        return clients;
    }

    private Set<String> wireless(MoveRequest request, Set<String> names) {
        Set<String> wireless = new HashSet<>();
        named(request, names).filter(files::isWireless).forEach(wireless::add);
        return wireless;
    }

    /** Only names that the kernel gave become parts of paths. */
    private static Stream<String> named(MoveRequest request, Set<String> names) {
        return Stream.of(request.link(), request.bridge()).distinct().filter(names::contains);
    }
}
