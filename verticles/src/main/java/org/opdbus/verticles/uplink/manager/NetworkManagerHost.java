// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.uplink.manager.NetworkManagerService.Held;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * NetworkManager without its plugin for Open vSwitch. The bridge's own link gets a profile that is made from the link's, and the
 * link becomes unmanaged; the link's profile stays as it is. NetworkManager knows nothing of the bridge, so none of its
 * identifiers is in the database of Open vSwitch.
 */
final class NetworkManagerHost {
    static final String PROFILES = "/etc/NetworkManager/system-connections/";
    private static final String SUFFIX = ".nmconnection";
    private static final String CONFIGURATION = "/etc/NetworkManager/conf.d/99-op-dbus-uplink-";
    private static final String ORDER = "/etc/systemd/system/NetworkManager.service.d/op-dbus-uplink.conf";
    private static final String PLUGIN = "libnm-device-plugin-ovs.so";

    private final HostFiles files;

    NetworkManagerHost(HostFiles files) {
        this.files = files;
    }

    /** Plans a move onto a bridge; the evidence is the path of the profile that is active on the link. */
    ManagerPlan onto(UplinkPicture picture, MoveRequest request, String evidence) throws IOException {
        String link = request.link();
        String bridge = request.bridge();
        NetworkFile profile = profile(evidence, link);
        ProfileFacts facts = new ProfileFacts(picture, request);
        ProfileRewrite rewrite = new ProfileRewrite(profile, facts.of(evidence));
        List<Reason> reasons = new ArrayList<>(host(picture, link));
        reasons.addAll(ProfileCheck.reasons(profile, facts.of(evidence)));
        reasons.addAll(others(bridge));
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        Held former = new Held(link, rewrite.former());
        Held next = new Held(bridge, rewrite.uuid());
        Step.WriteFiles write = new Step.WriteFiles(List.of(
                change(CONFIGURATION + link + ".conf", NetworkManagerTexts.configuration(link, bridge), 0644),
                change(PROFILES + "op-dbus-" + bridge + SUFFIX, rewrite.forBridge(), 0600),
                change(ORDER, NetworkManagerTexts.order(link), 0644),
                change(
                        "/etc/udev/rules.d/90-op-dbus-uplink-" + link + ".rules",
                        NetworkManagerTexts.rule(link, rewrite.mtu()),
                        0644),
                change("/etc/sysctl.d/00-op-dbus-" + link + ".conf", NetworkRewrite.deaf(link), 0644)));
        return new ManagerPlan(
                "NetworkManager (" + evidence + ")",
                List.of(NetworkManagerService.stop(former, next), write),
                List.of(NetworkManagerService.start(next, former)),
                notes(request, evidence));
    }

    private static List<String> notes(MoveRequest request, String evidence) {
        String bridge = request.bridge();
        return List.of(
                request.link()
                        + " becomes unmanaged: NetworkManager leaves it alone. Its plugin for Open vSwitch is not "
                        + "installed, so it does not know " + bridge
                        + " as a bridge; it configures the bridge's own link like any other.",
                evidence + " stays as it is, and no longer counts for " + request.link()
                        + "; change the profile \"op-dbus " + bridge + "\" from now on.",
                "NetworkManager is stopped while the addresses move, and started afterwards: Wi-Fi, modems and VPNs "
                        + "that it has connected are interrupted.");
    }

    /** Plans a move back: the files become what they were, and the link's profile counts again. */
    ManagerPlan back(MoveRequest request, List<FileChange> written, List<FileChange> restored) throws IOException {
        NetworkFile made = written.stream()
                .filter(change -> change.path().endsWith(SUFFIX))
                .findFirst()
                .map(change -> NetworkFile.parse(change.path(), change.after().orElse("")))
                .orElseThrow(() -> new IOException("the record of the move has no profile"));
        Held former = new Held(
                request.link(),
                ProfileRewrite.value(made, "user", ProfileRewrite.PROFILE_MARK).orElse(""));
        Held now = new Held(
                request.bridge(),
                ProfileRewrite.value(made, "connection", "uuid").orElse(""));
        if (!hasProfile(former.profile())) {
            throw new UplinkRefusal(List.of(new Reason(
                    "the profile " + former.profile() + " that " + request.link() + " had is no longer in " + PROFILES,
                    "restore the file, or take the link off the bridge by hand")));
        }
        return new ManagerPlan(
                "NetworkManager",
                List.of(NetworkManagerService.stop(now, former), new Step.WriteFiles(restored)),
                List.of(NetworkManagerService.startAgain(former, now)),
                List.of());
    }

    private NetworkFile profile(String path, String link) throws IOException {
        String name = path.startsWith(PROFILES) ? path.substring(PROFILES.length()) : "";
        if (name.isEmpty() || name.contains("/")) {
            throw new UplinkRefusal(List.of(new Reason(
                    "the profile of NetworkManager that is active on " + link + " is not a file in " + PROFILES + " ("
                            + path + ")",
                    "activate one that is; \"nmcli connection modify NAME connection.interface-name " + link
                            + "\" saves one that is in memory only")));
        }
        return NetworkFile.parse(
                path,
                files.exactText(path)
                        .orElseThrow(() -> new IOException(path + " is gone since NetworkManager read it")));
    }

    /** What of this host does not fit. */
    private List<Reason> host(UplinkPicture picture, String link) throws IOException {
        List<Reason> reasons = new ArrayList<>();
        if (!files.exists("/run/systemd/system")) {
            reasons.add(new Reason(
                    "NetworkManager is not a service of systemd on this host, and op-dbus cannot stop and start it",
                    "let ifupdown configure " + link + ", or move it by hand"));
        }
        Optional<String> plugin = plugin();
        if (plugin.isPresent()) {
            reasons.add(new Reason(
                    "NetworkManager's plugin for Open vSwitch is installed (" + plugin.get()
                            + "): it makes and removes rows of Open vSwitch itself, and op-dbus does not write profiles for it",
                    "make the bridge with nmcli (connection types ovs-bridge, ovs-port and ovs-interface), or remove the "
                            + "plugin if nothing uses it (package NetworkManager-ovs) and restart NetworkManager"));
        }
        for (DhcpClient client : picture.clients().getOrDefault(link, List.of())) {
            reasons.add(
                    new Reason(
                            client.program() + " (process " + client.pid() + ") keeps the address of " + link
                                    + ", and only NetworkManager's own DHCP client can move",
                            "write dhcp=internal below [main] in a file of /etc/NetworkManager/conf.d, and restart NetworkManager"));
        }
        return reasons;
    }

    private Optional<String> plugin() throws IOException {
        List<String> libraries = new ArrayList<>(List.of("/usr/lib", "/usr/lib64"));
        files.folders("/usr/lib").stream()
                .filter(name -> name.contains("-linux-"))
                .forEach(name -> libraries.add("/usr/lib/" + name));
        for (String library : libraries) {
            String folder = library + "/NetworkManager/";
            for (String version : files.folders(folder)) {
                if (files.exists(folder + version + "/" + PLUGIN)) {
                    return Optional.of(folder + version + "/" + PLUGIN);
                }
            }
        }
        return Optional.empty();
    }

    /** Another profile for the bridge could be activated instead of the one that a move writes. */
    private List<Reason> others(String bridge) throws IOException {
        List<Reason> reasons = new ArrayList<>();
        for (String name : files.names(PROFILES)) {
            NetworkFile other = read(name);
            boolean isForBridge = ProfileRewrite.value(other, "connection", "interface-name")
                    .filter(bridge::equals)
                    .isPresent();
            if (isForBridge) {
                reasons.add(new Reason(
                        PROFILES + name + " is a profile for " + bridge,
                        "remove it, or take an earlier move back by: op-dbus uplink back"));
            }
        }
        return reasons;
    }

    private boolean hasProfile(String uuid) throws IOException {
        for (String name : files.names(PROFILES)) {
            if (ProfileRewrite.value(read(name), "connection", "uuid")
                    .filter(uuid::equals)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private NetworkFile read(String name) throws IOException {
        return NetworkFile.parse(PROFILES + name, files.text(PROFILES + name).orElse(""));
    }

    /** A file that is there already is no longer what it was when the move begins, so the move stops. */
    private FileChange change(String path, String text, int mode) throws IOException {
        return new FileChange(path, files.exactText(path), Optional.of(text), mode);
    }
}
