// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.dbus.manager.ManagerFace.Sources;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.FaceLab;
import org.opdbus.verticles.dbus.testing.FakeHostWork;
import org.opdbus.verticles.dbus.work.LedgerWork;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;

/** Containers of every kind on a real message bus. */
class ContainerObjectIT {
    private static final String INTERFACE = "org.opdbus.Container1";
    private static final String WEB = "/org/opdbus/container/docker_3a3f2ab1c9d0e1";

    private final FakeHostWork work = new FakeHostWork();
    private FaceLab lab;

    @BeforeEach
    void start() {
        lab = new FaceLab(
                (made, loop) -> new ManagerFace(
                        new Sources(
                                made.facts,
                                made.inventory,
                                work,
                                new LedgerWork(Path.of("/none"), Optional::empty, Schedulers.io())),
                        loop,
                        Schedulers.io()),
                ManagerFace.NAME);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void see(Workload workload) {
        lab.containers.onNext(List.of(new ContainerNews(
                workload.id(),
                Optional.of(new ContainerStatus(
                        workload.id(), Optional.of(workload), true, ContainerPhase.LEFT_ALONE, "", "", List.of())))));
    }

    private static EngineContainer web(String name) {
        return new EngineContainer(Kind.DOCKER.id("3f2ab1c9d0e1"), name, "nginx:1", "bridge", Asked.NOTHING);
    }

    private String property(String path, String name) {
        return lab.busctl(BusUser.ROOT, "get-property", ManagerFace.NAME, path, INTERFACE, name)
                .text();
    }

    @Test
    void a_container_of_an_engine_has_an_object_whose_path_every_tool_takes() {
        see(new LxcContainer(new ContainerId("100"), "/var/lib/lxc"));
        see(web("web"));
        assertThat(lab.busctl(BusUser.ROOT, "tree", "--list", ManagerFace.NAME).text())
                .contains(WEB, "/org/opdbus/container/_3100");
        assertThat(property(WEB, "Id")).isEqualTo("s \"docker:3f2ab1c9d0e1\"");
        assertThat(property(WEB, "Kind")).isEqualTo("s \"docker\"");
        assertThat(property(WEB, "Name")).isEqualTo("s \"web\"");
        assertThat(property("/org/opdbus/container/_3100", "Kind")).isEqualTo("s \"lxc\"");
        assertThat(property("/org/opdbus/container/_3100", "Name")).isEqualTo("s \"100\"");
        assertThat(lab.gdbus("/org/opdbus", "org.opdbus.Manager1.GetContainer", "docker:3f2ab1c9d0e1")
                        .text())
                .contains(WEB);
        see(web("shop"));
        eventually(() -> assertThat(property(WEB, "Name")).isEqualTo("s \"shop\""));
    }
}
