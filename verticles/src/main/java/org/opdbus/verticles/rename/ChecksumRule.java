// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.Bridge;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.rename.RenameStep.FinishChecksums;
import org.opdbus.verticles.view.HostView;

/**
 * On a bridge of a userspace datapath, the container must finish the checksums of what it sends: the datapath does not, and
 * the receiver would drop TCP and UDP. The agent sees to it while ovs-vswitchd brings the new port to life.
 */
public final class ChecksumRule implements LinkRule {
    private final HostView view;

    public ChecksumRule(HostView view) {
        this.view = view;
    }

    @Override
    public Optional<Outcome> decide(LinkSubject subject, Optional<Port> port) {
        String bridge = subject.intent().bridge();
        return view.bridge(bridge)
                .filter(Bridge::isUserspace)
                .flatMap(found -> subject.inner())
                .filter(inner -> !inner.checksumsFinished())
                .map(inner -> finish(subject, inner, bridge));
    }

    private static Outcome finish(LinkSubject subject, Link.Inner inner, String bridge) {
        return new Act(new FinishChecksums(
                subject.id(),
                subject.link(),
                inner,
                subject.container().initPid().orElseThrow(),
                bridge));
    }
}
