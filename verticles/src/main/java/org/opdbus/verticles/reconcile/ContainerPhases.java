// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.Port;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;

/** The status of containers, for queries. */
final class ContainerPhases {
    private final HostView view;

    ContainerPhases(HostView view) {
        this.view = view;
    }

    ContainerStatus of(ContainerId id, Optional<Work> work) {
        Optional<Plan> plan = work.flatMap(found -> found.plan);
        Optional<ContainerView> container = view.container(id);
        ContainerPhase standing = plan.map(Plan::standing).orElse(ContainerPhase.WAITING);
        Optional<Trouble> trouble = work.flatMap(Work::trouble).filter(failed -> standing == ContainerPhase.WORKING);
        boolean refused = work.filter(Work::isRefused).isPresent();
        return new ContainerStatus(
                id,
                container.map(ContainerView::container),
                container.filter(ContainerView::isRunning).isPresent(),
                trouble.map(failed -> refused ? ContainerPhase.REFUSED : ContainerPhase.WAITING)
                        .orElse(standing),
                trouble.map(Trouble::message).or(() -> plan.map(Plan::why)).orElse(""),
                trouble.map(Trouble::remedy).or(() -> plan.map(Plan::remedy)).orElse(""),
                container.map(this::linkStatus).orElse(List.of()));
    }

    private List<LinkStatus> linkStatus(ContainerView container) {
        List<LinkStatus> links = new ArrayList<>();
        for (Link link : view.linksOf(container)) {
            Optional<Port> port = view.portNamed(link.name().value());
            links.add(new LinkStatus(
                    link.index(),
                    link.name().value(),
                    link.altNames(),
                    port.map(Port::bridge),
                    port.flatMap(Port::tag),
                    port.filter(Port::isLive).map(Port::ofport).orElse(0)));
        }
        links.sort(Comparator.comparing(LinkStatus::name));
        return links;
    }
}
