// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.driver.lxc.LxcDriver.LabContainer;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Lxc;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and ends one container as a machine of a lab. Every method waits. */
final class LxcMachine implements ContainerMachines.Starter {
    private static final Logger LOG = LoggerFactory.getLogger(LxcMachine.class);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final int BYTES_MAX = 32;

    private final LxcDriver driver;
    private final ContainerWires wires;
    private final String lab;
    private final MachineFiles files;

    LxcMachine(LxcDriver driver, ContainerWires wires, String lab, MachineFiles files) {
        this.driver = driver;
        this.wires = wires;
        this.lab = lab;
        this.files = files;
    }

    @Override
    public void start(LabItem item) throws IOException {
        Lxc lxc = lxc(item);
        ContainerId id = new ContainerId(lxc.container());
        LabContainer before = present(lxc, id);
        if (before.initPid().isEmpty()) {
            before.network().filter(type -> !type.equals("empty")).ifPresent(type -> {
                throw new LabRefusal(
                        "the container " + id + " has a network of its own (lxc.net.0.type = " + type + ")",
                        "set lxc.net.0.type = empty in its configuration, without the other keys of lxc.net.0");
            });
            driver.startForLab(id, files.starter(item.id())).blockingAwait();
        }
        long init = before.initPid()
                .or(() -> look(id).initPid())
                .orElseThrow(() -> new LabRefusal("the container " + id + " ended at once", "see its log"));
        files.write(item.id(), ContainerRecord.of(item.name(), id.value(), init).lines());
        wires.make(lab, item, init);
    }

    /** Returns the container; makes it if the lab is to have one by a template. */
    private LabContainer present(Lxc lxc, ContainerId id) {
        @Nullable LabContainer found = driver.lookForLab(id).blockingGet();
        if (found == null && lxc.template().isEmpty()) {
            throw new LabRefusal(
                    "there is no container " + id, "lxc-ls lists them; template=busybox makes one for the lab");
        }
        if (found == null) {
            ContainerProperties properties =
                    ContainerProperties.of(Map.of("template", lxc.template().get()));
            // The name of a link that the container does not get.
            NewContainer request = new NewContainer(id, new LinkName("lab0"), "", properties);
            driver.createForLab(request, lab).blockingAwait();
            return look(id);
        }
        if (lxc.template().isPresent() && !found.lab().equals(Optional.of(lab))) {
            throw new LabRefusal(
                    "there is a container " + id + " already, which this lab did not make",
                    "choose another name, or leave the template out to use the container as it is");
        }
        return found;
    }

    private LabContainer look(ContainerId id) {
        return driver.lookForLab(id)
                .switchIfEmpty(Single.error(new LabRefusal("the container " + id + " is gone", "")))
                .blockingGet();
    }

    @Override
    public void stop(LabItem item) throws IOException {
        Lxc lxc = lxc(item);
        ContainerId id = new ContainerId(lxc.container());
        wires.remove(lab, item);
        @Nullable LabContainer found = driver.lookForLab(id).blockingGet();
        boolean made =
                found != null && lxc.template().isPresent() && found.lab().equals(Optional.of(lab));
        if (found != null && (made || isStarted(item.id(), found))) {
            driver.stop(id, GRACE).blockingAwait();
        }
        if (made) {
            driver.destroy(id).blockingAwait();
        } else if (found == null && lxc.template().isPresent()) {
            driver.clearForLab(id).blockingAwait();
        }
        files.remove(item.id());
    }

    /** One that the lab made is kept: no definition says that it may go. */
    @Override
    public void stop(int number, ContainerRecord record) throws IOException {
        ContainerId id = new ContainerId(record.container());
        wires.remove(lab, number);
        @Nullable LabContainer found = driver.lookForLab(id).blockingGet();
        if (found != null && isStarted(number, found)) {
            driver.stop(id, GRACE).blockingAwait();
        }
        if (found != null && found.lab().equals(Optional.of(lab))) {
            LOG.warn("lab={} container={} was made by the lab, and is kept: lxc-destroy removes it", lab, id);
        }
        files.remove(number);
    }

    /** Returns whether the lab has started this container as it runs now: the init's parent is the process that the lab began. */
    private boolean isStarted(int number, LabContainer found) throws IOException {
        Optional<String> starter = RegularFile.readIfExists(files.starter(number), BYTES_MAX)
                .map(bytes -> new String(bytes, StandardCharsets.US_ASCII).strip());
        return starter.isPresent()
                && found.initPid()
                        .flatMap(ProcessStat::of)
                        .map(init -> Long.toString(init.parent()))
                        .equals(starter);
    }

    private static Lxc lxc(LabItem item) {
        if (item.machine() instanceof Lxc lxc) {
            return lxc;
        }
        throw new IllegalArgumentException(item.name() + " is no container");
    }
}
