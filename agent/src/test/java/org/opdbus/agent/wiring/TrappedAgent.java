// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opdbus.config.ConfigLoader;
import org.opdbus.config.json.ConfigException;
import org.opdbus.verticles.edges.ContainerCheck;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.edges.PortWork;
import org.slf4j.LoggerFactory;

/**
 * The real agent with a trap at every boundary between two of its steps. A file says at which boundary the trap acts,
 * once, and what it does then: {@code before name halt} ends the agent at once, as SIGKILL does; {@code after attach
 * lxc-stop -n 100 -k} runs a command while the agent waits; {@code before look block} blocks the event loop for ever.
 * Another file says by how many seconds the host's clock is wrong. The file is deleted when the trap has acted.
 */
public final class TrappedAgent {
    private static final int KILLED = 137;
    private static final Path CLOCK = Path.of(System.getProperty("clock.file", "/nonexistent"));
    private static final Path TRAP = Path.of(System.getProperty("trap.file", "/nonexistent"));

    private TrappedAgent() {}

    public static void main(String[] arguments) throws IOException, ConfigException, InterruptedException {
        Agent agent = Agent.start(
                ConfigLoader.load(Path.of(arguments[1])),
                edges -> new Edges(
                        wrap(LinkWork.class, edges.links()),
                        wrap(PortWork.class, edges.ports()),
                        wrap(ContainerCheck.class, edges.containers()),
                        edges.configurations()),
                TrappedAgent::now);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> agent.stop("told to")));
        LoggerFactory.getLogger("op-dbus").info("agent.ready trap={}", TRAP);
        agent.defect().join();
    }

    /** The host's clock, shifted by as many seconds as a file says. */
    private static Instant now() {
        try {
            return Instant.now().plusSeconds(Files.exists(CLOCK) ? Long.parseLong(Files.readString(CLOCK)) : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T wrap(Class<T> type, T edge) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(edge, method, arguments)));
    }

    private static Object call(Object edge, Method method, Object[] arguments) throws Throwable {
        String step = nameOf(method, arguments);
        blockIfWanted(step);
        // Not on the calling event loop, because it reads files.
        Completable before =
                Completable.fromAction(() -> pass("before " + step)).subscribeOn(Schedulers.io());
        try {
            Object work = method.invoke(edge, arguments);
            if (work instanceof Single<?> single) {
                return before.andThen(single).doOnSuccess(done -> pass("after " + step));
            }
            return before.andThen((Completable) work).doOnComplete(() -> pass("after " + step));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** On the calling thread, which is the event loop. */
    private static void blockIfWanted(String step) throws IOException, InterruptedException {
        if (Files.exists(TRAP) && Files.readString(TRAP).equals("before " + step + " block")) {
            Files.delete(TRAP);
            new CountDownLatch(1).await();
        }
    }

    /** Marks are written twice: all of them when a port becomes ours, and then the height of the ledger's entry. */
    private static String nameOf(Method method, Object[] arguments) {
        if (!method.getName().equals("mark")) {
            return method.getName();
        }
        return ((Map<?, ?>) arguments[1]).size() == 1 ? "stamp" : "adopt";
    }

    private static void pass(String boundary) throws IOException, InterruptedException {
        String set = Files.exists(TRAP) ? Files.readString(TRAP) : "";
        if (!set.startsWith(boundary + " ")) {
            return;
        }
        String deed = set.substring(boundary.length() + 1);
        if (deed.equals("halt")) {
            Files.delete(TRAP);
            Runtime.getRuntime().halt(KILLED);
        }
        Process process = new ProcessBuilder("sh", "-c", deed).inheritIO().start();
        int status = process.waitFor();
        Files.delete(TRAP);
        if (status != 0) {
            throw new IllegalStateException(deed + " ended with " + status);
        }
    }
}
