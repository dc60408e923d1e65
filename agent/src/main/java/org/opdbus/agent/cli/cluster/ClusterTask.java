// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import org.opdbus.agent.cli.command.HostTask;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ClusterConfig.Engine;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.MembershipOptions;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.MembershipException;

/** Base of the cluster commands: prints each refusal in one line and exits with status 2. */
abstract class ClusterTask extends HostTask {
    /** Carries out the command and returns the exit status. */
    abstract int run(AgentConfig config);

    @Override
    protected final int run() {
        try {
            return run(config());
        } catch (MembershipException e) {
            throw new CannotRunException(String.valueOf(e.getMessage()), e);
        }
    }

    static MembershipOptions options(AgentConfig config) {
        return MembershipOptions.of(config.host(), config.cluster());
    }

    static Authority authority(AgentConfig config) {
        return new Authority(config.cluster().dir(), Libraries.load().certificates());
    }

    /** Prints a message for the user. */
    final void say(String message) {
        err().println("op-dbus: " + message);
        err().flush();
    }

    /** Prints what the user must still do before this host takes part, if anything. */
    final void sayWhatIsMissing(AgentConfig config) {
        if (!config.cluster().enabled()) {
            say("note: cluster.enabled is false; set it to true, and restart the agent, to take part");
        }
        if (config.cluster().engine() == Engine.EMBEDDED
                && config.cluster().listen().isLoopback()) {
            say("note: cluster.listen is " + config.cluster().listen()
                    + ", which only this host itself can reach; set it to an address of this host "
                    + "that other hosts can reach");
        }
    }
}
