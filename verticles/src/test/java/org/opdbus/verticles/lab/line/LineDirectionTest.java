// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;

/** What becomes of frames, by a clock of the test that begins near the end of the numbers. */
class LineDirectionTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BEGIN = Long.MAX_VALUE - 5 * MS;

    private final QueueMemory memory = new QueueMemory(64L << 20);
    private final List<String> left = new ArrayList<>();

    private LineDirection direction(A2b line) {
        return new LineDirection(line, memory, new Random(24), BEGIN);
    }

    private static void arrive(LineDirection direction, String frame, long ns) {
        direction.room().put(frame.getBytes(StandardCharsets.US_ASCII));
        direction.arrived(frame.length(), ns);
    }

    private boolean leave(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        left.add(new String(bytes, StandardCharsets.US_ASCII));
        return true;
    }

    @Test
    void a_frame_leaves_after_the_delay_also_if_the_delay_changes_while_it_waits() {
        LineDirection direction = direction(new A2b(20, 0, 0));
        arrive(direction, "one", BEGIN);
        arrive(direction, "two", BEGIN + 10 * MS);

        assertThat(direction.giveTo(this::leave, BEGIN + 19 * MS)).isEqualTo(MS);
        assertThat(left).isEmpty();
        assertThat(direction.giveTo(this::leave, BEGIN + 20 * MS)).isEqualTo(10 * MS);
        assertThat(left).containsExactly("one");
        direction.shape(new A2b(12, 0, 0), BEGIN + 20 * MS);
        assertThat(direction.giveTo(this::leave, BEGIN + 20 * MS)).isEqualTo(2 * MS);
        assertThat(direction.giveTo(this::leave, BEGIN + 22 * MS)).isEqualTo(Long.MAX_VALUE);
        assertThat(left).containsExactly("one", "two");
    }

    @Test
    void frames_pass_at_the_rate_and_what_is_too_far_behind_is_dropped() {
        // 1,000 bits take 100 ms.
        LineDirection direction = direction(new A2b(5, 0, 10));
        for (int i = 0; i < 10; i++) {
            arrive(direction, "x".repeat(125), BEGIN);
        }
        assertThat(direction.counts().arrived).isEqualTo(10);
        assertThat(direction.counts().dropped).isEqualTo(5);
        assertThat(direction.giveTo(this::leave, BEGIN)).isEqualTo(105 * MS);
        assertThat(direction.giveTo(this::leave, BEGIN + 305 * MS)).isEqualTo(100 * MS);
        assertThat(left).hasSize(3);

        // What waits is not held up by a rate that is no more.
        direction.shape(new A2b(5, 0, 0), BEGIN + 310 * MS);
        assertThat(direction.giveTo(this::leave, BEGIN + 315 * MS)).isEqualTo(Long.MAX_VALUE);
        assertThat(left).hasSize(5);
    }

    @Test
    void a_frame_is_lost_by_chance() {
        LineDirection direction = direction(new A2b(0, 500, 0));
        for (int i = 0; i < 10_000; i++) {
            arrive(direction, "x", BEGIN);
            direction.giveTo(this::leave, BEGIN);
        }
        // 500 are expected; the standard deviation is 22.
        assertThat(direction.counts().lost).isBetween(390L, 610L);
        assertThat(left).hasSize((int) (10_000 - direction.counts().lost));
        assertThat(direction.counts().dropped).isZero();
    }

    @Test
    void all_frames_are_lost_or_none() {
        LineDirection none = direction(new A2b(0, 10_000, 0));
        LineDirection all = direction(new A2b(0, 0, 0));
        for (int i = 0; i < 1_000; i++) {
            arrive(none, "x", BEGIN);
            arrive(all, "y", BEGIN);
        }
        none.giveTo(this::leave, BEGIN);
        all.giveTo(this::leave, BEGIN);
        assertThat(left).hasSize(1_000).containsOnly("y");
    }

    @Test
    void what_waits_is_bounded_in_frames_in_bytes_and_for_the_process() {
        LineDirection small = direction(new A2b(1_000, 0, 0));
        for (int i = 0; i < FrameQueue.FRAMES_MAX + 7; i++) {
            arrive(small, "x", BEGIN);
        }
        assertThat(small.counts().dropped).isEqualTo(7);

        LineDirection large = direction(new A2b(1_000, 0, 0));
        String frame = "x".repeat(60_000);
        for (int i = 0; i < 400; i++) {
            arrive(large, frame, BEGIN);
        }
        assertThat(large.counts().dropped).isBetween(120L, 140L);

        LineDirection alone = new LineDirection(new A2b(1_000, 0, 0), new QueueMemory(0), new Random(24), BEGIN);
        arrive(alone, frame, BEGIN);
        assertThat(alone.counts().dropped).isEqualTo(1);

        assertThat(memory.take(63L << 20)).isFalse();
        small.close();
        large.close();
        assertThat(memory.take(64L << 20)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void frames_leave_once_in_order_and_unchanged(long seed) {
        Random random = new Random(seed);
        LineDirection direction = direction(new A2b(1, 0, 0));
        Deque<String> waiting = new ArrayDeque<>();
        long now = BEGIN;
        for (int step = 0; step < 20_000; step++) {
            int burst = random.nextInt(random.nextInt(50) + 1);
            for (int i = 0; i < burst; i++) {
                String frame = step + "." + i + "x".repeat(random.nextInt(random.nextBoolean() ? 1_500 : 60));
                arrive(direction, frame, now);
                waiting.add(frame);
            }
            now += random.nextInt((int) MS / 4);
            left.clear();
            direction.giveTo(this::leave, now);
            for (String frame : left) {
                assertThat(frame).isEqualTo(waiting.poll());
            }
        }
        direction.giveTo(this::leave, now + MS);
        assertThat(direction.counts().dropped).isZero();
        assertThat(left).endsWith(waiting.toArray(String[]::new));
    }
}
