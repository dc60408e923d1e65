// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The descriptors are eventfds: readable while their counter is not zero. */
class PollerTest {
    private static final int NONBLOCK = 0x800;

    private final List<Integer> open = new ArrayList<>();
    private Poller poller;

    @BeforeEach
    void create() throws IOException {
        poller = new Poller();
    }

    @AfterEach
    void close() {
        poller.close();
        open.forEach(FileCalls.LIBC::close);
    }

    @Test
    void each_ready_descriptor_is_reported_until_it_is_read_however_many_there_are() throws IOException {
        List<Integer> reported = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int fd = readable();
            poller.watch(fd, () -> {
                reported.add(fd);
                FileCalls.LIBC.read(fd, new byte[8], 8);
            });
        }
        for (int wait = 0; wait < 3; wait++) {
            poller.await(0);
        }
        assertThat(reported).containsExactlyInAnyOrderElementsOf(open);

        poller.await(0);
        assertThat(reported).hasSameSizeAs(open);
    }

    @Test
    void a_descriptor_is_reported_as_long_as_it_is_ready() throws IOException {
        int[] count = {0};
        poller.watch(readable(), () -> count[0]++);
        poller.await(0);
        poller.await(0);
        assertThat(count[0]).isEqualTo(2);
    }

    @Test
    void a_forgotten_descriptor_is_reported_no_more_not_even_in_the_same_wait() throws IOException {
        List<Integer> reported = new ArrayList<>();
        int one = readable();
        int other = readable();
        poller.watch(one, () -> {
            reported.add(one);
            poller.forget(other);
        });
        poller.watch(other, () -> {
            reported.add(other);
            poller.forget(one);
        });
        poller.await(0);
        assertThat(reported).hasSize(1);
    }

    @Test
    void what_was_reported_for_a_descriptor_is_not_taken_for_a_later_one_of_the_same_number() throws IOException {
        List<String> reported = new ArrayList<>();
        int one = readable();
        int other = readable();
        poller.watch(one, () -> reuse(one, other, reported));
        poller.watch(other, () -> reuse(other, one, reported));
        poller.await(0);
        assertThat(reported).isEmpty();
    }

    @Test
    void a_second_watch_of_a_descriptor_takes_the_place_of_the_first() throws IOException {
        List<String> reported = new ArrayList<>();
        int fd = readable();
        poller.watch(fd, () -> reported.add("first"));
        poller.watch(fd, () -> reported.add("second"));
        poller.await(0);
        assertThat(reported).containsExactly("second");
    }

    /** Closes the other descriptor, and watches a new one of its number that is not ready. */
    private void reuse(int own, int other, List<String> reported) {
        poller.forget(own);
        poller.forget(other);
        FileCalls.LIBC.close(other);
        open.remove(Integer.valueOf(other));
        try {
            int next = descriptor(0);
            poller.watch(next, () -> reported.add("the new " + next + " for the old " + other));
        } catch (IOException e) {
            reported.add(String.valueOf(e.getMessage()));
        }
    }

    private int readable() {
        return descriptor(1);
    }

    private int descriptor(int counter) {
        int fd = FileCalls.LIBC.eventfd(counter, NONBLOCK);
        assertThat(fd).isPositive();
        open.add(fd);
        return fd;
    }
}
