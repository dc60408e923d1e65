// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.observers.TestObserver;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;

class JobsTest {
    private static final HostWork.Wish WISH = new HostWork.Wish(true, false);

    private final TestScheduler loop = new TestScheduler();
    private final Applies work = new Applies();
    private final Jobs jobs = new Jobs(work, loop);

    @Test
    void a_job_begins_on_the_event_loop_although_its_state_was_read_on_another_thread() {
        Single<HostWork.DesiredText> read = Single.just(new HostWork.DesiredText("state.json", "{}"));

        TestObserver<ObjectPath> begun = jobs.apply(read, WISH).test();

        assertThat(jobs.all()).isEmpty();
        assertThat(work.applied).isEmpty();
        begun.assertNoValues();
        loop.triggerActions();
        begun.assertValue(new ObjectPath("/org/opdbus/job/j1"));
        assertThat(jobs.all()).hasSize(1);
        assertThat(work.applied).containsExactly("{}");
    }

    /** A host whose changes never end. */
    private static final class Applies implements HostWork {
        private final List<String> applied = new ArrayList<>();

        @Override
        public Single<String> query(Optional<String> plugin) {
            return Single.never();
        }

        @Override
        public Single<String> diff(DesiredText state) {
            return Single.never();
        }

        @Override
        public Single<Report> apply(DesiredText state, Wish wish, Consumer<String> progress) {
            applied.add(state.text());
            return Single.never();
        }

        @Override
        public Completable start(ContainerId container) {
            return Completable.never();
        }

        @Override
        public Completable stop(ContainerId container) {
            return Completable.never();
        }

        @Override
        public Completable destroy(ContainerId container) {
            return Completable.never();
        }

        @Override
        public Completable reload() {
            return Completable.never();
        }

        @Override
        public Path stateFile() {
            return Path.of("/state.json");
        }
    }
}
