// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

/**
 * The object of a step or of a refusal: a container as a whole, one of its links, or an enrolment that ends.
 *
 * @param kind the kind of object
 * @param key the link's index or the enrolment's id; empty for the container
 */
public record Subject(Kind kind, String key) {
    /** The container as a whole. */
    public static final Subject CONTAINER = new Subject(Kind.CONTAINER, "");

    /** The kinds of subjects. */
    public enum Kind {
        /** The container as a whole: such a step runs alone. */
        CONTAINER,
        /** One link of the container. */
        LINK,
        /** An enrolment of a link that has gone, or of a container that has stopped. */
        ENROLLMENT
    }

    /** Returns the subject for the link with this index. */
    public static Subject link(int index) {
        return new Subject(Kind.LINK, Integer.toString(index));
    }

    /** Returns the subject for the enrolment with this id. */
    public static Subject enrollment(String id) {
        return new Subject(Kind.ENROLLMENT, id);
    }

    /** Returns whether the subject is a link. */
    public boolean isLink() {
        return kind == Kind.LINK;
    }

    /** Returns the index of the link. */
    public int linkIndex() {
        return Integer.parseInt(key);
    }
}
