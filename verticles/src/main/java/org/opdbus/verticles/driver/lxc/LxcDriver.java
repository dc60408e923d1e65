// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.opdbus.verticles.files.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers of plain LXC, in a folder of containers of its own.
 *
 * <p>The link of a container that it creates has our name from the first moment ({@code lxc.net.0.veth.pair}), so no
 * rename is needed. The container's configuration names no bridge, so a start waits for nothing. It does not depend
 * on {@code /etc/lxc/default.conf}. In the configuration of a container it changes only what it is asked to change.
 */
public final class LxcDriver implements ContainerDriver {
    private static final Logger LOG = LoggerFactory.getLogger(LxcDriver.class);
    private static final String LAB = "lab";
    private static final Path ETC = Path.of("/etc");
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    /** A template may have to download a whole system. */
    private static final Duration CREATE_LIMIT = Duration.ofMinutes(30);

    private final CommandRunner runner;
    private final Path lxcPath;
    private final LxcTools tools;
    private final LxcSettings settings;
    private final LxcCreation creation;
    private final LxcChange change;

    /** Creates a driver for the containers in this folder ({@code lxc.path}). */
    public LxcDriver(CommandRunner runner, Path lxcPath) {
        this(runner, lxcPath, ETC, CREATE_LIMIT);
    }

    LxcDriver(CommandRunner runner, Path lxcPath, Path etc, Duration createLimit) {
        this.runner = runner;
        this.lxcPath = lxcPath;
        tools = new LxcTools(runner, lxcPath);
        settings = new LxcSettings(CgroupLimits.ofHost());
        change = new LxcChange(tools, settings);
        creation = new LxcCreation(tools, settings, etc, createLimit);
    }

    @Override
    public Completable create(NewContainer request) {
        return runner.submit(() -> {
                    creation.create(request);
                    return request.id();
                })
                .ignoreElement();
    }

    /**
     * Creates a container without a link: the lab of this name makes its links. Its configuration keeps the name of the lab.
     */
    public Completable createForLab(NewContainer request, String lab) {
        return runner.submit(() -> {
                    creation.create(request, () -> {
                        LxcConfigText config = tools.read(request.id());
                        LxcSettings.withoutLink(config);
                        config.setNote(LAB, lab);
                        AtomicFile.replace(tools.config(request.id()), config.toBytes());
                    });
                    return request.id();
                })
                .ignoreElement();
    }

    /**
     * What a lab must know of a container.
     *
     * @param initPid its init, if it runs
     * @param lab the lab that made it, if one did
     * @param network the kind of its first link by its configuration, if it has one
     */
    public record LabContainer(Optional<Long> initPid, Optional<String> lab, Optional<String> network) {}

    /** Looks at a container; empty if there is none, or if an agent was killed while it created it. */
    public Maybe<LabContainer> lookForLab(ContainerId id) {
        return runner.submit(() -> tools.isDefined(id)
                                && CreationMark.read(tools.folder(id)).isEmpty()
                        ? Optional.of(forLab(id))
                        : Optional.<LabContainer>empty())
                .flatMapMaybe(found -> found.map(Maybe::just).orElseGet(Maybe::empty));
    }

    /** Removes what an agent left that was killed while it created this container; fails while a program still creates it. */
    public Completable clearForLab(ContainerId id) {
        return runner.submit(() -> {
                    creation.clearRuins(id);
                    return id;
                })
                .ignoreElement();
    }

    /**
     * Starts a container that does not run.
     *
     * @param monitor the file into which lxc-start(1) writes the number of the process that is the parent of the container's init; the
     *     file is there before the init, and LXC removes it when the container has ended
     */
    public Completable startForLab(ContainerId id, Path monitor) {
        return runner.submit(() -> {
                    tools.requireDefined(id);
                    tools.start(id, START_LIMIT, List.of("--pidfile=" + monitor));
                    return id;
                })
                .ignoreElement();
    }

    private LabContainer forLab(ContainerId id) throws IOException, DriverException, InterruptedException {
        LxcConfigText config = tools.read(id);
        return new LabContainer(tools.initPid(id), config.note(LAB), config.value(LxcSettings.NET + "type"));
    }

    @Override
    public Completable start(ContainerId id) {
        return runner.submit(() -> {
                    tools.requireDefined(id);
                    if (!tools.isRunning(id)) {
                        tools.start(id, START_LIMIT);
                    }
                    return id;
                })
                .ignoreElement();
    }

    @Override
    public Completable stop(ContainerId id, Duration grace) {
        return runner.submit(() -> {
                    tools.requireDefined(id);
                    if (tools.isRunning(id)) {
                        tools.stop(id, grace, STOP_LIMIT);
                    }
                    return id;
                })
                .ignoreElement();
    }

    @Override
    public Completable destroy(ContainerId id) {
        return runner.submit(() -> {
                    tools.requireDefined(id);
                    if (tools.isRunning(id)) {
                        throw new DriverException(
                                Reason.WRONG_STATE, "container " + id + " was not destroyed: it runs", "stop it first");
                    }
                    tools.destroy(id, STOP_LIMIT);
                    return id;
                })
                .ignoreElement();
    }

    @Override
    public Single<Set<String>> set(ContainerId id, PropertyChanges changes) {
        return runner.submit(() -> change.make(id, changes));
    }

    @Override
    public Single<CommandResult> exec(ContainerId id, Command command) {
        return runner.submit(() -> {
            tools.requireDefined(id);
            if (!tools.isRunning(id)) {
                throw new DriverException(
                        Reason.WRONG_STATE,
                        command.arguments().get(0) + " was not run in container " + id + ": it does not run",
                        "start it first");
            }
            return tools.attach(id, command);
        });
    }

    @Override
    public Single<Boolean> exists(ContainerId id) {
        return runner.submit(() -> tools.isDefined(id));
    }

    @Override
    public Single<List<ContainerId>> list() {
        return runner.submit(() -> {
            try {
                ContainerFolders folders = ContainerFolders.in(lxcPath);
                folders.leftOut()
                        .forEach(name -> LOG.warn(
                                "folder={} in {} is ignored: no container can have this name; " + "rename it",
                                name,
                                lxcPath));
                return folders.ids().stream().filter(tools::isDefined).sorted().toList();
            } catch (IOException failure) {
                throw new DriverException(
                        Reason.FILE, lxcPath + " cannot be listed: " + failure, "check that it is readable", failure);
            }
        });
    }

    @Override
    public Maybe<ContainerDescription> describe(ContainerId id) {
        return runner.submit(() ->
                        tools.isDefined(id) ? Optional.of(describeNow(id)) : Optional.<ContainerDescription>empty())
                .flatMapMaybe(found -> found.map(Maybe::just).orElseGet(Maybe::empty));
    }

    private ContainerDescription describeNow(ContainerId id) throws DriverException {
        try {
            LxcConfigText config = tools.read(id);
            Map<String, Object> properties = settings.read(config);
            Path rootfs = tools.rootfs(id, config);
            if (!rootfs.equals(tools.folder(id).resolve("rootfs"))) {
                properties.put("rootfs", rootfs.toString());
            }
            return new ContainerDescription(
                    id,
                    config.value(LxcSettings.HOST_LINK),
                    Optional.of(config.value(LxcSettings.NET + "link").orElse("")),
                    false,
                    properties);
        } catch (IOException failure) {
            throw new DriverException(
                    Reason.FILE, "the configuration of container " + id + " cannot be read: " + failure, "", failure);
        }
    }
}
