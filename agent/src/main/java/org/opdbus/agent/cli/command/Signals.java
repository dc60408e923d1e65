// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.lang.reflect.Proxy;

/** Signals that end a program or tell it to read its files again, signal(7). */
public final class Signals {
    private Signals() {}

    /**
     * Runs the action each time one of the signals arrives, in the place of what Java would do. Java offers only {@code
     * sun.misc.Signal} of the module {@code jdk.unsupported} for this. javac warns about every use of it by name, and that
     * warning cannot be suppressed; so it is called by reflection.
     *
     * @param names without SIG, such as HUP
     */
    public static void handle(Runnable work, String... names) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        work.run();
                        return null;
                    });
            for (String name : names) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), told);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot hear signals", e);
        }
    }
}
