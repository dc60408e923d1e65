// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that enters other network namespaces: a namespace is a property of a thread (setns(2)). It returns to its own
 * namespace after each piece of work. If it cannot, no other work ever runs on it: the thread ends, and the next caller
 * gets a new one. The thread also ends after a minute without work.
 */
final class NamespaceThread {
    private static final long IDLE_S = 60;

    private static @Nullable NamespaceThread present;

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), NamespaceThread::named);

    /** Whether the thread could not return to its own namespace. */
    private volatile boolean lost;

    private NamespaceThread() {
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread named(Runnable work) {
        Thread made = new Thread(work, "op-dbus-in-namespace");
        made.setDaemon(true);
        return made;
    }

    /**
     * Runs the code inside the namespace and returns its result. Callers wait for one another.
     *
     * @throws NetlinkException if the thread cannot enter the namespace, or the code's own failure
     */
    static synchronized <T> T run(NetworkNamespace namespace, Supplier<T> code) {
        NamespaceThread visitor = present == null || present.lost ? new NamespaceThread() : present;
        present = visitor;
        Future<T> result = visitor.thread.submit(() -> visitor.visit(namespace, code));
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NetlinkException refused) {
                throw refused;
            }
            throw new IllegalStateException("code failed in " + namespace, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while code ran in " + namespace, e);
        }
    }

    private <T> T visit(NetworkNamespace namespace, Supplier<T> code) {
        try (NetworkNamespace home = NetworkNamespace.ofThread()) {
            namespace.enter();
            try {
                return code.get();
            } finally {
                comeBack(home);
            }
        }
    }

    private void comeBack(NetworkNamespace home) {
        try {
            home.enter();
        } catch (RuntimeException e) {
            lost = true;
            // This thread ends and takes no other work.
            thread.shutdown();
            throw e;
        }
    }
}
