// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.machines;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/** What is asked of systemd-machined, and when. deploy/package-test.sh tries it with the real one. */
class MachineRegistryTest {
    private static final ContainerId WEB = new ContainerId("web");
    private static final String PREFIX = "org.freedesktop.machine1.";

    private final MachineRegistry registry = new MachineRegistry();
    private final Machined machined = new Machined();

    /** A connection whose other end answers as machined does. */
    private static final class Machined implements BusSession {
        final List<String> calls = new ArrayList<>();
        final Map<String, Single<Body>> answers = new HashMap<>();

        @Override
        public Single<BusMessage> call(BusMessage call, Duration limit) {
            String member = call.member().orElseThrow();
            calls.add(member + " " + call.body().values().get(0));
            return answers.getOrDefault(member, Single.just(Body.EMPTY)).map(call::reply);
        }

        @Override
        public void emit(BusMessage signal) {
            throw new IllegalStateException("it sends no signals");
        }

        @Override
        public boolean isBusy() {
            return false;
        }

        @Override
        public Disposable whenGone(String busName, Runnable work) {
            throw new IllegalStateException("it watches no name");
        }
    }

    @Test
    void a_container_is_registered_while_it_runs() {
        registry.tell(machined);
        runs(WEB, 7);
        runs(WEB, 7);
        registry.runs(WEB, Optional.empty());
        registry.runs(WEB, Optional.empty());

        assertThat(machined.calls).containsExactly("RegisterMachine web", "UnregisterMachine web");
    }

    @Test
    void a_container_of_an_engine_is_left_to_its_engine() {
        registry.tell(machined);
        runs(Kind.DOCKER.id("3f2ab1c9d0e1"), 7);
        runs(WEB, 8);

        assertThat(machined.calls).containsExactly("RegisterMachine web");
    }

    @Test
    void a_container_that_starts_again_is_registered_anew() {
        registry.tell(machined);
        runs(WEB, 7);
        runs(WEB, 8);

        assertThat(machined.calls)
                .containsExactly("RegisterMachine web", "UnregisterMachine web", "RegisterMachine web");
    }

    @Test
    void a_refused_container_is_not_tried_again_before_it_starts_again() {
        machined.answers.put("RegisterMachine", failure("Failed", "Failed to determine unit of process 7"));
        Disposable first = registry.tell(machined);
        runs(WEB, 7);
        first.dispose();
        registry.tell(machined);
        runs(WEB, 7);
        assertThat(machined.calls).containsExactly("RegisterMachine web");

        registry.runs(WEB, Optional.empty());
        runs(WEB, 8);
        assertThat(machined.calls).containsExactly("RegisterMachine web", "RegisterMachine web");
    }

    @Test
    void what_was_registered_earlier_is_recognised_by_its_process() {
        machined.answers.put("RegisterMachine", failure("MachineExists", "exists"));
        machined.answers.put(
                "GetMachineByPID", Single.just(Body.of("o", new ObjectPath("/org/freedesktop/machine1/machine/web"))));
        registry.tell(machined);
        runs(WEB, 7);
        registry.runs(WEB, Optional.empty());

        assertThat(machined.calls).containsExactly("RegisterMachine web", "GetMachineByPID 7", "UnregisterMachine web");
    }

    @Test
    void another_machine_of_the_same_name_is_left_alone() {
        machined.answers.put("RegisterMachine", failure("MachineExists", "exists"));
        machined.answers.put("GetMachineByPID", failure("NoMachineForPID", "none"));
        registry.tell(machined);
        runs(WEB, 7);
        registry.runs(WEB, Optional.empty());

        assertThat(machined.calls).containsExactly("RegisterMachine web", "GetMachineByPID 7");
    }

    @Test
    void what_runs_before_there_is_a_connection_is_registered_on_it() {
        runs(WEB, 7);
        registry.tell(machined);

        assertThat(machined.calls).containsExactly("RegisterMachine web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "100", "web-1.example.org", "a_b"})
    void a_name_that_a_host_can_have_is_a_machines_name(String name) {
        assertThat(MachineRegistry.isMachineName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "-a",
                "a-",
                ".a",
                "a b",
                "a/b",
                "ü",
                "a\n",
                "a123456789b123456789c123456789d123456789e123456789f123456789g1234"
            })
    void another_name_is_not(String name) {
        assertThat(MachineRegistry.isMachineName(name)).isFalse();
    }

    private void runs(ContainerId container, long pid) {
        registry.runs(container, Optional.of(pid));
    }

    private static Single<Body> failure(String name, String message) {
        return Single.error(new BusErrorException(PREFIX + name, message));
    }
}
