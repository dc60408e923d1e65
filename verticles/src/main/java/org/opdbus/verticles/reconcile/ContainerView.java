// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.opdbus.events.Container;
import org.opdbus.events.Link;

/** What is known of one container. Changed by {@link HostView} only. */
final class ContainerView {
    private Container container;
    private boolean defined;
    private OptionalLong initPid = OptionalLong.empty();
    private boolean seenRunning;
    private boolean resolved;
    private int namespace = Link.NO_NAMESPACE;
    private final Map<Integer, InnerLink> innerLinks = new LinkedHashMap<>();
    private final Map<Integer, String> addresses = new LinkedHashMap<>();

    ContainerView(Container container) {
        this.container = container;
    }

    void defined(Container definition, boolean exists) {
        container = definition;
        defined = exists;
    }

    void started(Container running, long pid) {
        if (initPid.isPresent() && initPid.getAsLong() == pid) {
            return;
        }
        stopped();
        container = running;
        defined = true;
        initPid = OptionalLong.of(pid);
        seenRunning = true;
    }

    void stopped() {
        initPid = OptionalLong.empty();
        resolved = false;
        namespace = Link.NO_NAMESPACE;
        innerLinks.clear();
        addresses.clear();
    }

    void namespace(int id) {
        resolved = true;
        namespace = id;
    }

    void inner(int index, InnerLink link) {
        innerLinks.put(index, link);
    }

    void addressed(int index, String cidr) {
        addresses.put(index, cidr);
    }

    void forget(int index) {
        innerLinks.remove(index);
        addresses.remove(index);
    }

    Container container() {
        return container;
    }

    boolean isDefined() {
        return defined;
    }

    boolean isRunning() {
        return initPid.isPresent();
    }

    OptionalLong initPid() {
        return initPid;
    }

    /** Whether this run of the agent has seen it running. */
    boolean wasSeenRunning() {
        return seenRunning;
    }

    /** Whether the kernel was asked for the namespace's id; the answer may have been that there is none yet. */
    boolean isResolved() {
        return resolved;
    }

    int namespace() {
        return namespace;
    }

    Optional<InnerLink> inner(int index) {
        return Optional.ofNullable(innerLinks.get(index));
    }

    /** The address that was set on the link, in the form of {@link StaticAddress#cidr()}. */
    Optional<String> addressOf(int index) {
        return Optional.ofNullable(addresses.get(index));
    }
}
