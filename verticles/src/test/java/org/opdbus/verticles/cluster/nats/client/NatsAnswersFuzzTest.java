// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.TaskThread;

/**
 * The client reads any answer of a NATS server, or refuses it in words that fit into a line of the log. Each question to a
 * server ends after a limited number of further ones.
 */
final class NatsAnswersFuzzTest {
    private static final int WORDS_LENGTH_MAX = 310;
    private static final int QUESTIONS_MAX = 70;
    private static final Subjects SUBJECTS = new Subjects("test");
    private static final BlockingQueue<Throwable> DEFECTS = new LinkedBlockingQueue<>();
    private static final TaskThread THREAD = new TaskThread("op-dbus-nats-fuzz", DEFECTS::add);

    @FuzzTest
    void message(byte[] bytes) {
        Optional<StoredMessages.Stored> stored = value(StoredMessages.stored(FakeAnswer.of(bytes)));
        if (stored.isPresent()) {
            assertThat(stored.get().sequence()).isBetween(1L, Long.MAX_VALUE - 1);
            assertThat(stored.get().subject()).isNotNull();
            PageMark mark = PageMark.of(stored.get().headers());
            assertThat(mark.first()).isBetween(0L, 999_999_999_999_999_999L);
            assertThat(mark.last()).isBetween(0L, 999_999_999_999_999_999L);
            assertThat(PageMark.of(mark.headers())).isEqualTo(mark.hash().isEmpty() ? PageMark.of(null) : mark);
        }
    }

    @FuzzTest
    void stream(byte[] bytes) {
        var unused = value(Streams.isMade(FakeAnswer.of(bytes)).thenApply(Optional::of));
    }

    /** A server that says this on and on, one answer after the other, is asked a limited number of times. */
    @FuzzTest
    void search(byte[] bytes) throws Exception {
        LyingServer server = new LyingServer(bytes);
        StoredMessages stored = new StoredMessages(server.connection(), SUBJECTS.entriesStream());
        BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
        EntryReader reader = new EntryReader(
                SUBJECTS,
                stored,
                THREAD,
                (host, question) -> outcomes.add("asks the host"),
                page -> outcomes.add("has a page"));
        for (long from : new long[] {1, 1, 2, 3, 1L << 40, Long.MAX_VALUE}) {
            server.questions.set(0);
            THREAD.execute(() -> reader.fetch("a", from, Buffer.buffer()));
            assertThat(outcomes.poll(1, TimeUnit.MINUTES)).isNotNull();
            assertThat(server.questions.get()).isLessThan(QUESTIONS_MAX);
        }
        assertThat(outcomes).isEmpty();
        assertThat(DEFECTS).isEmpty();
    }

    @Test
    void a_page_is_read_with_its_mark() {
        String hash = "0f".repeat(32);
        String text = "NATS/1.0\r\nNats-Sequence: 42\r\nNats-Subject: test.entries.a\r\nOp-Dbus-Entries: 3-5 " + hash
                + "\r\n\r\npage";
        StoredMessages.Stored stored = value(
                        StoredMessages.stored(FakeAnswer.of(text.getBytes(StandardCharsets.UTF_8))))
                .orElseThrow();
        assertThat(stored.sequence()).isEqualTo(42);
        assertThat(stored.subject()).isEqualTo("test.entries.a");
        assertThat(stored.data().toString()).isEqualTo("page");
        assertThat(PageMark.of(stored.headers())).isEqualTo(new PageMark(3, 5, hash));
        assertThat(value(StoredMessages.stored(
                        FakeAnswer.of("NATS/1.0 404 Message Not Found\r\n\r\n".getBytes(StandardCharsets.UTF_8)))))
                .isEmpty();
    }

    /** Returns what was read; empty if that was nothing, or failed as it may. */
    private static <T> Optional<T> value(CompletableFuture<Optional<T>> answer) {
        assertThat(answer).isDone();
        try {
            return answer.join();
        } catch (CompletionException refused) {
            assertThat(refused).hasCauseInstanceOf(IOException.class);
            assertThat(NatsFailures.of(refused)).hasSizeLessThan(WORDS_LENGTH_MAX);
            return Optional.empty();
        }
    }

    /** A connection to a server that answers what these bytes say, again and again; other methods of it are not called. */
    private static final class LyingServer {
        private static final int ANSWER_BYTES = 13;

        private final byte[] bytes;
        private int at;
        private final AtomicInteger questions = new AtomicInteger();

        private LyingServer(byte[] bytes) {
            this.bytes = bytes;
        }

        private Connection connection() {
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                        assertThat(method.getName()).isEqualTo("requestWithTimeout");
                        questions.incrementAndGet();
                        return answer();
                    });
        }

        private CompletableFuture<Message> answer() {
            if (at + ANSWER_BYTES > bytes.length) {
                at = 0;
            }
            if (at + ANSWER_BYTES > bytes.length) {
                return CompletableFuture.failedFuture(new TimeoutException());
            }
            ByteBuffer next = ByteBuffer.wrap(bytes, at, ANSWER_BYTES);
            at += ANSWER_BYTES;
            int kind = next.get() & 7;
            if (kind == 0) {
                return CompletableFuture.failedFuture(new TimeoutException());
            } else if (kind == 1) {
                throw new IllegalArgumentException("the server takes no question of this size");
            } else if (kind == 2) {
                return CompletableFuture.completedFuture(
                        FakeAnswer.of("NATS/1.0 404 Message Not Found\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            }
            long sequence = number(next, kind);
            long first = number(next, kind);
            long last = number(next, kind);
            Headers headers = new PageMark(first, last, "0f".repeat(32)).headers();
            headers.put("Nats-Sequence", Long.toString(sequence));
            return CompletableFuture.completedFuture(new FakeAnswer(headers, null, new byte[] {1}));
        }

        /** Small, large or negative. */
        private static long number(ByteBuffer next, int kind) {
            int number = next.getInt();
            return kind == 3 ? number & 0xff : kind == 4 ? (long) number << 32 | 0xffffffffL : number;
        }
    }
}
