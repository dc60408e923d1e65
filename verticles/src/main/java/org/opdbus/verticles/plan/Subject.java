// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

/**
 * What a step is done to, or what a refusal is about: a container as a whole, one of its links, or an enrolment that is to
 * end.
 *
 * @param kind which of the three it is
 * @param key the link's index or the enrolment's id; empty for the container
 */
public record Subject(Kind kind, String key) {
    /** The container as a whole. */
    public static final Subject CONTAINER = new Subject(Kind.CONTAINER, "");

    /** The kinds of subjects. */
    public enum Kind {
        /** The container as a whole: nothing else is done to the container meanwhile. */
        CONTAINER,
        /** One link of the container. */
        LINK,
        /** An enrolment of a link that has gone, or of a container that has stopped. */
        ENROLLMENT
    }

    /** The link of this index. */
    public static Subject link(int index) {
        return new Subject(Kind.LINK, Integer.toString(index));
    }

    /** The enrolment of this id. */
    public static Subject enrollment(String id) {
        return new Subject(Kind.ENROLLMENT, id);
    }

    /** Whether it is a link. */
    public boolean isLink() {
        return kind == Kind.LINK;
    }

    /** The index of the link, if it is one. */
    public int linkIndex() {
        return Integer.parseInt(key);
    }
}
