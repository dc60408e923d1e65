// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.InterfacesText;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.LinkOwner;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * The programs that can configure this host's network. It reads their files; it changes nothing. For one thread at a time, which
 * may block.
 */
public final class HostManagers {
    private final HostFiles files;

    /** Creates it for the files of a host. */
    public HostManagers(HostFiles files) {
        this.files = files;
    }

    /**
     * Plans what the program that configures the network needs for a move.
     *
     * @param written the changes of files of the move onto the bridge, for a move back; empty for a move onto a bridge
     * @throws UplinkRefusal if the files of the program cannot be changed with certainty; it has every reason at once
     */
    public ManagerPlan plan(UplinkPicture picture, MoveRequest request, List<FileChange> written) {
        try {
            return request.direction() == MoveRequest.Direction.ONTO
                    ? onto(picture, request)
                    : back(picture, request, written);
        } catch (IOException e) {
            throw refusal("cannot read how the network of this host is configured: " + e.getMessage(), "");
        }
    }

    private ManagerPlan onto(UplinkPicture picture, MoveRequest request) throws IOException {
        Optional<ListedLink> link = picture.link(request.link());
        List<LinkOwner> owners = picture.owners().getOrDefault(request.link(), List.of());
        Networkd networkd = new Networkd(files);
        Optional<String> networkFile = link.isPresent() ? networkd.fileOf(link.get()) : Optional.empty();
        Optional<String> netplan = evidence(owners, "netplan");
        if (netplan.isPresent() && networkFile.isEmpty()) {
            throw refusal(
                    "netplan configures " + request.link() + " (" + netplan.get()
                            + "), and not with systemd-networkd; op-dbus does not change its files",
                    "configure " + request.link() + " with NetworkManager, systemd-networkd or ifupdown first, or let "
                            + "netplan use \"renderer: networkd\"");
        }
        Optional<String> stanza = stanza(owners, request.link());
        Optional<String> profile = evidence(owners, "NetworkManager");
        List<String> programs = new ArrayList<>();
        networkFile.ifPresent(file -> programs.add("systemd-networkd (" + file + ")"));
        stanza.ifPresent(place -> programs.add("ifupdown (" + place + ")"));
        profile.ifPresent(file -> programs.add("NetworkManager (" + file + ")"));
        if (programs.size() > 1) {
            throw refusal(
                    String.join(" and ", programs) + (programs.size() == 2 ? " both" : " all") + " configure "
                            + request.link(),
                    "leave it to one of them");
        }
        if (programs.isEmpty()) {
            return unmanaged(picture, request, owners);
        }
        if (!request.persists()) {
            throw refusal(
                    programs.get(0) + " would give " + request.link()
                            + " its addresses again, as a port of a bridge, where they do not work",
                    "leave --no-persist out");
        }
        if (profile.isPresent()) {
            return new NetworkManagerHost(files).onto(picture, request, profile.get());
        }
        return networkFile.isPresent()
                ? withNetplan(networkd.onto(picture, request, networkFile.get()), request, netplan)
                : new Ifupdown(files).onto(picture, request, stanza.orElseThrow());
    }

    private ManagerPlan back(UplinkPicture picture, MoveRequest request, List<FileChange> written) throws IOException {
        Restored former = Restored.of(files, written, request.discards());
        ManagerPlan plan = back(picture, request, written, former.changes());
        List<String> notes = new ArrayList<>(former.notes());
        notes.addAll(plan.notes());
        return new ManagerPlan(plan.manager(), plan.before(), plan.after(), plan.takenOver(), notes);
    }

    private ManagerPlan back(
            UplinkPicture picture, MoveRequest request, List<FileChange> written, List<FileChange> restored)
            throws IOException {
        if (written.stream().anyMatch(change -> change.path().startsWith(NetworkManagerHost.PROFILES))) {
            return new NetworkManagerHost(files).back(request, written, restored);
        }
        boolean isNetworkd = written.stream().anyMatch(change -> change.path().endsWith(".network"));
        if (written.isEmpty()) {
            return new ManagerPlan(
                    "no program", List.of(), List.of(), List.of("No file was written, and none is restored."));
        }
        return isNetworkd
                ? new Networkd(files).back(request, restored)
                : new Ifupdown(files).back(picture, request, restored);
    }

    /** The files that systemd-networkd reads come before those that netplan makes for it. */
    private static ManagerPlan withNetplan(ManagerPlan plan, MoveRequest request, Optional<String> netplan) {
        if (netplan.isEmpty()) {
            return plan;
        }
        List<String> notes = new ArrayList<>(plan.notes());
        notes.add("What netplan says of " + request.link() + " (" + netplan.get()
                + ") stays, and no longer counts until the link is off the bridge.");
        return new ManagerPlan("netplan with " + plan.manager(), plan.before(), plan.after(), plan.takenOver(), notes);
    }

    /** Where a program's configuration of the link is. */
    private static Optional<String> evidence(List<LinkOwner> owners, String program) {
        return owners.stream()
                .filter(owner -> owner.owner().equals(program))
                .map(LinkOwner::evidence)
                .findFirst();
    }

    /** Where ifupdown's files have a stanza of the link; ifupdown must be there. */
    private Optional<String> stanza(List<LinkOwner> owners, String link) throws IOException {
        Optional<String> claim = evidence(owners, "ifupdown");
        if (claim.isPresent() || !files.existsAny("/sbin/ifup", "/usr/sbin/ifup")) {
            return claim;
        }
        for (var file : InterfacesReader.read(files).entrySet()) {
            Optional<InterfacesText.Stanza> found = InterfacesText.parse(file.getValue()).stanzas().stream()
                    .filter(stanza -> stanza.name().equals(link))
                    .findFirst();
            if (found.isPresent()) {
                return Optional.of(file.getKey() + ":" + found.get().line());
            }
        }
        return Optional.empty();
    }

    private static ManagerPlan unmanaged(UplinkPicture picture, MoveRequest request, List<LinkOwner> owners) {
        List<Reason> reasons = new ArrayList<>();
        String found = owners.isEmpty()
                ? "no file of ifupdown, systemd-networkd, netplan or NetworkManager configures " + request.link()
                : owners.stream()
                                .map(owner -> owner.owner() + " (" + owner.evidence() + ")")
                                .collect(Collectors.joining(", "))
                        + " configures " + request.link() + ", and op-dbus does not know how to change that";
        if (!owners.isEmpty()) {
            // Open vSwitch keeps its database over a reboot: the link would be a port, and its addresses would come
            // back on it.
            reasons.add(new Reason(
                    found + ", so it would give the link its addresses again at the next boot, where they do not work",
                    "let NetworkManager, ifupdown, ifupdown2 or systemd-networkd configure the link, and try again"));
        } else if (request.persists()) {
            reasons.add(new Reason(
                    found + ", so nothing can be written for the next boot",
                    "write its configuration to one of them, or change no file: --no-persist"));
        }
        Dhclient clients = Dhclient.of(picture, request.link(), request.bridge(), reasons);
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        return new ManagerPlan(
                "no program",
                clients.before(),
                clients.after(),
                clients.processes(),
                List.of("Nothing is written for the next boot: " + found
                        + ". After a reboot the link is still a port of "
                        + request.bridge()
                        + ", because Open vSwitch keeps its database, and the bridge has no addresses; run "
                        + "op-dbus uplink back " + request.link() + " before you restart this host."));
    }

    private static UplinkRefusal refusal(String why, String remedy) {
        return new UplinkRefusal(List.of(new Reason(why, remedy)));
    }
}
