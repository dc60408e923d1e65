// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.InterfacesText;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * ifupdown and ifupdown2. Neither watches the links, so nothing has to be told them during the move, beside what ifupdown keeps of
 * the links that it has brought up.
 */
final class Ifupdown {
    private static final String SECOND = "/usr/share/ifupdown2";
    private static final String SECOND_ADDON = SECOND + "/addons/openvswitch.py";
    private static final String FIRST_SCRIPT = "/etc/network/if-pre-up.d/openvswitch";
    private static final String STATE = "/run/network/ifstate";

    private final HostFiles files;
    private final boolean isSecond;

    Ifupdown(HostFiles files) {
        this.files = files;
        this.isSecond = files.exists(SECOND);
    }

    String name() {
        return isSecond ? "ifupdown2" : "ifupdown";
    }

    /** Plans a move onto a bridge. */
    ManagerPlan onto(UplinkPicture picture, MoveRequest request, String evidence) throws IOException {
        List<Reason> reasons = new ArrayList<>(missing());
        Map<String, String> texts = InterfacesReader.read(files);
        InterfacesRewrite rewrite =
                new InterfacesRewrite(texts, request.link(), request.bridge(), settings(picture, request), isSecond);
        reasons.addAll(rewrite.reasons());
        List<FileChange> changes = new ArrayList<>();
        if (reasons.isEmpty()) {
            for (Map.Entry<String, String> after : rewrite.texts().entrySet()) {
                String path = after.getKey();
                Optional<String> target = files.target(path);
                if (target.isPresent()) {
                    reasons.add(new Reason(
                            path + " is a symbolic link to " + target.get() + ", which a whole new file would replace",
                            "put a regular file in its place"));
                }
                changes.add(new FileChange(
                        path, Optional.ofNullable(texts.get(path)), Optional.of(after.getValue()), 0644));
            }
        }
        Dhclient clients = Dhclient.of(picture, request.link(), request.bridge(), reasons);
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        List<Step> before = new ArrayList<>();
        before.add(new Step.WriteFiles(changes));
        before.addAll(clients.before());
        List<Step> after = new ArrayList<>(clients.after());
        after.addAll(state(request.bridge(), true));
        return new ManagerPlan(
                name() + " (" + evidence + ")", before, after, clients.processes(), notes(picture, request, texts));
    }

    /** Plans a move back: the files become what they were. */
    ManagerPlan back(UplinkPicture picture, MoveRequest request, List<FileChange> restored) {
        List<Reason> reasons = new ArrayList<>();
        Dhclient clients = Dhclient.of(picture, request.bridge(), request.link(), reasons);
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        List<Step> before = new ArrayList<>();
        before.add(new Step.WriteFiles(restored));
        before.addAll(clients.before());
        List<Step> after = new ArrayList<>(clients.after());
        after.addAll(state(request.bridge(), false));
        return new ManagerPlan(name(), before, after, clients.processes(), List.of());
    }

    /**
     * A bridge that is taken down loses what it has, and {@code ifreload} clears {@code other_config}. The kernel's datapath is what
     * a bridge gets if nothing is said.
     */
    private static String settings(UplinkPicture picture, MoveRequest request) {
        String mac = picture.link(request.link()).flatMap(ListedLink::mac).orElse("");
        List<String> datapaths = picture.bridge(request.bridge()).map(List::of).orElse(picture.bridges()).stream()
                .map(SwitchBridge::datapath)
                .distinct()
                .toList();
        boolean isOfUser = datapaths.equals(List.of("netdev"));
        return "other-config:hwaddr=" + mac + (isOfUser ? " datapath_type=netdev" : "");
    }

    private List<Reason> missing() {
        if (isSecond && !files.exists(SECOND_ADDON)) {
            return List.of(new Reason(
                    "this ifupdown2 cannot bring up bridges of Open vSwitch: there is no " + SECOND_ADDON,
                    "install ifupdown2 3.0 or later"));
        }
        if (!isSecond && !files.exists(FIRST_SCRIPT)) {
            return List.of(new Reason(
                    "ifupdown cannot bring up bridges of Open vSwitch: there is no " + FIRST_SCRIPT,
                    "install the package openvswitch-switch"));
        }
        return List.of();
    }

    /**
     * ifupdown keeps a list of the links that it has brought up, and would bring up the bridge, which has its addresses already, a
     * second time, which fails. ifupdown2 looks at the links themselves.
     */
    private List<Step> state(String bridge, boolean isUp) {
        if (isSecond || !files.exists(STATE)) {
            return List.of();
        }
        // The list of all is for people and other programs; what counts is the file of each link.
        String add = "grep -qxF \"$1=$1\" \"$2\" || echo \"$1=$1\" >>\"$2\"; echo \"$1\" >\"$2.$1\"";
        String remove = "grep -vxF \"$1=$1\" \"$2\" >\"$2.op-dbus\"; mv \"$2.op-dbus\" \"$2\"; rm -f \"$2.$1\"";
        List<String> isUpNow = List.of("/bin/sh", "-c", add, "sh", bridge, STATE);
        List<String> isDownNow = List.of("/bin/sh", "-c", remove, "sh", bridge, STATE);
        return List.of(
                isUp
                        ? new Step.RunProgram("tell ifupdown that " + bridge + " is up", isUpNow, isDownNow)
                        : new Step.RunProgram("tell ifupdown that " + bridge + " is down", isDownNow, isUpNow));
    }

    private List<String> notes(UplinkPicture picture, MoveRequest request, Map<String, String> texts) {
        List<String> notes = new ArrayList<>();
        boolean hasStanza = texts.values().stream()
                .flatMap(text -> InterfacesText.parse(text).stanzas().stream())
                .anyMatch(stanza -> stanza.name().equals(request.bridge()));
        Optional<SwitchBridge> bridge = picture.bridge(request.bridge());
        if (isSecond && bridge.isPresent() && !hasStanza) {
            notes.add(
                    "From now on ifupdown2 configures " + request.bridge()
                            + ": each ifreload clears fail_mode, controllers, mirrors and other settings of it that its stanza does not name.");
        }
        if (texts.values().stream().anyMatch(text -> text.contains("cloud-init"))) {
            notes.add(
                    "cloud-init has written a file of ifupdown, and could write it again: see \"network: {config: disabled}\".");
        }
        return notes;
    }
}
