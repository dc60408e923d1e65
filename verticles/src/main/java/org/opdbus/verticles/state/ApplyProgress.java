// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

/** Hears how an apply goes on, line by line, from any thread and from one at a time. */
public interface ApplyProgress {
    /** Something became true: a result. */
    void done(String line);

    /** Something that a person should know: a message. */
    void note(String line);
}
