// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.LabLabels;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Docker;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.definition.LabRefusal;

/**
 * Makes, starts and removes the containers of one lab. A container whose labels do not name the lab and the item is never touched. The
 * record of an item is written before its container is made. Every method waits.
 */
final class DockerMachine implements ContainerMachines.Starter {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf/all");

    private final DockerHost docker;
    private final ContainerWires wires;
    private final String lab;
    private final MachineFiles files;

    DockerMachine(DockerHost docker, ContainerWires wires, String lab, MachineFiles files) {
        this.docker = docker;
        this.wires = wires;
        this.lab = lab;
        this.files = files;
    }

    /** The name of a lab has no dot, so no two items have containers of the same name. */
    private String name(String item) {
        return LabNames.namespace(lab) + "." + item;
    }

    @Override
    public void start(LabItem item) throws IOException, InterruptedException {
        Docker wanted = wanted(item);
        String name = name(item.name());
        Optional<ContainerRecord> record = record(item);
        Optional<DockerContainer> found = find(item.name(), record);
        if (found.isPresent() && (record.isEmpty() || !found.get().image().equals(wanted.image()))) {
            // It is of an earlier run of the lab, which a boot has ended, or of another definition.
            docker.remove(found.get().id(), GRACE);
            found = Optional.empty();
        }
        if (found.isEmpty()) {
            write(item, name);
            String made = docker.create(name, wanted.image(), description(item, wanted));
            write(item, made);
            found = docker.find(made);
        }
        String id = found.map(DockerContainer::id).orElseThrow(() -> gone(name));
        docker.start(id, name);
        DockerContainer begun = docker.find(id).orElseThrow(() -> gone(name));
        if (begun.initPid() == 0) {
            throw new LabRefusal(
                    "the program of the container " + name + " ended at once, with the status " + begun.exitCode(),
                    "docker run --rm -it --network none " + wanted.image()
                            + " shows what it says; command= gives it another program");
        }
        files.write(
                item.id(), ContainerRecord.of(item.name(), id, begun.initPid()).lines());
        wires.make(lab, item, begun.initPid());
    }

    private static LabRefusal gone(String name) {
        return new LabRefusal("the container " + name + " was removed while it was started", "");
    }

    private void write(LabItem item, String container) throws IOException {
        files.write(item.id(), new ContainerRecord(item.name(), container, 0, "").lines());
    }

    private JsonObject description(LabItem item, Docker wanted) {
        JsonObject labels = new JsonObject().put(LabLabels.LAB, lab).put(LabLabels.ITEM, item.name());
        // In a network namespace of its own, this right lets it give its links addresses and routes.
        JsonObject host = new JsonObject().put("NetworkMode", "none").put("CapAdd", new JsonArray().add("NET_ADMIN"));
        if (Files.exists(IPV6)) {
            // Docker switches IPv6 off where it makes no link.
            host.put("Sysctls", new JsonObject().put("net.ipv6.conf.all.disable_ipv6", "0"));
        }
        JsonObject description = new JsonObject()
                .put("Image", wanted.image())
                .put("Hostname", item.name())
                // A shell ends at once if it has nothing to read from.
                .put("Tty", true)
                .put("OpenStdin", true)
                .put("Labels", labels)
                .put("HostConfig", host);
        return wanted.command().isBlank()
                ? description
                : description.put(
                        "Cmd", new JsonArray(List.of(wanted.command().strip().split(" +"))));
    }

    @Override
    public void stop(LabItem item) throws IOException, InterruptedException {
        wires.remove(lab, item);
        Optional<ContainerRecord> record = record(item);
        try {
            remove(item.name(), record);
        } catch (EngineException away) {
            if (record.isPresent()) {
                throw away;
            }
        }
        files.remove(item.id());
    }

    @Override
    public void stop(int number, ContainerRecord record) throws IOException, InterruptedException {
        wires.remove(lab, number);
        remove(record.item(), Optional.of(record));
        files.remove(number);
    }

    private void remove(String item, Optional<ContainerRecord> record) throws InterruptedException {
        Optional<DockerContainer> found = find(item, record);
        if (found.isPresent()) {
            docker.remove(found.get().id(), GRACE);
        }
    }

    /** Returns the container of an item, by the id in its record or by its name; empty if that one is not the lab's. */
    private Optional<DockerContainer> find(String item, Optional<ContainerRecord> record) throws InterruptedException {
        Optional<DockerContainer> found =
                record.isPresent() ? docker.find(record.get().container()) : Optional.empty();
        if (found.isEmpty()) {
            found = docker.find(name(item));
        }
        return found.filter(container -> container.isOf(lab, item));
    }

    private Optional<ContainerRecord> record(LabItem item) throws IOException {
        return files.read(item.id())
                .flatMap(ContainerRecord::read)
                .filter(record -> record.item().equals(item.name()));
    }

    private static Docker wanted(LabItem item) {
        if (item.machine() instanceof Docker wanted) {
            return wanted;
        }
        throw new IllegalArgumentException(item.name() + " is no container of Docker");
    }
}
