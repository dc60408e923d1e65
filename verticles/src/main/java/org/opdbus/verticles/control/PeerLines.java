// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;

/**
 * The latest lines of one kind from other hosts, numbered from 1; older lines are dropped. For any
 * thread.
 */
public interface PeerLines {
    /**
     * One line.
     *
     * @param json {@code {"time", "host", "kind", "subject", "data", …}}
     */
    record Line(String kind, String subject, String json) {}

    /**
     * Some of the lines, in their order.
     *
     * @param next the number of the line after the last of these
     * @param missed how many requested lines are no longer held
     */
    record Lines(List<Line> lines, long next, long missed) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /** Returns the number of the next line. */
    long next();

    /** Returns the lines from a number on, at most this many. */
    Lines from(long number, int max);

    /**
     * Runs this whenever there are new lines, on a thread that must not block, until disposed of.
     */
    Disposable onNews(Runnable news);
}
