// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** What forbids a move onto a bridge. */
final class OntoChecks {
    private static final int ETHERNET = 1;
    private static final int NAME_BYTES_MAX = 15;

    /** The kinds of links that can be an uplink; hardware has no kind. */
    private static final Set<String> KINDS = Set.of("", "bond", "team", "vlan", "veth");

    /** Those that made a link for a workload of theirs; the others carry out what an administrator wrote. */
    private static final Set<String> WORKLOADS = Set.of("Docker", "libvirt", "LXC", "OpenStack", "op-dbus");

    private final UplinkPicture picture;
    private final MoveRequest request;
    private final Reasons reasons = new Reasons();

    private OntoChecks(UplinkPicture picture, MoveRequest request) {
        this.picture = picture;
        this.request = request;
    }

    static List<Reason> reasons(UplinkPicture picture, MoveRequest request, ManagerPlan manager) {
        OntoChecks checks = new OntoChecks(picture, request);
        CommonChecks.request(checks.reasons, request);
        picture.troubles().forEach(trouble -> checks.reasons.add(trouble, "the plan needs this; try again"));
        Optional<ListedLink> link = picture.link(request.link());
        if (link.isEmpty()) {
            checks.reasons.add(
                    "there is no link " + request.link(), "'op-dbus introspect' shows the links of this host");
        } else {
            checks.link(link.get());
            CommonChecks.network(checks.reasons, new LinkNetwork(picture, link.get()));
            CommonChecks.clients(checks.reasons, picture, manager, request.link());
        }
        new BridgeChecks(picture, request, checks.reasons).add();
        return checks.reasons.all();
    }

    private void link(ListedLink link) {
        kind(link);
        CommonChecks.state(reasons, link);
        place(link);
        claims(link);
    }

    private void kind(ListedLink link) {
        String name = link.name();
        if (link.isLoopback()) {
            reasons.add(name + " is the loopback link", "name the link that leads to the network");
        } else if (picture.wireless().contains(name)) {
            reasons.add(
                    name + " is wireless, and an access point takes frames from one hardware address only",
                    "use a wired link");
        } else if (!KINDS.contains(link.kind())) {
            reasons.add(
                    name + " is a link of kind " + link.kind() + ", which cannot be an uplink",
                    "name the Ethernet link, the bond or the VLAN that leads to the network");
        } else {
            reasons.addIf(
                    link.hardware() != ETHERNET || link.mac().isEmpty(),
                    name + " is not an Ethernet link",
                    "name the Ethernet link, the bond or the VLAN that leads to the network");
        }
    }

    /** What the link belongs to, and what lies on it. */
    private void place(ListedLink link) {
        String name = link.name();
        picture.bridges().stream()
                .filter(bridge -> bridge.ports().contains(name))
                .forEach(bridge -> reasons.add(
                        name + " is a port of the bridge " + bridge.name() + " already",
                        bridge.name().equals(request.bridge())
                                ? "it is where you want it; 'op-dbus uplink back " + name + "' takes it off a bridge"
                                : "remove it from there first: ovs-vsctl del-port " + bridge.name() + " " + name));
        if (link.master() != 0
                && picture.bridges().stream().noneMatch(bridge -> bridge.ports().contains(name))) {
            String master = name(link.master());
            String kind = kind(link.master());
            reasons.add(
                    name + " belongs to " + master + (kind.isEmpty() ? "" : ", a link of kind " + kind),
                    kind.equals("bond") || kind.equals("team")
                            ? "move " + master + " itself"
                            : "take it out first: ip link set " + name + " nomaster");
        }
        List<String> above = picture.links().stream()
                .filter(other -> other.lower() == link.index()
                        && other.lowerNamespace().isEmpty()
                        && !other.kind().equals("veth")
                        && other.index() != link.index())
                .map(ListedLink::name)
                .toList();
        reasons.addIf(
                !above.isEmpty(),
                String.join(", ", above) + (above.size() == 1 ? " lies" : " lie") + " on " + name
                        + ", and would get no packet once the bridge takes them",
                "make " + (above.size() == 1 ? "it" : "them")
                        + " on the bridge instead, as a port with a tag, and remove "
                        + (above.size() == 1 ? "it" : "them"));
    }

    private void claims(ListedLink link) {
        String name = link.name();
        Optional.ofNullable(picture.containers().get(name))
                .ifPresent(container -> reasons.add(
                        name + " leads to the container " + container,
                        "name the link that leads to the network; the agent enrols containers by itself"));
        picture.owners().getOrDefault(name, List.of()).stream()
                .filter(claim -> WORKLOADS.contains(claim.owner()))
                .filter(claim -> !picture.containers().containsKey(name))
                .forEach(claim -> reasons.add(
                        name + " belongs to " + claim.owner() + " (" + claim.what() + ", " + claim.evidence() + ")",
                        "name a link that no workload uses"));
    }

    private String name(int index) {
        return picture.links().stream()
                .filter(link -> link.index() == index)
                .map(ListedLink::name)
                .findFirst()
                .orElse("link #" + index);
    }

    private String kind(int index) {
        return picture.links().stream()
                .filter(link -> link.index() == index)
                .map(ListedLink::kind)
                .findFirst()
                .orElse("");
    }

    /** Returns whether the kernel takes this text as the name of a link. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_BYTES_MAX
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().allMatch(each -> each > ' ' && each < 0x7f && each != '/' && each != ':');
    }
}
