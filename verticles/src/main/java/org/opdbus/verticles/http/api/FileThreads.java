// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.opdbus.ledger.LedgerException;
import org.opdbus.verticles.limits.IdleThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that read files and encode long answers, so that the event loop does not wait. One answer is made at a time, so that what
 * is held for answers does not grow with the number of callers; beside that, the few things that read the whole ledger have threads of
 * their own. A thread ends when there is nothing to do. For the event loop on which it was made.
 */
final class FileThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileThreads.class);
    /** One verifies the ledger, and one proves an entry. */
    private static final int LONG_THREADS = 2;

    private static final int WAITING_MAX = 64;

    private final Context loop;
    private final ThreadPoolExecutor answers = threads(1);
    private final ThreadPoolExecutor longWork = threads(LONG_THREADS);

    FileThreads(Vertx vertx) {
        loop = vertx.getOrCreateContext();
    }

    private static ThreadPoolExecutor threads(int count) {
        return IdleThreads.of("op-dbus-web", count, WAITING_MAX);
    }

    /** Makes an answer in its turn, and ends the request with it. */
    void answer(ApiRequest request, Callable<ApiAnswer> work) {
        answer(answers, request, work, () -> {});
    }

    /**
     * Makes an answer that needs the whole ledger, and ends the request with it.
     *
     * @param ending runs on the event loop in every case, before the caller can ask again
     */
    void answerLater(ApiRequest request, Callable<ApiAnswer> work, Runnable ending) {
        answer(longWork, request, work, ending);
    }

    private void answer(ThreadPoolExecutor threads, ApiRequest request, Callable<ApiAnswer> work, Runnable ending) {
        boolean takesGzip = request.takesGzip();
        boolean begun = begin(threads, () -> {
            Runnable end;
            try {
                ApiAnswer answer = work.call();
                Optional<Buffer> compressed = ApiRequest.compressed(answer, takesGzip);
                end = () -> request.end(answer, compressed);
            } catch (Exception failure) {
                ApiProblem problem = problem(failure);
                end = () -> request.end(problem);
            }
            Runnable last = end;
            onLoop(() -> {
                ending.run();
                last.run();
            });
        });
        if (!begun) {
            ending.run();
            request.end(ApiProblem.busy("too many requests wait for files"));
        }
    }

    /** Runs work that needs the whole ledger; returns false, and does nothing, if too much waits already. */
    boolean begin(Runnable work) {
        return begin(longWork, work);
    }

    private static boolean begin(ThreadPoolExecutor threads, Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            LOG.debug("too many requests wait for files: {}", full.getMessage());
            return false;
        }
    }

    /** Runs a task on the event loop. For any thread. */
    void onLoop(Runnable task) {
        loop.runOnContext(now -> task.run());
    }

    /** Returns the problem that a failure is told as. */
    static ApiProblem problem(Throwable failure) {
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        if (failure instanceof LedgerException ledger) {
            String why = String.valueOf(ledger.getMessage());
            return switch (ledger.reason()) {
                case NO_SUCH_ENTRY -> ApiProblem.notFound(why, "GET /api/v1/ledger shows how many entries there are");
                case NOT_A_LEDGER, KEY ->
                    ApiProblem.unavailable(why, "op-dbus doctor shows what is wrong with the ledger");
                default -> ApiProblem.failed(why, "op-dbus ledger verify shows more");
            };
        }
        LOG.error("an answer of the API failed", failure);
        return ApiProblem.failed("the agent failed", "its log says more: journalctl -u op-dbus");
    }

    @Override
    public void close() {
        answers.shutdownNow();
        longWork.shutdownNow();
    }
}
