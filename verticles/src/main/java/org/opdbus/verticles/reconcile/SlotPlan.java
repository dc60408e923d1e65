// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.LinkNames;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.reconcile.Plan.LinkPlan;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;

/**
 * The links of a container with their names, reused from an earlier plan as far as they are the same, and which of
 * them must be planned again. Names are assigned again only if a link was added, removed or renamed.
 */
final class SlotPlan {
    /** Concerns each link of a container. */
    static final Predicate<Link> EACH = link -> true;

    private static final Outcome UNPLANNED = new Rest(ContainerPhase.WAITING, "");

    private final SortedMap<Integer, LinkPlan> links = new TreeMap<>();
    private final Map<String, Integer> names;
    private final Set<Integer> renewed = new HashSet<>();

    SlotPlan(
            HostView view,
            ContainerView container,
            Predicate<Link> concerned,
            LinkNames slots,
            IntFunction<LinkName> nameOf,
            Optional<Plan> earlier,
            Stale stale) {
        SortedMap<Integer, LinkPlan> before = earlier.map(Plan::links).orElse(Collections.emptySortedMap());
        boolean same = earlier.isPresent()
                && stale.links().stream()
                        .allMatch(index -> standsInLine(before.get(index), linkOf(view, container, concerned, index)));
        if (same) {
            links.putAll(before);
            names = earlier.orElseThrow().names();
            stale.links().forEach(index -> renew(linkOf(view, container, concerned, index)));
            stale.names().stream().map(names::get).filter(Objects::nonNull).forEach(renewed::add);
        } else {
            names = new HashMap<>();
            IntFunction<LinkName> nameOnce = once(nameOf, before);
            List<Link> all = view.linksOf(container);
            List<Link> concerning =
                    concerned == EACH ? all : all.stream().filter(concerned).toList();
            slots.slots(concerning, nameOnce, view::formerNamesOf)
                    .forEach((link, slot) -> put(link, slot, nameOnce, before));
            before.keySet().stream().filter(index -> !links.containsKey(index)).forEach(renewed::add);
            stale.links().forEach(renewed::add);
            stale.names().stream().map(names::get).filter(Objects::nonNull).forEach(renewed::add);
        }
    }

    /** Returns the same names, computed once: a slot's name stays the same while a plan can be reused. */
    private static IntFunction<LinkName> once(IntFunction<LinkName> nameOf, SortedMap<Integer, LinkPlan> before) {
        Map<Integer, LinkName> made = new HashMap<>();
        before.values().forEach(link -> made.put(link.slot(), link.name()));
        return slot -> made.computeIfAbsent(slot, nameOf::apply);
    }

    private void put(Link link, int slot, IntFunction<LinkName> nameOf, SortedMap<Integer, LinkPlan> before) {
        LinkPlan known = before.get(link.index());
        LinkName name = nameOf.apply(slot);
        names.put(name.value(), link.index());
        if (known != null
                && known.slot() == slot
                && known.name().equals(name)
                && known.link().equals(link)) {
            links.put(link.index(), known);
        } else {
            links.put(link.index(), new LinkPlan(link, slot, name, UNPLANNED));
            renewed.add(link.index());
        }
    }

    private void renew(Optional<Link> link) {
        link.ifPresent(now -> {
            links.computeIfPresent(
                    now.index(), (index, known) -> new LinkPlan(now, known.slot(), known.name(), known.outcome()));
            renewed.add(now.index());
        });
    }

    /**
     * Returns whether a link has the same place among its container's links: the same names, and the same other end.
     */
    private static boolean standsInLine(@Nullable LinkPlan known, Optional<Link> now) {
        if (known == null || now.isEmpty()) {
            return known == null && now.isEmpty();
        }
        return now.get().name().equals(known.link().name())
                && now.get().altNames().equals(known.link().altNames())
                && now.get().peerIndex() == known.link().peerIndex();
    }

    private static Optional<Link> linkOf(HostView view, ContainerView container, Predicate<Link> concerned, int index) {
        return view.link(index).filter(link -> view.isOf(container, link) && concerned.test(link));
    }

    /** Returns the indexes of the links. */
    Set<Integer> links() {
        return links.keySet();
    }

    /** Returns each link with its name and decision; only links that must be planned again are decided about. */
    SortedMap<Integer, LinkPlan> planned(Function<LinkPlan, Outcome> planner) {
        for (int index : renewed) {
            links.computeIfPresent(
                    index, (key, link) -> new LinkPlan(link.link(), link.slot(), link.name(), planner.apply(link)));
        }
        return links;
    }

    /** Returns the wanted names, each with the index of its link. */
    Map<String, Integer> names() {
        return names;
    }

    /** Returns the indexes of the links to plan again, and of those that are gone. */
    Set<Integer> renewed() {
        return renewed;
    }
}
