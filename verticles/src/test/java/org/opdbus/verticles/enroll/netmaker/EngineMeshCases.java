// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.Refusal;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;
import org.opdbus.verticles.testing.PrivateEngine;

/** Containers of a real engine join a mesh with netclient's double, whose tunnel is real. */
abstract class EngineMeshCases {
    private static final int ID_LENGTH = 12;

    private final MeshLab lab = new MeshLab();
    private final Kind kind;
    private final PrivateEngine engine;
    private final Path programs;

    EngineMeshCases(Kind kind, PrivateEngine engine) {
        this.kind = kind;
        this.engine = engine;
        try {
            programs = Files.createTempDirectory("programs");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        engine.start();
        lab.use(kind, engine);
        NetclientDouble.put(programs);
        lab.tokens("NETMAKER_TOKEN=" + lab.server.token(1));
        lab.start(MeshLab.QUICK);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
        lab.close();
        try (Stream<Path> files = Files.walk(programs)) {
            files.sorted((a, b) -> b.compareTo(a))
                    .forEach(file -> assertThat(file.toFile().delete()).isTrue());
        }
    }

    private static Asked netmaker(List<String> faults) {
        return new Asked(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("netmaker"),
                Optional.empty(),
                faults);
    }

    /** Runs a container on the bridge, and tells of it as the source of containers does. */
    private ContainerId run(String name, Asked asked, String... options) {
        List<String> all = new ArrayList<>(List.of("--tmpfs", "/tmp"));
        all.addAll(List.of(options));
        for (String folder : List.of("/usr/lib", "/lib", "/lib64", "/usr/bin/wg", "/usr/bin/wireguard-go")) {
            all.addAll(List.of("--volume", folder + ":" + folder + ":ro"));
        }
        ContainerId id = kind.id(engine.run(name, all).substring(0, ID_LENGTH));
        lab.connect(engine, name);
        lab.bus.publish(
                new ContainerStarted(new EngineContainer(id, name, "busybox", "none", asked), engine.initPid(name)));
        return id;
    }

    private String[] possible() {
        return new String[] {
            "--cap-add",
            "NET_ADMIN",
            "--device",
            "/dev/net/tun",
            "--volume",
            programs.resolve("usr/bin/netclient") + ":/usr/bin/netclient:ro"
        };
    }

    @Test
    void a_container_whose_label_asks_for_it_joins() {
        ContainerId id = run("web", netmaker(List.of()), possible());
        MeshJoined joined = lab.joined(id);
        assertThat(joined.network()).isEqualTo(MeshServer.NETWORK);
        eventually(() -> assertThat(engine.exec("web", "ip", "-o", "link")).contains("netmaker"));
    }

    @Test
    void one_without_netclient_in_its_image_is_refused_with_the_reason() {
        ContainerId id = run("bare", netmaker(List.of()));
        EnrollmentRefused refused = lab.events.expect(
                EnrollmentRefused.class, event -> event.container().equals(id));
        assertThat(refused.reason()).isEqualTo(Refusal.MESH_NOT_POSSIBLE);
        assertThat(refused.message()).isEqualTo("netclient is not in the container");
        assertThat(lab.server.registrations()).isZero();
    }

    @Test
    void one_that_did_not_ask_for_it_or_asked_wrongly_joins_nothing() {
        ContainerId silent = run("silent", Asked.NOTHING, possible());
        ContainerId wrong = run("wrong", netmaker(List.of("opdbus.vlan must be a number")), possible());
        ContainerId right = run("right", netmaker(List.of()), possible());
        lab.joined(right);
        assertThat(lab.events.seen(MeshJoined.class))
                .extracting(MeshJoined::container)
                .doesNotContain(silent, wrong);
        assertThat(lab.server.registrations()).isEqualTo(1);
    }
}
