// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

/** Receives the messages of an apply, line by line, from any thread and from one at a time. */
public interface ApplyProgress {
    /** A change is complete: a result. */
    void done(String line);

    /** A message for the user. */
    void note(String line);
}
