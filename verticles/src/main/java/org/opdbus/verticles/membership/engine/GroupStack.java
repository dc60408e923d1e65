// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import java.net.InetSocketAddress;
import java.util.List;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG3;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.opdbus.verticles.membership.Engine.Settings;

/**
 * The protocols of the group: JGroups over TCP, mutual TLS for every connection, and members found by their addresses
 * alone.
 *
 * <p>FD_SOCK2, which JGroups' own stacks for TCP have, is left out: it opens another port, without TLS. The heartbeat
 * detects a member that ended instead.
 */
final class GroupStack extends AbstractJGroupsChannelConfigurator {
    private static final int CONNECT_LIMIT_MS = 1_500;
    private static final int HEARTBEAT_MS = 2_000;
    private static final int SILENCE_LIMIT_MS = 8_000;
    private static final int VERIFY_MS = 1_500;
    private static final int JOIN_LIMIT_MS = 1_000;
    private static final int LEAVE_LIMIT_MS = 2_000;
    /** How often groups that could not see each other check whether they can. */
    private static final int MERGE_LEAST_MS = 2_000;

    private static final int MERGE_MOST_MS = 6_000;
    private static final int THREADS_MAX = 16;
    private static final int CREDIT_BYTES = 500_000;
    private static final double CREDIT_LEAST = 0.4;
    private static final int FRAGMENT_BYTES = 60_000;
    private static final int UNSTABLE_BYTES_MAX = 1_000_000;

    private final Settings settings;
    private final TCPPING discovery = new TCPPING();

    GroupStack(Settings settings) {
        this.settings = settings;
        discovery.<TCPPING>setInitialHosts(settings.members()).setPortRange(0);
    }

    /** From now on also looks for other members at these addresses. */
    void seek(List<InetSocketAddress> members) {
        discovery.setInitialHosts(members);
    }

    @Override
    public JChannel createChannel(String name) throws Exception {
        return amendChannel(new JChannel(List.of(
                transport(),
                discovery,
                new MERGE3().setMinInterval(MERGE_LEAST_MS).setMaxInterval(MERGE_MOST_MS),
                new FD_ALL3().setTimeout(SILENCE_LIMIT_MS).setInterval(HEARTBEAT_MS),
                new VERIFY_SUSPECT2().setTimeout(VERIFY_MS),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE().setMaxBytes(UNSTABLE_BYTES_MAX),
                new GMS()
                        .setJoinTimeout(JOIN_LIMIT_MS)
                        .setLeaveTimeout(LEAVE_LIMIT_MS)
                        .printLocalAddress(false),
                new UFC().<UFC>setMaxCredits(CREDIT_BYTES).setMinThreshold(CREDIT_LEAST),
                new MFC().<MFC>setMaxCredits(CREDIT_BYTES).setMinThreshold(CREDIT_LEAST),
                new FRAG3().setFragSize(FRAGMENT_BYTES))));
    }

    private Protocol transport() {
        TCP transport = new TCP();
        transport.setSockConnTimeout(CONNECT_LIMIT_MS);
        transport.setBindAddress(settings.listen().getAddress());
        transport.setBindPort(settings.listen().getPort());
        // No port range: other members know this port, and none would find the next free one.
        transport.setPortRange(0);
        // With one queue for all, an unreachable member would block the messages for the others.
        transport.setBundlerType("per-destination");
        transport.getThreadPool().setMinThreads(1).setMaxThreads(THREADS_MAX);
        transport.setSocketFactory(new GroupSockets(settings.tls()));
        return transport;
    }

    @Override
    public String getName() {
        return "op-dbus";
    }

    @Override
    public String getProtocolStackString() {
        return "TCP+TLS";
    }

    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
        return List.of();
    }
}
