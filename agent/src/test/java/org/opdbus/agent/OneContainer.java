// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import org.opdbus.verticles.testing.LxcContainers.Definition;

/** A container with one link that is started and stopped again and again. */
final class OneContainer implements AutoCloseable {
    private final BenchHost host;
    private final SwitchWatch ports;
    private final String id;
    private final String port;

    /**
     * The times of a start, in milliseconds from the call of {@code lxc-start}.
     *
     * @param live until the port of its link was live
     * @param returned until {@code lxc-start} returned, with the container running
     */
    record Start(double live, double returned) {
        /** Returns the time until both was so. */
        double usable() {
            return Math.max(live, returned);
        }

        /** Returns the time from the return until the port was live; negative if it was live before. */
        double afterReturn() {
            return live - returned;
        }
    }

    private OneContainer(BenchHost host, SwitchWatch ports, Definition definition, String port) {
        this.host = host;
        this.ports = ports;
        this.id = definition.id();
        this.port = port;
        host.scene.lxc.create(definition);
    }

    /** One that the agent enrols. */
    static OneContainer ours(BenchHost host, SwitchWatch ports) {
        return new OneContainer(host, ports, Definition.of("2900"), "vi2900");
    }

    /** One whose link LXC itself attaches to the bridge; the agent is configured to ignore it. */
    static OneContainer attachedByLxc(BenchHost host, SwitchWatch ports) {
        Definition definition =
                Definition.of("by-lxc-one").link(TestHost.BRIDGE).pair("byl-one");
        return new OneContainer(host, ports, definition, "byl-one");
    }

    /** Starts it, waits until its port is live, and stops it. */
    Start start() throws InterruptedException {
        host.rest();
        long called = System.nanoTime();
        host.scene.lxc.start(id);
        long returned = System.nanoTime();
        long live = ports.awaitLive(port, 1);
        host.scene.lxc.stop(id);
        ports.awaitGone(port);
        return new Start(BenchHost.millis(live - called), BenchHost.millis(returned - called));
    }

    @Override
    public void close() {
        host.scene.lxc.destroy(id);
    }
}
