// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.plan.ContainerRule;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Act;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;
import org.opdbus.verticles.view.ContainerView;

/** Asks the kernel for the namespace id of a container's init before its links can be identified. */
public final class NamespaceRule implements ContainerRule {
    @Override
    public Optional<Outcome> decide(ContainerId id, ContainerView container) {
        return container.isResolved()
                ? Optional.empty()
                : Optional.of(new Act(
                        new ResolveNamespace(id, container.initPid().orElseThrow(), container.namespaceQuestion())));
    }
}
