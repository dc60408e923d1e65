// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.reactivex.rxjava3.core.BackpressureOverflowStrategy;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of the machines of one kind, and what is told of their changes. Safe for use by any thread. */
final class MachineThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineThreads.class);
    private static final int PARALLEL_MAX = 8;
    private static final int CHANGES_MAX = 4_096;

    private final String machines;
    private final UnaryOperator<Throwable> inWords;
    private final CommandRunner threads = new CommandRunner(PARALLEL_MAX);
    /** Of their own, so that a look does not wait until machines have started. */
    private final CommandRunner looks = new CommandRunner(2);

    private final FlowableProcessor<String> changes =
            PublishProcessor.<String>create().toSerialized();

    /** Work that may wait. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Creates them.
     *
     * @param machines the word for the machines, for the log
     * @param inWords turns a failure that is not about a file into one that says what to do
     */
    MachineThreads(String machines, UnaryOperator<Throwable> inWords) {
        this.machines = machines;
        this.inWords = inWords;
    }

    /** Runs work on one of eight threads. */
    Completable run(Work work) {
        return threads.submit(() -> {
                    work.run();
                    return true;
                })
                .ignoreElement()
                .onErrorResumeNext(failure -> Completable.error(
                        failure instanceof IOException
                                ? new LabRefusal(
                                        "a file of the lab cannot be used: " + failure.getMessage(),
                                        "is there space in /run?")
                                : inWords.apply(failure)));
    }

    /** Runs a look that may wait, on a thread that no other work has. */
    <T> Single<T> look(Callable<T> work) {
        return looks.submit(work);
    }

    /** Tells that a machine of a lab began or ended. */
    void changed(String lab) {
        changes.onNext(lab);
    }

    /** Returns the labs that {@link #changed} names from now on. */
    Flowable<String> changes() {
        return changes.onBackpressureBuffer(
                CHANGES_MAX,
                () -> LOG.warn("too many changes of {} wait to be heard", machines),
                BackpressureOverflowStrategy.DROP_OLDEST);
    }

    /** Ends what runs, and completes {@link #changes}. */
    @Override
    public void close() {
        threads.close();
        looks.close();
        changes.onComplete();
    }
}
