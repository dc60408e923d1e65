// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.observers.TestObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.edges.ContainerCheck.Presence;

class VmPresenceTest {
    private static final ContainerId WEB = ContainerId.Kind.VM.id("web");
    private static final ContainerId DB = ContainerId.Kind.VM.id("db");

    @Test
    void a_machine_runs_or_is_gone_or_that_is_not_known() {
        VmPresence one = new VmPresence(() -> Set.of(WEB));
        assertThat(one.presence(WEB).blockingGet()).isEqualTo(Presence.RUNNING);
        assertThat(one.presence(DB).blockingGet()).isEqualTo(Presence.GONE);
        VmPresence blind = new VmPresence(() -> {
            throw new IOException("no file descriptor left");
        });
        assertThat(blind.presence(WEB).blockingGet()).isEqualTo(Presence.UNKNOWN);
    }

    @Test
    void questions_that_wait_share_a_look_and_none_gets_an_answer_older_than_itself() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        VmPresence presence = new VmPresence(() -> {
            looks.incrementAndGet();
            begun.countDown();
            go.await();
            return looks.get() == 1 ? Set.of(WEB) : Set.of();
        });
        TestObserver<Presence> first = presence.presence(WEB).test();
        begun.await();
        List<TestObserver<Presence>> later = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            later.add(presence.presence(WEB).test());
        }
        go.countDown();
        first.await().assertValue(Presence.RUNNING);
        for (TestObserver<Presence> each : later) {
            each.await().assertValue(Presence.GONE);
        }
        assertThat(looks).hasValue(2);
    }
}
