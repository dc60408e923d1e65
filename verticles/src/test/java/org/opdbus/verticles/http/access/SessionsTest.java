// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.http.access.Sessions.Session;

final class SessionsTest {
    private final Sessions sessions = new Sessions();
    private final AtomicInteger ended = new AtomicInteger();
    private long nowNs = Long.MAX_VALUE - 5;

    @Test
    void ids_are_long_and_different() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add(sessions.begin(nowNs));
        }
        assertThat(ids).hasSize(1_000).allMatch(id -> id.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void a_session_that_is_not_used_ends() {
        String id = sessions.begin(nowNs);
        pass(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(id, nowNs)).isPresent();
        pass(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(id, nowNs)).isPresent();
        pass(Sessions.IDLE);
        assertThat(sessions.find(id, nowNs)).isEmpty();
    }

    @Test
    void what_goes_on_keeps_a_session_until_its_last_hour() {
        String id = sessions.begin(nowNs);
        Session session = sessions.find(id, nowNs).orElseThrow();
        session.use(ended::incrementAndGet);
        pass(Sessions.AGE.minusSeconds(1));
        assertThat(sessions.end(nowNs)).hasValue(Duration.ofSeconds(1).toNanos());
        assertThat(ended).hasValue(0);
        pass(Duration.ofSeconds(1));
        assertThat(sessions.end(nowNs)).isEmpty();
        assertThat(ended).hasValue(1);
        assertThat(sessions.find(id, nowNs)).isEmpty();
    }

    @Test
    void idle_time_counts_from_the_end_of_what_went_on() {
        String id = sessions.begin(nowNs);
        Session session = sessions.find(id, nowNs).orElseThrow();
        Runnable use = ended::incrementAndGet;
        session.use(use);
        pass(Sessions.IDLE.multipliedBy(2));
        session.release(use, nowNs);
        pass(Sessions.IDLE.minusSeconds(1));
        assertThat(sessions.find(id, nowNs)).isPresent();
        sessions.end(session);
        assertThat(ended).hasValue(0);
    }

    @Test
    void there_are_few_and_the_least_used_one_makes_room() {
        String open = sessions.begin(nowNs);
        sessions.find(open, nowNs).orElseThrow().use(ended::incrementAndGet);
        List<String> ids = new ArrayList<>();
        while (ids.size() < Sessions.SESSIONS_MAX) {
            pass(Duration.ofMillis(1));
            ids.add(sessions.begin(nowNs));
        }
        assertThat(sessions.find(open, nowNs)).isPresent();
        assertThat(sessions.find(ids.get(0), nowNs)).isEmpty();
        assertThat(ids.subList(1, ids.size()))
                .allMatch(id -> sessions.find(id, nowNs).isPresent());
        sessions.endAll();
        assertThat(ended).hasValue(1);
        assertThat(ids).noneMatch(id -> sessions.find(id, nowNs).isPresent());
    }

    private void pass(Duration time) {
        nowNs += time.toNanos();
    }
}
