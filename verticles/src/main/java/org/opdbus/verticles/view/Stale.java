// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashSet;
import java.util.Set;

/**
 * The parts of a container's last plan that may be out of date because of later facts or actions: all of it, or the
 * parts about some links and names. A link too many costs a moment; a link too few would wait until the next pass.
 */
public final class Stale {
    private boolean everything;
    private boolean leftovers;
    private final Set<Integer> links = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    /** All of it. */
    public static Stale everything() {
        Stale stale = new Stale();
        stale.markEverything();
        return stale;
    }

    /** What concerns one link. */
    public static Stale link(int index) {
        Stale stale = new Stale();
        stale.markLink(index);
        return stale;
    }

    public void markEverything() {
        everything = true;
    }

    /** An enrolment has ended, so something of ours may be left. */
    public void markLeftovers() {
        leftovers = true;
    }

    public void markLink(int index) {
        links.add(index);
    }

    /** The owner of this name has changed. */
    public void markName(String name) {
        names.add(name);
    }

    public void add(Stale other) {
        everything |= other.everything;
        leftovers |= other.leftovers;
        links.addAll(other.links);
        names.addAll(other.names);
    }

    public boolean isEverything() {
        return everything;
    }

    public boolean hasLeftovers() {
        return leftovers;
    }

    /** Returns the indexes of links, some of which may not belong to the container. */
    public Set<Integer> links() {
        return links;
    }

    public Set<String> names() {
        return names;
    }
}
