// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;

/** The last things of one kind that other hosts have told, numbered from 1 on; older ones are let go. For any thread. */
public interface SiblingLines {
    /**
     * One of them.
     *
     * @param json {@code {"time", "host", "kind", "subject", "data", …}}
     */
    record Line(String kind, String subject, String json) {}

    /**
     * Some of them, in their order.
     *
     * @param next the number of the one after the last of these
     * @param missed how many that were wanted too have been let go
     */
    record Lines(List<Line> lines, long next, long missed) {
        public Lines {
            lines = List.copyOf(lines);
        }
    }

    /** The number of the one that comes next. */
    long next();

    /** Those from a number on, at most so many. */
    Lines from(long number, int max);

    /** Runs this whenever there are new ones, on a thread that must not be held up, until disposed of. */
    Disposable onNews(Runnable news);
}
