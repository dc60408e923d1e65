// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.edges.LinkWork.Made;
import org.opdbus.verticles.testing.Links;

/** The kernel makes a link for a process in a network namespace of its own. */
class MadeLinkIT {
    private static final LinkName OUTER = new LinkName("vi3f2ab1c9d0e1");
    private static final LinkName INNER = new LinkName("eth0");
    private static final String MAC = "02:aa:bb:cc:dd:01";
    private static final String NAMESPACE = "container";

    private final KernelLinks kernel = KernelLinks.open();
    private Process container;

    MadeLinkIT() throws IOException {
        Links.addNamespace(NAMESPACE);
        container = start();
    }

    private static Process start() throws IOException {
        return new ProcessBuilder("nsenter", "--net=" + Links.namespaceFile(NAMESPACE), "sleep", "infinity").start();
    }

    @BeforeEach
    void waitUntilItIsThere() {
        Path ours = Path.of("/proc/self/ns/net");
        Path theirs = Path.of("/proc", Long.toString(container.pid()), "ns", "net");
        eventually(() -> assertThat(Files.readSymbolicLink(theirs)).isNotEqualTo(Files.readSymbolicLink(ours)));
    }

    @AfterEach
    void end() throws InterruptedException {
        container.destroyForcibly();
        assertThat(container.waitFor(1, TimeUnit.MINUTES)).isTrue();
        Links.deleteNamespace(NAMESPACE);
        eventually(() -> assertThat(kernel.find(OUTER).blockingGet()).isEmpty());
        kernel.close();
    }

    private static NewLink link(String outer, String inner) {
        return new NewLink(new LinkName(outer), new LinkName(inner), MAC, Optional.empty(), Optional.empty(), false);
    }

    private static NewLink withAddress() throws IOException {
        StaticAddress address =
                new StaticAddress((Inet4Address) InetAddress.getByName("10.7.0.2"), 24, Optional.of((Inet4Address)
                        InetAddress.getByName("10.7.0.1")));
        return new NewLink(OUTER, INNER, MAC, Optional.of(1400), Optional.of(address), true);
    }

    @Test
    void both_ends_are_up_and_the_containers_end_has_its_address_mtu_and_route() throws IOException {
        Made made = kernel.make(withAddress(), container.pid()).blockingGet();

        Link outer = kernel.find(OUTER).blockingGet().orElseThrow();
        assertThat(made)
                .isEqualTo(new Made(true, outer, new Link.Inner(INNER, MAC, true), true, outer.peerNamespace()));
        assertThat(outer.up()).isTrue();
        assertThat(outer.isVethIntoNamespace()).isTrue();
        assertThat(outer.peerNamespace())
                .isEqualTo(kernel.namespaceOf(container.pid()).blockingGet());
        assertThat(Links.ipInside(NAMESPACE, "link", "show", "eth0")).contains("state UP", "mtu 1400", MAC);
        assertThat(Links.ipInside(NAMESPACE, "-4", "address", "show", "eth0")).contains("inet 10.7.0.2/24");
        assertThat(Links.ipInside(NAMESPACE, "route")).contains("default via 10.7.0.1 dev eth0");
    }

    @Test
    void a_link_that_an_earlier_attempt_made_is_found() throws IOException {
        assertThat(kernel.make(withAddress(), container.pid()).blockingGet().now())
                .isTrue();
        int index = kernel.find(OUTER).blockingGet().orElseThrow().index();
        Made again = kernel.make(withAddress(), container.pid()).blockingGet();
        assertThat(again.now()).isFalse();
        assertThat(again.wasOffloading())
                .as("it was switched off the first time")
                .isFalse();
        assertThat(kernel.find(OUTER).blockingGet().orElseThrow().index()).isEqualTo(index);
    }

    @Test
    void a_link_in_the_container_that_has_the_name_is_left_and_refused() {
        Links.ipInside(NAMESPACE, "link", "add", "eth0", "type", "veth", "peer", "name", "other0");
        assertThatThrownBy(() -> kernel.make(link(OUTER.value(), "eth0"), container.pid())
                        .blockingGet())
                .isInstanceOfSatisfying(StepException.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.NAME_REFUSED);
                    assertThat(refused).hasMessageContaining("a link eth0 already");
                });
        assertThat(kernel.find(OUTER).blockingGet()).isEmpty();
    }

    @Test
    void the_host_never_gets_the_containers_end() {
        assertThatThrownBy(() -> kernel.make(
                                link(OUTER.value(), "eth0"),
                                ProcessHandle.current().pid())
                        .blockingGet())
                .isInstanceOfSatisfying(
                        StepException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.STALE));
        assertThat(kernel.find(INNER).blockingGet()).isEmpty();
    }

    @Test
    void without_the_process_nothing_is_made() throws InterruptedException {
        long pid = container.pid();
        container.destroyForcibly();
        assertThat(container.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThatThrownBy(() -> kernel.make(link(OUTER.value(), "eth0"), pid).blockingGet())
                .isInstanceOfSatisfying(
                        StepException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.STALE));
    }
}
