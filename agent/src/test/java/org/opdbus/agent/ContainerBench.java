// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.List;
import java.util.stream.IntStream;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** Many containers that start, and stop, at once. */
final class ContainerBench {
    private final BenchHost host;

    ContainerBench(BenchHost host) {
        this.host = host;
    }

    void run(SwitchWatch ports) {
        int count = host.quick ? 4 : 50;
        Figure figure = host.figure(count + " containers started at once, all live", "attached by LXC itself", "≤ 1.0");
        Figure work = host.work(figure, "");
        Figure stop = host.figure(count + " containers stopped at once, no port left", "attached by LXC itself", "");
        List<String> ours = IntStream.range(0, count)
                .mapToObj(n -> Integer.toString(2_000 + n))
                .toList();
        List<String> theirs =
                IntStream.range(0, count).mapToObj(n -> "by-lxc-" + n).toList();
        ours.forEach(id -> host.scene.lxc.create(Definition.of(id)));
        for (int n = 0; n < count; n++) {
            host.scene.lxc.create(
                    Definition.of(theirs.get(n)).link(TestHost.BRIDGE).pair("byl" + n));
        }
        for (int i = -1; i < host.rounds(5); i++) {
            double before = MachineTime.millis();
            double oursUp = started(ports, ours, "vi2.*");
            double between = MachineTime.millis();
            double oursDown = stopped(ports, ours, "vi2.*");
            double again = MachineTime.millis();
            double theirsUp = started(ports, theirs, "byl.*");
            double after = MachineTime.millis();
            double theirsDown = stopped(ports, theirs, "byl.*");
            if (i >= 0) {
                figure.add(oursUp, theirsUp);
                work.add(between - before, after - again);
                stop.add(oursDown, theirsDown);
            }
        }
        ours.forEach(host.scene.lxc::destroy);
        theirs.forEach(host.scene.lxc::destroy);
    }

    private double started(SwitchWatch ports, List<String> ids, String names) {
        long start = System.nanoTime();
        host.scene.lxc.startAll(ids);
        return BenchHost.millis(ports.awaitLive(names, ids.size()) - start);
    }

    private double stopped(SwitchWatch ports, List<String> ids, String names) {
        long start = System.nanoTime();
        host.scene.lxc.stopAll(ids);
        ports.awaitGone(names);
        return BenchHost.millis(System.nanoTime() - start);
    }
}
