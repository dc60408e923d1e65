// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.driver.engine.EngineConnection;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;
import org.opdbus.verticles.driver.engine.EngineReply;
import org.opdbus.verticles.lab.definition.LabRefusal;

/**
 * The Docker of this host, for threads that may wait: every method waits for its answer, with a limit. It fails with an
 * {@link EngineException} if Docker does not answer, and with a {@link LabRefusal} in Docker's words if Docker refuses. Safe for use by
 * any thread but an event loop's.
 */
final class DockerHost implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration QUESTION_LIMIT = Duration.ofSeconds(5);
    /** Docker copies the files of an image when it makes a container, if its storage cannot do without. */
    private static final Duration ORDER_LIMIT = Duration.ofMinutes(2);
    /** Beyond those, so that the connection's own limit is what ends a request. */
    private static final long SLACK_MS = 5_000;

    private static final int CONNECTIONS_MAX = 16;
    private static final int CONTAINER_BYTES_MAX = 1 << 20;
    private static final int CREATED = 201;
    private static final int DONE = 204;
    private static final int AS_IT_WAS = 304;
    private static final int ABSENT = 404;
    private static final int CONFLICT = 409;
    private static final String NO_COMMAND = "no command specified";
    private static final Buffer NOTHING = Buffer.buffer();

    private final Context loop;
    private final Optional<Path> socket;
    /** Used on the loop alone. */
    private @Nullable EngineConnection connection;

    /**
     * Creates it.
     *
     * @param loop the event loop of its connections
     * @param socket where Docker listens; empty if the agent does not look at Docker
     */
    DockerHost(Context loop, Optional<Path> socket) {
        this.loop = loop;
        this.socket = socket;
    }

    /** Returns the container with this id or name. */
    Optional<DockerContainer> find(String container) throws InterruptedException {
        return await(
                engine -> engine.negotiate()
                        .compose(agreed -> engine.get("/containers/" + container + "/json", DockerHost::container)),
                QUESTION_LIMIT.multipliedBy(2));
    }

    private static Future<Optional<DockerContainer>> container(HttpClientResponse answer) {
        return answer.statusCode() == ABSENT
                ? EngineConnection.body(answer, CONTAINER_BYTES_MAX).map(said -> Optional.empty())
                : EngineConnection.successful(answer, CONTAINER_BYTES_MAX)
                        .map(body -> Optional.of(DockerContainer.read(EngineConnection.object(body))));
    }

    /** Makes a container that does not run yet, and returns its id. */
    String create(String name, String image, JsonObject description) throws InterruptedException {
        EngineReply reply = order(HttpMethod.POST, "/containers/create?name=" + name, description.toBuffer());
        if (reply.status() == ABSENT) {
            throw new LabRefusal(
                    "Docker has no image " + image, "docker images lists them; docker pull " + image + " fetches it");
        }
        if (reply.status() == CONFLICT) {
            throw new LabRefusal(
                    "there is a container " + name + " already, which this lab did not make",
                    "remove it, or give it another name: docker rename " + name + " NAME");
        }
        if (reply.message().toLowerCase(Locale.ROOT).contains(NO_COMMAND)) {
            throw new LabRefusal(
                    "the image " + image + " names no program to run", "name one, such as command=\"sleep 1000000\"");
        }
        require(reply, "make a container of the image " + image, CREATED);
        return DockerContainer.id(reply.body());
    }

    /** Starts a container that may run already. */
    void start(String id, String name) throws InterruptedException {
        EngineReply reply = order(HttpMethod.POST, "/containers/" + id + "/start", NOTHING);
        require(reply, "start the container " + name, DONE, AS_IT_WAS);
    }

    /** Stops a container and removes it with everything that it has written. It may be gone already. */
    void remove(String id, Duration grace) throws InterruptedException {
        String what = "remove the container " + id;
        String path = "/containers/" + id;
        require(order(HttpMethod.POST, path + "/stop?t=" + grace.toSeconds(), NOTHING), what, DONE, AS_IT_WAS, ABSENT);
        require(order(HttpMethod.DELETE, path + "?force=1&v=1", NOTHING), what, DONE, ABSENT);
    }

    private EngineReply order(HttpMethod method, String path, Buffer body) throws InterruptedException {
        return await(engine -> engine.order(method, path, body, ORDER_LIMIT), ORDER_LIMIT);
    }

    private static void require(EngineReply reply, String what, Integer... good) {
        if (!List.of(good).contains(reply.status())) {
            throw new LabRefusal("Docker does not " + what + ": " + reply.message(), "see the log of Docker");
        }
    }

    /** Returns in words for people that Docker does not answer. */
    LabRefusal inWords(EngineException failure) {
        LabRefusal refusal = socket.map(
                        path -> new LabRefusal(
                                "Docker does not answer at " + path + ": " + failure.getMessage(),
                                "start it: systemctl start docker; if it is not on this host, on Debian: apt install docker.io"))
                .orElseGet(() -> new LabRefusal(
                        "this agent does not look at Docker",
                        "name its socket in the configuration, workloads.docker.socket, and restart the agent"));
        refusal.initCause(failure);
        return refusal;
    }

    private <T> T await(Function<EngineConnection, Future<T>> request, Duration limit) throws InterruptedException {
        Path path = socket.orElseThrow(() -> new EngineException(Reason.UNREACHABLE, "no socket is configured"));
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.runOnContext(
                asked -> request.apply(connection(path)).onComplete(answer::complete, answer::completeExceptionally));
        try {
            return answer.get(limit.toMillis() + SLACK_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new EngineException(Reason.LATE, "no answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof EngineException known
                    ? known
                    : new IllegalStateException(failure.getCause());
        }
    }

    private EngineConnection connection(Path path) {
        EngineConnection present = connection;
        if (present == null) {
            present = new EngineConnection(
                    loop.owner(), path, new EngineConnection.Limits(CONNECT_LIMIT, QUESTION_LIMIT, CONNECTIONS_MAX));
            connection = present;
        }
        return present;
    }

    @Override
    public void close() {
        loop.runOnContext(closed -> {
            EngineConnection present = connection;
            if (present != null) {
                present.close();
            }
        });
    }
}
