// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One container, from the call of {@code lxc-start} until its port is live. LXC attaches a link before it starts the
 * container, so its port is live before {@code lxc-start} returns: a time from there would be negative and have no ratio.
 */
final class OneContainerBench {
    private final BenchHost host;
    private final SwitchWatch ports;

    OneContainerBench(BenchHost host, SwitchWatch ports) {
        this.host = host;
        this.ports = ports;
    }

    void run() throws InterruptedException {
        String beside = "a container that LXC attaches itself";
        Figure live = host.figure("one container, `lxc-start` called until its port is live", beside, "≤ 0.8");
        Figure usable = host.figure("one container, `lxc-start` called until returned and port live", beside, "");
        List<OneContainer.Start> ours = new ArrayList<>();
        List<OneContainer.Start> theirs = new ArrayList<>();
        try (OneContainer enrolled = OneContainer.ours(host, ports);
                OneContainer attached = OneContainer.attachedByLxc(host, ports)) {
            for (int i = -host.warmUps(); i < host.rounds(15); i++) {
                OneContainer.Start our = enrolled.start();
                OneContainer.Start their = attached.start();
                if (i >= 0) {
                    live.add(our.live(), their.live());
                    usable.add(our.usable(), their.usable());
                    ours.add(our);
                    theirs.add(their);
                }
            }
        }
        host.alone(
                "one container, from the return of `lxc-start` until its port is live (negative: live before), median",
                String.format(
                        Locale.ROOT,
                        "%.1f ms; attached by LXC itself %.1f ms",
                        medianAfterReturn(ours),
                        medianAfterReturn(theirs)));
    }

    private static double medianAfterReturn(List<OneContainer.Start> starts) {
        return Figure.median(
                starts.stream().map(OneContainer.Start::afterReturn).toList());
    }
}
