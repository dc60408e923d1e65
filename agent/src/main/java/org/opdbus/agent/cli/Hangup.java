// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.lang.reflect.Proxy;

/** The signal by which daemons are told to read their files again (signal(7), SIGHUP). */
final class Hangup {
    private Hangup() {}

    /**
     * Does this whenever the signal comes. Java has no other way to hear a signal than {@code sun.misc.Signal} of the module
     * {@code jdk.unsupported}, whose use by name javac warns about and cannot be told that it is meant.
     */
    static void handle(Runnable work) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told = Proxy.newProxyInstance(
                    Hangup.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        work.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), told);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot hear SIGHUP", e);
        }
    }
}
