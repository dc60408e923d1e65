// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.wiring.Agent;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.fuse.FuseVerticle;
import org.opdbus.verticles.fuse.MountOptions;

/** An agent in this process that inspects the host and mounts what it finds as files. Changes only what is written to them. */
public final class MountingAgent implements AutoCloseable {
    private static final long QUIET_S = 10;

    private final Agent agent;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private MountingAgent(Agent agent) {
        this.agent = agent;
    }

    /**
     * Starts one; returns when everything that exists has been heard of.
     *
     * @param writable whether it carries out what is written, and writes the ledger, as one agent of a host alone can do
     */
    public static MountingAgent start(AgentConfig config, boolean writable) {
        if (writable) {
            ControlClient.connect(config.runtime().controlSocket()).ifPresent(running -> {
                running.close();
                throw new CannotRunException(
                        "an agent runs, and it alone records changes of this host; set \"fuse.mount\" and "
                                + "\"fuse.writable\" in its configuration, or mount without --writable");
            });
        }
        return new MountingAgent(InProcessAgent.attend(config, writable ? Role.CARRY_OUT : Role.OBSERVE));
    }

    /**
     * Mounts, and returns when the files can be read.
     *
     * @throws CannotRunException with a remedy
     */
    public void mount(MountOptions options) {
        FuseVerticle mounted = mounted(options);
        mounted.ended().thenRun(this::end).isDone();
        agent.defect().thenRun(this::end).isDone();
        // The first list of everything leaves much behind, and a quiet process would never collect it.
        CompletableFuture.delayedExecutor(QUIET_S, TimeUnit.SECONDS).execute(System::gc);
    }

    private FuseVerticle mounted(MountOptions options) {
        try {
            return agent.mount(options);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof IOException failed) {
                throw new CannotRunException(String.valueOf(failed.getMessage()), failed);
            }
            throw e;
        }
    }

    /** Ends the waiting. */
    public void end() {
        end.complete(null);
    }

    /** Waits until {@link #end}, or until the files have been unmounted by hand. */
    public void awaitEnd() {
        try {
            end.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("this future never fails", impossible);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Unmounts. */
    @Override
    public void close() {
        agent.close();
    }
}
