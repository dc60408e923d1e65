// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.StepWork;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * Carries out the steps of a move that change Open vSwitch and the kernel. It refuses {@link Step.WriteFiles} and {@link
 * Step.RunProgram}, which are not its own.
 */
public final class NetworkSteps implements StepWork {
    private final SwitchSteps bridges;

    /**
     * Creates the work on an Open vSwitch; nothing is asked before the first step.
     *
     * @param host this host's name, which is written to the uplink's port beside the move
     */
    public NetworkSteps(SwitchDatabase database, String host) {
        bridges = new SwitchSteps(new SwitchSession(database), host);
    }

    /** Returns whether this class carries out such steps. */
    public static boolean isOwn(Step step) {
        return !(step instanceof Step.WriteFiles) && !(step instanceof Step.RunProgram);
    }

    @Override
    public void perform(String move, Step step) {
        try {
            dispatch(move, step);
        } catch (NetlinkException e) {
            throw new UplinkFailure(e.getMessage(), e);
        }
    }

    private void dispatch(String move, Step step) {
        if (step instanceof Step.PrepareBridge prepare) {
            bridges.prepare(move, prepare);
        } else if (step instanceof Step.AttachLink attach) {
            bridges.attach(move, attach);
        } else if (step instanceof Step.DetachLink detach) {
            bridges.detach(detach);
        } else if (step instanceof Step.MoveNetwork network) {
            NetworkMover.move(network);
        } else if (step instanceof Step.WriteSettings settings) {
            SettingFiles.write(settings);
        } else if (step instanceof Step.RestoreBridge restore) {
            bridges.restore(restore);
        } else if (step instanceof Step.Announce announce) {
            Announcer.announce(announce);
        } else if (step instanceof Step.Probe probe) {
            UplinkProbe.require(probe);
        } else {
            throw new IllegalArgumentException("another class carries out " + step);
        }
    }
}
