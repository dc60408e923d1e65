// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import org.opdbus.events.Event;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.events.ProxmoxEvent.ProxmoxConfigured;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.ProxmoxPicture;

/** Detects from facts that another program works on a link, and begins a quiet time for it. Confined to one thread. */
public final class OtherHands {
    private final HostView view;
    private final QuietTimes quiet;

    public OtherHands(HostView view, QuietTimes quiet) {
        this.view = view;
        this.quiet = quiet;
    }

    /** Receives a fact before the view does. */
    public void hear(Event event) {
        if (event instanceof PortAdded added) {
            if (isManaged(added.port().name())) {
                quiet.managed(added.port().name());
            }
        } else if (event instanceof PortRemoved removed) {
            heard(removed.port());
        } else if (event instanceof LinkAppeared appeared) {
            String name = appeared.link().name().value();
            if (isManaged(name)) {
                quiet.managed(name);
            } else {
                quiet.forget(name);
            }
        } else if (event instanceof ProxmoxConfigured configured) {
            configured
                    .nets()
                    .forEach(net -> quiet.managed(ProxmoxPicture.linkName(configured.container(), net.number())));
        }
    }

    private void heard(Port port) {
        if (isManaged(port.name())) {
            quiet.managed(port.name());
        } else if (isTakenFromRunning(port)) {
            quiet.removed(port.name());
        }
    }

    private boolean isManaged(String name) {
        return ProxmoxPicture.containerOf(name)
                .filter(view.proxmox()::mayManage)
                .isPresent();
    }

    /**
     * Returns whether another program has removed the port of a running container. If the agent removes such a port itself, it
     * forgets the enrolment first.
     */
    private boolean isTakenFromRunning(Port port) {
        return view.marksOf(port)
                .filter(marks -> view.link(marks.link()).isPresent()
                        && view.container(marks.container())
                                .filter(ContainerView::isRunning)
                                .isPresent()
                        && view.enrollments()
                                .of(marks.container(), marks.link())
                                .filter(enrollment -> enrollment.port().equals(port.name()))
                                .isPresent())
                .isPresent();
    }
}
