// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.List;
import org.opdbus.verticles.uplink.plan.Step;

/**
 * The steps by which the service of NetworkManager lets go of one link and takes another one. Pure.
 *
 * <p>A service that is stopped leaves the links as they are. When it starts, it reads in {@code /run/NetworkManager/devices} which
 * profile each link had, and goes on with that without removing an address. So it takes over a link whose profile is written
 * there. Activating a profile by nmcli would remove the addresses first.
 */
final class NetworkManagerService {
    private static final String STOP = "systemctl stop NetworkManager.service";

    /** A lease that is copied makes its DHCP client ask for the address that the link has. */
    private static final String TAKE = "states=/run/NetworkManager/devices; lease=/var/lib/NetworkManager/internal-; "
            + "index=$(cat \"/sys/class/net/$1/ifindex\") && mkdir -p \"$states\" || exit; "
            + "printf '[device]\\nmanaged=true\\nconnection-uuid=%s\\nnm-owned=false\\n' \"$2\" >\"$states/$index\" || exit; "
            + "if former=$(cat \"/sys/class/net/$3/ifindex\" 2>/dev/null); then rm -f \"$states/$former\"; fi; "
            + "if [ -e \"$lease$4-$3.lease\" ]; then cp -p \"$lease$4-$3.lease\" \"$lease$2-$1.lease\" || exit; fi; "
            + "systemctl daemon-reload && systemctl start NetworkManager.service || exit; ";

    /** NetworkManager tells when it has started, but not when it has looked at a link. */
    private static final String SEE =
            "has() { [ \"$(nmcli -g GENERAL.CON-UUID device show \"$1\" 2>/dev/null)\" = \"$2\" ]; }; tries=100; "
                    + "until has \"$1\" \"$2\" || [ \"$tries\" -eq 0 ]; do tries=$((tries - 1)); sleep 0.2; done; ";

    private static final String DEMAND =
            "has \"$1\" \"$2\" || { echo \"NetworkManager does not take $1 by the profile $2\" >&2; exit 1; }; ";

    private static final String LEFT =
            "state=$(nmcli -g GENERAL.STATE device show \"$3\") || exit; case $state in 10' '*) ;; "
                    + "*) echo \"NetworkManager still manages $3: its state is $state\" >&2; exit 1 ;; esac";

    /** On the way back, an address that is missing for a moment is better than a profile that is not active. */
    private static final String ACTIVATE =
            "has \"$1\" \"$2\" || nmcli --wait 20 connection up uuid \"$2\" ifname \"$1\"";

    private NetworkManagerService() {}

    /** A link, and the identifier of the profile that it has. */
    record Held(String link, String profile) {}

    /** Lets NetworkManager go. Undo: the link has its addresses again, and NetworkManager takes it. */
    static Step stop(Held link, Held receiver) {
        return new Step.RunProgram(
                "stop NetworkManager, which leaves the addresses where they are",
                shell(STOP),
                take(TAKE + SEE + ACTIVATE, link, receiver));
    }

    /** Lets NetworkManager take what has the addresses now, and leave a link that the files forbid. Undo: stops it again. */
    static Step start(Held receiver, Held link) {
        return new Step.RunProgram(
                "start NetworkManager, which takes " + receiver.link() + " and leaves " + link.link() + " unmanaged",
                take(TAKE + SEE + DEMAND + LEFT, receiver, link),
                shell(STOP));
    }

    /** Lets NetworkManager take a link. It does not matter whether NetworkManager still has the other one. */
    static Step startAgain(Held receiver, Held bridge) {
        return new Step.RunProgram(
                "start NetworkManager, which takes " + receiver.link(),
                take(TAKE + SEE + DEMAND, receiver, bridge),
                shell(STOP));
    }

    private static List<String> take(String script, Held receiver, Held giver) {
        return List.of(
                "/bin/sh", "-c", script, "sh", receiver.link(), receiver.profile(), giver.link(), giver.profile());
    }

    private static List<String> shell(String script) {
        return List.of("/bin/sh", "-c", script);
    }
}
