// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.opdbus.config.ConfigException;
import org.opdbus.config.ConfigLoader;
import org.opdbus.verticles.reconcile.Edges;
import org.opdbus.verticles.reconcile.LinkWork;
import org.opdbus.verticles.reconcile.PortWork;
import org.slf4j.LoggerFactory;

/**
 * An agent that ends without a word, as SIGKILL ends it, right before or after the first call of one method of its edges:
 * {@code -Dhalt.step=swap -Dhalt.after=true}.
 */
final class HaltingAgent {
    private static final int KILLED = 137;
    private static final String STEP = System.getProperty("halt.step", "");
    private static final boolean AFTER = Boolean.getBoolean("halt.after");

    private HaltingAgent() {}

    public static void main(String[] arguments) throws IOException, ConfigException, InterruptedException {
        Agent agent = Agent.start(
                ConfigLoader.load(Path.of(arguments[1])),
                edges -> new Edges(
                        wrap(LinkWork.class, edges.links()), wrap(PortWork.class, edges.ports()), edges.containers()));
        LoggerFactory.getLogger("op-dbus").info("agent.ready step={} after={}", STEP, AFTER);
        agent.defect().join();
    }

    private static <T> T wrap(Class<T> type, T edge) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(edge, method, arguments)));
    }

    private static Object call(Object edge, Method method, Object[] arguments) throws Throwable {
        boolean chosen = method.getName().equals(STEP);
        if (chosen && !AFTER) {
            halt();
        }
        try {
            Object work = method.invoke(edge, arguments);
            if (chosen && work instanceof Single<?> single) {
                return single.doOnSuccess(done -> halt());
            }
            return chosen && work instanceof Completable completable
                    ? completable.doOnComplete(HaltingAgent::halt)
                    : work;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void halt() {
        Runtime.getRuntime().halt(KILLED);
    }
}
