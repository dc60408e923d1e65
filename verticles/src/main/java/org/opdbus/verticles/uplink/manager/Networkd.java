// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.KeyValues;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * systemd-networkd. The file that it has chosen for the link stays as it is; two new ones that come before it in the order of the
 * names count for the bridge and for the link.
 *
 * <p>The addresses move first, and then it reads its files again: it finds them on the bridge, and keeps them because a drop-in in
 * {@code /run} says so. Its DHCP client asks for the address that the bridge has, as the client that it was on the link. Were the
 * files read first, it would remove the addresses.
 */
final class Networkd {
    private static final String STATES = "/run/systemd/netif/links/";
    private static final String LEASES = "/run/systemd/netif/leases/";
    private static final String ETC = "/etc/systemd/network/";
    private static final String RUN = "/run/systemd/network/";
    private static final List<String> FOLDERS =
            List.of(ETC, RUN, "/usr/local/lib/systemd/network/", "/usr/lib/systemd/network/", "/lib/systemd/network/");
    private static final String SYSCTL = "/etc/sysctl.d/";
    private static final String PREFIX = "00-op-dbus-";
    /** RFC 4361: 255, an IAID of four bytes, a DUID. */
    private static final Pattern CLIENT_ID = Pattern.compile("[fF]{2}([0-9a-fA-F]{8})[0-9a-fA-F]+");

    /** Reloading leaves a link as it is whose DHCP client keeps its address; such a one must be told itself. */
    private static final String RELOAD =
            "networkctl reload && if [ -e \"/sys/class/net/$1\" ]; then networkctl reconfigure \"$1\"; fi";

    private static final List<String> NOTHING = List.of("/bin/true");

    private final HostFiles files;

    Networkd(HostFiles files) {
        this.files = files;
    }

    /** Returns the path of the file by which it configures a link now; empty if it does not. */
    Optional<String> fileOf(ListedLink link) throws IOException {
        Map<String, String> state =
                KeyValues.parse(files.text(STATES + link.index()).orElse(""));
        boolean isOwn = List.of("configuring", "configured", "failed").contains(state.getOrDefault("ADMIN_STATE", ""));
        return isOwn
                ? Optional.ofNullable(state.get("NETWORK_FILE")).filter(path -> !path.isEmpty())
                : Optional.empty();
    }

    /** Plans a move onto a bridge. */
    ManagerPlan onto(UplinkPicture picture, MoveRequest request, String file) throws IOException {
        String link = request.link();
        String bridge = request.bridge();
        List<Reason> reasons = new ArrayList<>(firstInOrder());
        NetworkRewrite rewrite = new NetworkRewrite(read(file), link, bridge);
        reasons.addAll(rewrite.reasons());
        for (UplinkPicture.DhcpClient client : picture.clients().getOrDefault(link, List.of())) {
            if (!client.program().equals("systemd-networkd")) {
                reasons.add(new Reason(
                        client.program() + " (process " + client.pid() + ") keeps an address of " + link
                                + " beside systemd-networkd",
                        "stop it first"));
            }
        }
        String forLink = ETC + PREFIX + link + ".network";
        String forBridge = ETC + PREFIX + bridge + ".network";
        for (String path : List.of(forLink, forBridge)) {
            if (files.exists(path)) {
                reasons.add(new Reason(
                        path + " exists, from an earlier move",
                        "remove it, or take the move back by: op-dbus uplink back " + link));
            }
        }
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        FileChange former = created(RUN + PREFIX + link + ".network", rewrite.forLinkWithAddresses());
        List<Step> before = List.of(
                new Step.WriteFiles(List.of(former)),
                // In the undo, the files are those of before again at this point, and the addresses are on the link.
                new Step.RunProgram("let systemd-networkd wait for the move of the addresses", NOTHING, reload(bridge)),
                new Step.WriteFiles(List.of(
                        created(forLink, rewrite.forLink()),
                        created(forBridge, rewrite.forBridge(file, iaid(picture, link))),
                        created(SYSCTL + PREFIX + link + ".conf", NetworkRewrite.deaf(link)),
                        created(keepFile(bridge), NetworkRewrite.keeping()))));
        List<Step> after =
                List.of(new Step.RunProgram("let systemd-networkd read its files again", reload(link), List.of()));
        return new ManagerPlan(
                "systemd-networkd (" + file + ")",
                before,
                after,
                List.of(
                        file + " stays as it is, and no longer counts for " + link + "; change " + forBridge
                                + " from now on.",
                        "Until the next boot systemd-networkd keeps the addresses of " + bridge
                                + " also if a lease ends, and needs \"networkctl reconfigure " + bridge
                                + "\" to apply a changed file."));
    }

    /** Plans a move back. */
    ManagerPlan back(MoveRequest request, List<FileChange> restored) throws IOException {
        String forBridge = ETC + PREFIX + request.bridge() + ".network";
        String text = restored.stream()
                .filter(change -> change.path().equals(forBridge))
                .flatMap(change -> change.before().stream())
                .findFirst()
                .orElse("");
        NetworkRewrite rewrite = new NetworkRewrite(
                NetworkFile.parse(forBridge, text), /* link= */ request.bridge(), /* bridge= */ request.link());
        // Comes after the files of the move onto the bridge, which count again if this move is taken back.
        String path = RUN + "01-op-dbus-" + request.link() + ".network";
        FileChange forLink =
                new FileChange(path, files.exactText(path), Optional.of(rewrite.forBridgeWithAddresses()), 0644);
        return new ManagerPlan(
                "systemd-networkd",
                List.of(
                        new Step.WriteFiles(List.of(forLink)),
                        new Step.RunProgram(
                                "let systemd-networkd wait for the move of the addresses",
                                NOTHING,
                                reload(request.link())),
                        new Step.WriteFiles(restored)),
                List.of(
                        new Step.RunProgram(
                                "let systemd-networkd read its files again", reload(request.bridge()), List.of()),
                        new Step.RunProgram("remove " + path, List.of("/bin/rm", "-f", path), List.of())),
                List.of());
    }

    /** The link that has lost its addresses. */
    private static List<String> reload(String giver) {
        return List.of("/bin/sh", "-c", RELOAD, "sh", giver);
    }

    private static String keepFile(String bridge) {
        return RUN + PREFIX + bridge + ".network.d/keep.conf";
    }

    private static FileChange created(String path, String text) {
        return new FileChange(path, Optional.empty(), Optional.of(text), 0644);
    }

    /** The file with its drop-ins, in the order in which they count. */
    private NetworkFile read(String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        NetworkFile file = NetworkFile.parse(
                path,
                files.exactText(path)
                        .orElseThrow(() -> new IOException(path + " is gone since systemd-networkd read it")));
        Map<String, String> dropIns = new TreeMap<>();
        for (String folder : FOLDERS) {
            for (String each : files.namesAndLinks(folder + name + ".d")) {
                if (each.endsWith(".conf")) {
                    dropIns.putIfAbsent(each, folder + name + ".d/" + each);
                }
            }
        }
        for (String dropIn : dropIns.values()) {
            file = file.with(NetworkFile.parse(dropIn, files.exactText(dropIn).orElse("")));
        }
        return file;
    }

    /** Files whose names come before ours would count instead of them. */
    private List<Reason> firstInOrder() throws IOException {
        List<Reason> reasons = new ArrayList<>();
        for (String folder : FOLDERS) {
            for (String name : files.namesAndLinks(folder)) {
                if (name.endsWith(".network") && name.compareTo(PREFIX) < 0) {
                    reasons.add(new Reason(
                            folder + name + " comes before every file that op-dbus can write in the order of the names",
                            "give it a name that comes after \"" + PREFIX + "\""));
                }
            }
        }
        return reasons;
    }

    /**
     * The DHCP server knows a client by an identifier that systemd-networkd makes from the name of the link or from its hardware
     * address; the bridge must have the same one to get the same address.
     */
    private Optional<Long> iaid(UplinkPicture picture, String link) throws IOException {
        int index = picture.link(link).map(ListedLink::index).orElse(0);
        String id = KeyValues.parse(files.text(LEASES + index).orElse("")).getOrDefault("CLIENTID", "");
        Matcher matcher = CLIENT_ID.matcher(id);
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1), 16)) : Optional.empty();
    }
}
