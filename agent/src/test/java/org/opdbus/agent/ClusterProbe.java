// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.nio.file.Path;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ConfigLoader;
import org.opdbus.verticles.membership.Membership;
import org.opdbus.verticles.membership.MembershipEvent;
import org.opdbus.verticles.membership.MembershipOptions;

/** Joins the cluster of the configuration, until it is up, and then leaves. */
public final class ClusterProbe {
    private ClusterProbe() {}

    /** Runs it. The argument is the configuration's file. */
    public static void main(String[] arguments) throws Exception {
        AgentConfig config = ConfigLoader.load(Path.of(arguments[0]));
        try (Membership membership = Membership.open(MembershipOptions.of(config.host(), config.cluster()))) {
            MembershipEvent first = membership.events().blockingFirst();
            System.out.println(first.getClass().getSimpleName());
            System.out.println(membership.members().size());
        }
        System.exit(0);
    }
}
