// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.machines;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers running containers of LXC with systemd-machined (org.freedesktop.machine1(5)) and takes them off its list when they stop.
 *
 * <p>What Docker, Podman or libvirt made is theirs to register.
 *
 * <p>It only ever calls {@code RegisterMachine}, which notes what exists, and never {@code CreateMachine}, which would move the
 * container's processes into another control group. machined takes only processes of a systemd unit, and LXC puts containers
 * outside of all units unless {@code lxc.cgroup.relative} is set. A refusal is one line for each run of a container, and is not
 * tried again.
 *
 * <p>One call is under way at a time. What waits is one entry for each container at most. On the event loop of the connection.
 */
public final class MachineRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(MachineRegistry.class);
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final String NAME = "org.freedesktop.machine1";
    private static final ObjectPath PATH = new ObjectPath("/org/freedesktop/machine1");
    private static final ObjectPath MACHINES = new ObjectPath(PATH.value() + "/machine");
    private static final String EXISTS = NAME + ".MachineExists";
    private static final String SERVICE = "op-dbus";
    /** What machined takes for the name of a machine: a host name (hostname(7)). */
    private static final Pattern MACHINE = Pattern.compile(
            "(?=.{1,64}$)[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*");

    /** The first processes of the containers that run. */
    private final Map<ContainerId, Long> running = new HashMap<>();

    private final Map<ContainerId, Long> registered = new LinkedHashMap<>();
    private final Map<ContainerId, Long> refused = new HashMap<>();
    private final Set<ContainerId> due = new LinkedHashSet<>();
    private final CompositeDisposable listening = new CompositeDisposable();
    private Optional<BusSession> session = Optional.empty();
    private boolean isCalling;

    /** How a call ended: the values of its answer, or its failure. */
    private record Outcome(List<Object> value, Optional<Throwable> error) {
        boolean isSuccess() {
            return error.isEmpty();
        }

        Throwable failure() {
            return error.orElseThrow();
        }
    }

    /** Creates a registry that hears nothing by itself. */
    MachineRegistry() {}

    /** Creates a registry that hears which containers run; call it on the event loop of the connection. */
    public MachineRegistry(Bus bus) {
        listening.add(bus.subscribe(
                Address.CONTAINER_STARTED, started -> runs(started.container().id(), Optional.of(started.initPid()))));
        listening.add(bus.subscribe(
                Address.CONTAINER_STOPPED, stopped -> runs(stopped.container().id(), Optional.empty())));
    }

    /** Returns whether machined can have a machine of this name. */
    static boolean isMachineName(String name) {
        return MACHINE.matcher(name).matches();
    }

    /** Begins to register on a connection, until the result is disposed of. */
    Disposable tell(BusSession open) {
        session = Optional.of(open);
        // machined may have been another one before. It says if it has a machine already.
        registered.clear();
        due.addAll(running.keySet());
        next();
        return Disposable.fromRunnable(() -> {
            session = Optional.empty();
            isCalling = false;
        });
    }

    /** Stops. Machines stay registered as long as they run. */
    void dispose() {
        listening.dispose();
    }

    /** Takes note of a container's first process, or that it has none. */
    void runs(ContainerId container, Optional<Long> pid) {
        if (container.kind() != Kind.LXC) {
            return;
        }
        pid.ifPresentOrElse(now -> running.put(container, now), () -> {
            running.remove(container);
            refused.remove(container);
        });
        due.add(container);
        next();
    }

    private void next() {
        Iterator<ContainerId> first = due.iterator();
        while (session.isPresent() && !isCalling && first.hasNext()) {
            ContainerId container = first.next();
            first.remove();
            bring(session.get(), container);
        }
    }

    private void bring(BusSession open, ContainerId container) {
        Optional<Long> wanted = Optional.ofNullable(running.get(container));
        Optional<Long> known = Optional.ofNullable(registered.get(container));
        if (known.isPresent() && !known.equals(wanted)) {
            registered.remove(container);
            due.add(container);
            call(open, "UnregisterMachine", Body.of("s", container.value()), outcome -> {
                // machined forgets a machine by itself when its unit ends, and then does not know it any more.
            });
        } else if (wanted.isPresent()
                && known.isEmpty()
                && !wanted.equals(Optional.ofNullable(refused.get(container)))) {
            register(open, container, wanted.get());
        }
    }

    private void register(BusSession open, ContainerId container, long pid) {
        if (!isMachineName(container.value())) {
            refused(container, pid, "machined takes only names that a host can have");
            return;
        }
        Body machine = Body.of("sayssus", container.value(), List.of(), SERVICE, "container", pid, "");
        call(open, "RegisterMachine", machine, registration -> {
            if (registration.isSuccess()) {
                registered.put(container, pid);
                LOG.info("machined=registered container={} pid={}", container, pid);
            } else if (isName(registration.failure(), EXISTS)) {
                recognise(open, container, pid);
            } else {
                refused(container, pid, reason(registration.failure()));
            }
        });
    }

    /** An earlier run of the agent, or an earlier connection, may have registered it. */
    private void recognise(BusSession open, ContainerId container, long pid) {
        call(open, "GetMachineByPID", Body.of("u", pid), found -> {
            if (found.isSuccess() && found.value().equals(List.of(MACHINES.child(container.value())))) {
                registered.put(container, pid);
            } else {
                refused(container, pid, "another machine has its name");
            }
        });
    }

    private void refused(ContainerId container, long pid, String why) {
        refused.put(container, pid);
        LOG.info("machined=refused container={} reason=\"{}\"", container, why);
    }

    private void call(BusSession open, String method, Body arguments, Consumer<Outcome> then) {
        isCalling = true;
        MemberAddress member = new MemberAddress(NAME, PATH, NAME + ".Manager", method);
        open.call(BusMessage.call(member, arguments), LIMIT)
                .map(answer -> new Outcome(answer.body().values(), Optional.empty()))
                .onErrorReturn(failure -> new Outcome(List.of(), Optional.of(failure)))
                .subscribe(
                        outcome -> {
                            // Another connection begins from its own picture.
                            if (session.equals(Optional.of(open))) {
                                isCalling = false;
                                then.accept(outcome);
                                next();
                            }
                        },
                        impossible -> LOG.warn("machined: a call failed by a defect", impossible),
                        listening);
    }

    private static boolean isName(Throwable failure, String name) {
        return failure instanceof BusErrorException error && error.name().equals(name);
    }

    private static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("determine unit")
                ? message
                        + "; machined takes only containers of a systemd unit: lxc.cgroup.relative = 1, and lxc@.service"
                : message;
    }
}
