// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashSet;
import java.util.Set;

/**
 * What of a container's last plan may be out of date because of what has been heard or done since: all of it, or what
 * concerns some links and names. A link too many costs a moment; one too few would be waited for until the next pass.
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

    /** Something has ended, so that something of ours may be left over. */
    public void markLeftovers() {
        leftovers = true;
    }

    public void markLink(int index) {
        links.add(index);
    }

    /** Somebody who bears this name has changed, come or gone. */
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

    /** The indexes of links, some of which may be none of the container's. */
    public Set<Integer> links() {
        return links;
    }

    public Set<String> names() {
        return names;
    }
}
