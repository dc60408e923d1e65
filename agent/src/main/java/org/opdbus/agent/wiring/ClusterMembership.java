// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import java.util.Optional;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ClusterConfig;
import org.opdbus.verticles.membership.Membership;
import org.opdbus.verticles.membership.MembershipOptions;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens this host's membership of its cluster. A fault of the cluster keeps no container from being enrolled. */
final class ClusterMembership {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    private ClusterMembership() {}

    /**
     * Opens the membership; empty, with the reason in the log, if the agent goes on without its cluster.
     *
     * @throws MembershipException NO_IDENTITY if this host has not joined a cluster: that is a mistake in its configuration
     */
    static Optional<Membership> open(AgentConfig config) {
        try {
            MembershipOptions options = MembershipOptions.of(config.host(), config.cluster());
            return Optional.of(
                    config.cluster().engine() == ClusterConfig.Engine.NATS
                            ? Membership.open(options, NatsSession.factory(config))
                            : Membership.open(options));
        } catch (MembershipException e) {
            if (e.reason() == MembershipException.Reason.NO_IDENTITY) {
                throw e;
            }
            return alone(config, e);
        } catch (LinkageError e) {
            return alone(config, e);
        }
    }

    private static Optional<Membership> alone(AgentConfig config, Throwable why) {
        LOG.error(
                "cluster.down host={}: {}; the agent goes on alone until it is restarted",
                config.host(),
                why.getMessage());
        return Optional.empty();
    }
}
