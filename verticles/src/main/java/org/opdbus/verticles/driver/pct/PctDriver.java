// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.pct;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.ContainerDescription;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.PropertyChanges;

/**
 * Containers of Proxmox VE, through {@code pct}, which keeps Proxmox's locks, task log, storages and high
 * availability correct.
 *
 * <p>Proxmox names links itself, {@code veth<VMID>i<N>}, and attaches them to their bridge at every start. The driver
 * reads the configuration from Proxmox's files, which costs no process.
 */
public final class PctDriver implements ContainerDriver {
    /** The folder of the configurations of this node's containers. */
    public static final Path CONFIGURATIONS = Path.of("/etc/pve/lxc");

    private static final String SUFFIX = ".conf";
    private static final int CONFIG_BYTES_MAX = 1_048_576;
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(30);
    private static final Duration CHANGE_LIMIT = Duration.ofMinutes(2);
    /** The removal of a large volume takes a long time. */
    private static final Duration DESTROY_LIMIT = Duration.ofMinutes(10);

    private final CommandRunner runner;
    private final Path configurations;
    private final PctTool pct;

    /** Creates a driver for the containers of this node. */
    public PctDriver(CommandRunner runner) {
        this(runner, "pct", CONFIGURATIONS);
    }

    /**
     * Creates a driver for a {@code pct} in another place.
     *
     * @param program its path, or its name on {@code PATH}
     * @param configurations the folder of {@code VMID.conf} files
     */
    public PctDriver(CommandRunner runner, String program, Path configurations) {
        this.runner = runner;
        this.configurations = configurations;
        pct = new PctTool(runner, program);
    }

    @Override
    public Completable create(NewContainer request) {
        return run(() -> {
            PctTool.requireVmid(request.id());
            String template = request.properties()
                    .template()
                    .orElseThrow(() -> new DriverException(
                            Reason.INVALID,
                            "container " + request.id() + " was not created: Proxmox needs a template",
                            "set properties.template, as in local:vztmpl/NAME; pveam list local "
                                    + "shows the templates"));
            if (Files.exists(file(request.id()))) {
                throw new DriverException(
                        Reason.ALREADY_EXISTS,
                        "there is a container " + request.id() + " already: " + file(request.id()),
                        "destroy it first, or keep it unchanged");
            }
            List<String> arguments = new ArrayList<>(List.of(template));
            arguments.addAll(PctSettings.forCreation(request));
            return pct.run(CREATE_LIMIT, "create", request.id(), arguments);
        });
    }

    @Override
    public Completable start(ContainerId id) {
        return run(() -> {
            read(id);
            return pct.isRunning(id) ? id : pct.run(CHANGE_LIMIT, "start", id, List.of());
        });
    }

    @Override
    public Completable stop(ContainerId id, Duration grace) {
        return run(() -> {
            read(id);
            if (!pct.isRunning(id)) {
                return id;
            }
            if (grace.toSeconds() < 1) {
                return pct.run(CHANGE_LIMIT, "stop", id, List.of());
            }
            List<String> arguments = List.of("--timeout", Long.toString(grace.toSeconds()), "--forceStop", "1");
            return pct.run(CHANGE_LIMIT.plus(grace), "shutdown", id, arguments);
        });
    }

    @Override
    public Completable destroy(ContainerId id) {
        return run(() -> {
            read(id);
            return pct.run(DESTROY_LIMIT, "destroy", id, List.of());
        });
    }

    @Override
    public Single<Set<String>> set(ContainerId id, PropertyChanges changes) {
        return runner.submit(() -> {
            PctConfigText config = read(id);
            changes.requireChangeable(id);
            List<String> arguments = PctSettings.forChange(changes, config);
            if (arguments.isEmpty()) {
                return Set.of();
            }
            pct.run(CHANGE_LIMIT, "set", id, arguments);
            return pct.isRunning(id) ? pending(changes) : Set.of();
        });
    }

    /** Proxmox changes limits and links of a running container at once; the rest takes effect at its next start. */
    private static Set<String> pending(PropertyChanges changes) {
        Set<String> pending = new TreeSet<>(changes.keys());
        pending.retainAll(Set.of("hostname", "features"));
        return pending;
    }

    @Override
    public Single<CommandResult> exec(ContainerId id, Command command) {
        return runner.submit(() -> {
            read(id);
            if (!pct.isRunning(id)) {
                throw new DriverException(
                        Reason.WRONG_STATE,
                        command.arguments().get(0) + " was not run in container " + id + ": it does not run",
                        "start it first");
            }
            return pct.exec(id, command);
        });
    }

    @Override
    public Single<Boolean> exists(ContainerId id) {
        return runner.submit(() -> PctTool.isVmid(id) && Files.exists(file(id)));
    }

    @Override
    public Single<List<ContainerId>> list() {
        return runner.submit(() -> {
            try (Stream<Path> files = Files.list(configurations)) {
                return files.map(file -> file.getFileName().toString())
                        .filter(name -> name.matches("[1-9][0-9]{2,8}\\.conf"))
                        .map(name -> new ContainerId(name.substring(0, name.length() - SUFFIX.length())))
                        .sorted()
                        .toList();
            } catch (IOException failure) {
                throw new DriverException(
                        Reason.FILE,
                        configurations + " cannot be listed: " + failure,
                        "check that pve-cluster runs, which provides this folder",
                        failure);
            }
        });
    }

    @Override
    public Maybe<ContainerDescription> describe(ContainerId id) {
        return runner.submit(() -> PctTool.isVmid(id) && Files.exists(file(id))
                        ? Optional.of(describeNow(id))
                        : Optional.<ContainerDescription>empty())
                .flatMapMaybe(found -> found.map(Maybe::just).orElseGet(Maybe::empty));
    }

    private ContainerDescription describeNow(ContainerId id) throws DriverException {
        PctConfigText config = read(id);
        return new ContainerDescription(
                id,
                Optional.of(PctSettings.hostLink(id.value(), 0)),
                PctSettings.bridge(config),
                PctSettings.isFirewalled(config),
                PctSettings.read(config));
    }

    private PctConfigText read(ContainerId id) throws DriverException {
        PctTool.requireVmid(id);
        try {
            if (Files.size(file(id)) > CONFIG_BYTES_MAX) {
                throw new DriverException(Reason.FILE, file(id) + " is larger than any configuration", "");
            }
            return PctConfigText.of(new String(Files.readAllBytes(file(id)), StandardCharsets.UTF_8));
        } catch (NoSuchFileException none) {
            throw new DriverException(
                    Reason.NO_SUCH_CONTAINER,
                    "there is no container " + id + " on this node: no " + file(id),
                    "pct list shows the containers that exist",
                    none);
        } catch (IOException failure) {
            throw new DriverException(
                    Reason.FILE,
                    file(id) + " cannot be read: " + failure,
                    "check that pve-cluster runs, which provides this file",
                    failure);
        }
    }

    private Path file(ContainerId id) {
        return configurations.resolve(id + SUFFIX);
    }

    private Completable run(Callable<Object> work) {
        return runner.submit(work).ignoreElement();
    }
}
