// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.CallBytes;

/** A connection of another user that makes one call after the other. */
public final class ForeignClient implements AutoCloseable {
    private static final int AT_ONCE = 8;

    private final Process process;
    private final Path answers;
    private final List<BusMessage> calls;
    private final CallBytes bytes;

    /** Connects, and calls nothing yet. */
    public ForeignClient(PrivateBus bus, BusUser user, List<BusMessage> calls) {
        this.calls = List.copyOf(calls);
        bytes = new CallBytes(calls);
        try {
            answers = Files.createTempFile(bus.folder(), "answers", ".bin");
            process = bus.startAs(user, answers, "nc", "-U", bus.socket().toString());
            send(CallBytes.greeting(user.uid()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect; install netcat-openbsd", e);
        }
    }

    /** Makes all calls, a few at a time, and returns the answers. */
    public List<BusMessage> answers() {
        List<BusMessage> all = new ArrayList<>();
        while (all.size() < calls.size()) {
            int more = Math.min(AT_ONCE, calls.size() - all.size());
            call(more);
            for (int i = 0; i < more; i++) {
                all.add(answer(all.size()));
            }
        }
        return all;
    }

    /** Waits for the answer to a call. */
    public BusMessage answer(int call) {
        return eventually(() -> {
            Optional<BusMessage> answer = received(CallBytes.FIRST_SERIAL + call);
            assertThat(answer).as("answer to %s", calls.get(call)).isPresent();
            return answer.orElseThrow();
        });
    }

    /** Makes the next calls, and does not wait for their answers. */
    public void call(int more) {
        try {
            send(bytes.next(more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(byte[] some) throws IOException {
        OutputStream to = process.getOutputStream();
        to.write(some);
        to.flush();
    }

    private Optional<BusMessage> received(int serial) throws IOException {
        return CallBytes.received(Files.readAllBytes(answers)).stream()
                .filter(message -> message.replySerial() == serial)
                .findFirst();
    }

    @Override
    public void close() {
        PrivateBus.end(process);
    }
}
