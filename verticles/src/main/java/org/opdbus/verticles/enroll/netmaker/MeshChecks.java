// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.enroll.netmaker.MeshContainers.Means;
import org.opdbus.verticles.enroll.netmaker.MeshHandler.MeshTarget;
import org.opdbus.verticles.enroll.netmaker.plan.MeshFold;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTransition;
import org.opdbus.verticles.plan.MeshIntent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks containers, one check at a time for each: the handler advances the container, and its observation is applied
 * to the container's state, published, and followed by the next check. All calls run on one thread.
 */
final class MeshChecks {
    private static final Logger LOG = LoggerFactory.getLogger(MeshChecks.class);

    private final Means means;
    private final MeshWiring parts;
    private final MeshFold fold;

    MeshChecks(Means means, MeshWiring parts) {
        this.means = means;
        this.parts = parts;
        fold = new MeshFold(means.times());
    }

    /** Checks a container now, or once more after the check in progress. */
    void check(MeshContainer container) {
        Optional<MeshIntent> intent = means.policy().intentFor(container.id());
        if (intent.isEmpty() || !container.mayCheck()) {
            return;
        }
        if (container.beginsWatch()) {
            parts.watch().begin(container.id(), container.initPid());
        }
        container.checkBegins();
        // The check counts as ended before its result is applied.
        container.checking(parts.handler()
                .advance(new MeshTarget(container.id(), container.initPid(), intent.get(), container.state(), nowMs()))
                .observeOn(means.own())
                .subscribe(observation -> observed(container, observation), defect -> checkFailed(container, defect)));
    }

    private void observed(MeshContainer container, MeshObservation observation) {
        MeshTransition transition = container.apply(observation, fold, nowMs());
        if (observation instanceof MeshObservation.Registered) {
            // The earlier answers of the server are about another node.
            parts.health().forget(container.id());
        }
        transition.facts().forEach(means.facts());
        if (!transition.next().why().isEmpty()) {
            LOG.debug(
                    "container={} phase={} checks={} {}",
                    container.id(),
                    transition.next().phase(),
                    transition.next().counts().checks(),
                    transition.next().why());
        }
        checkLater(container, transition.againMs());
    }

    private void checkFailed(MeshContainer container, Throwable defect) {
        LOG.error("container={} cannot be checked", container.id(), defect);
        checkLater(container, means.times().retryLast().toMillis());
    }

    private void checkLater(MeshContainer container, long againMs) {
        container.waiting(
                means.own().scheduleDirect(() -> check(container), container.delayMs(againMs), TimeUnit.MILLISECONDS));
    }

    /** A clock that does not jump. */
    static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
