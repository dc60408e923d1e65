// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.lang.reflect.Proxy;

/** The signal that tells daemons to read their files again (signal(7), SIGHUP). */
final class Hangup {
    private Hangup() {}

    /**
     * Runs the action each time the signal arrives. Java offers only {@code sun.misc.Signal} of the
     * module {@code jdk.unsupported} for this. javac warns about every use of it by name, and that
     * warning cannot be suppressed; so it is called by reflection.
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
