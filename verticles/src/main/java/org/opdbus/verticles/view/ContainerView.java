// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.StaticAddress;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.VirtualMachine;

/** What is known about one container. Only {@link HostView#apply} changes it. */
public final class ContainerView {
    private Workload container;
    private boolean defined;
    private OptionalLong initPid = OptionalLong.empty();
    private boolean resolved;
    private long question = 1;
    private long answered;
    private int namespace = Link.NO_NAMESPACE;
    private final Set<ContainerId> neighbours = new HashSet<>();
    private final Map<Integer, Link.Inner> innerLinks = new LinkedHashMap<>();
    private final Map<Integer, StaticAddress> addresses = new LinkedHashMap<>();
    private final Set<Integer> cleared = new HashSet<>();
    private final Set<Integer> portsHeard = new HashSet<>();

    ContainerView(Workload container) {
        this.container = container;
    }

    void defined(Workload definition, boolean exists) {
        container = definition;
        defined = exists;
    }

    void started(Workload running, long pid) {
        if (initPid.isPresent() && initPid.getAsLong() == pid) {
            return;
        }
        stopped();
        container = running;
        defined = true;
        initPid = OptionalLong.of(pid);
        // A virtual machine has no namespace of its own; its source says which links are its.
        resolved = running instanceof VirtualMachine;
    }

    void stopped() {
        initPid = OptionalLong.empty();
        unresolved();
        neighbours.clear();
        innerLinks.clear();
        addresses.clear();
        cleared.clear();
        portsHeard.clear();
    }

    /** The kernel must be asked for the namespace's id. */
    void unresolved() {
        question++;
        resolved = false;
        namespace = Link.NO_NAMESPACE;
    }

    void namespace(int id, long asked) {
        answered = Math.max(answered, asked);
        resolved = true;
        namespace = id;
    }

    /** The kernel has no id for the namespace; it is asked again if links were added since the question. */
    void withoutNamespace(long asked) {
        answered = Math.max(answered, asked);
        resolved = asked >= question;
        namespace = Link.NO_NAMESPACE;
    }

    /** The kernel may have an id for the namespace by now. */
    void doubtNamespace() {
        question++;
        resolved = false;
    }

    /** The number of the next question for the namespace's id; each doubt increases it. */
    public long namespaceQuestion() {
        return question;
    }

    /** Returns whether this question for the namespace's id, or a later one, was answered. */
    public boolean isAnswered(long asked) {
        return answered >= asked;
    }

    /** Stores a container that was in the same namespace; returns false if that was known. */
    boolean neighbour(ContainerId other) {
        return neighbours.add(other);
    }

    void noNeighbour(ContainerId other) {
        neighbours.remove(other);
    }

    Set<ContainerId> neighbours() {
        return new TreeSet<>(neighbours);
    }

    void inner(int index, Link.Inner link) {
        innerLinks.put(index, link);
    }

    void addressed(int index, StaticAddress address) {
        addresses.put(index, address);
        cleared.remove(index);
    }

    /** The address that was set earlier is gone from this link. */
    void cleared(int index) {
        addresses.remove(index);
        cleared.add(index);
    }

    /** Every port is known that existed after this link was seen to lead into the container. */
    void portsHeard(int index) {
        portsHeard.add(index);
    }

    public boolean arePortsHeard(int index) {
        return portsHeard.contains(index);
    }

    public boolean isCleared(int index) {
        return cleared.contains(index);
    }

    void forget(int index) {
        innerLinks.remove(index);
        addresses.remove(index);
        cleared.remove(index);
        portsHeard.remove(index);
    }

    /** Returns whether it runs, and this process is its init. */
    public boolean isRunning(long pid) {
        return initPid.isPresent() && initPid.getAsLong() == pid;
    }

    public Workload container() {
        return container;
    }

    public boolean isDefined() {
        return defined;
    }

    public boolean isRunning() {
        return initPid.isPresent();
    }

    public OptionalLong initPid() {
        return initPid;
    }

    /**
     * Returns whether the kernel was asked for the namespace's id; the answer may have been that there is none yet.
     */
    public boolean isResolved() {
        return resolved;
    }

    public int namespace() {
        return namespace;
    }

    /**
     * Returns the container's end of a link, if the agent has read it. Of a virtual machine's end it is known only what the
     * machine's source says.
     */
    public Optional<Link.Inner> inner(int index) {
        return container instanceof VirtualMachine machine
                ? machine.taps().stream()
                        .filter(tap -> tap.index() == index)
                        .map(tap -> new Link.Inner(tap.name(), tap.mac().orElse(""), true))
                        .findFirst()
                : Optional.ofNullable(innerLinks.get(index));
    }

    /** Returns the address that was set on the link. */
    public Optional<StaticAddress> addressOf(int index) {
        return Optional.ofNullable(addresses.get(index));
    }
}
