// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.opdbus.verticles.lab.definition.LabChecks.require;
import static org.opdbus.verticles.lab.definition.LabChecks.shown;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Makes the definition that a lab has after changes. It checks each change against what the ones before it left, and refuses all of
 * them if one is not possible. Nothing outside of the definition is looked at or touched. For one thread.
 */
public final class LabEdit {
    /** How many changes may be made at once. */
    public static final int CHANGES_MAX = 4_000;

    private final String lab;
    private final SortedMap<String, LabItem> items;
    private final NewItems made;

    private LabEdit(LabDefinition from, Set<Integer> borne, RandomGenerator random) {
        lab = from.name();
        items = new TreeMap<>(from.items());
        made = new NewItems(items.values(), borne, from.lastId(), random);
    }

    /**
     * Returns the definition with all the changes, in their order.
     *
     * @param borne numbers that no new item may get, because a link or a process that is still there bears them
     * @param random makes hardware addresses
     * @throws LabRefusal if a change is not possible
     */
    public static LabDefinition with(
            LabDefinition from, List<LabChange> changes, Set<Integer> borne, RandomGenerator random) {
        require(
                changes.size() <= CHANGES_MAX,
                changes.size() + " changes at once are more than " + CHANGES_MAX,
                "make several requests of them");
        LabEdit edit = new LabEdit(from, borne, random);
        changes.forEach(edit::apply);
        return new LabDefinition(from.name(), edit.items, edit.made.lastId());
    }

    private void apply(LabChange change) {
        if (change instanceof LabChange.AddItem add) {
            add(add);
        } else if (change instanceof LabChange.RemoveItem remove) {
            items.remove(item(remove.name()).name());
        } else if (change instanceof LabChange.JoinLan join) {
            join(join);
        } else if (change instanceof LabChange.LeaveLan leave) {
            leave(leave);
        } else if (change instanceof LabChange.Spy spy) {
            spy(spy);
        } else if (change instanceof LabChange.Shape shape) {
            shape(shape);
        } else {
            throw new IllegalArgumentException("an unknown change: " + change);
        }
    }

    private void add(LabChange.AddItem add) {
        LabChecks.item(add.name(), add.machine());
        require(
                !items.containsKey(add.name()),
                "the lab " + lab + " has an item " + add.name() + " already",
                "use another name, or remove that one: op-dbus lab " + lab + " del " + add.name());
        require(
                endpointsOn(add.name(), "", -1).isEmpty(),
                "the lab " + lab + " has a LAN " + add.name() + ", and an item cannot have the same name",
                "use another name");
        items.put(add.name(), made.item(add));
    }

    private void join(LabChange.JoinLan join) {
        LabChecks.place(join.place());
        LabEndpoint endpoint = endpoint(join.item(), join.number());
        String lan = join.place().lan();
        require(
                !items.containsKey(lan),
                "a LAN cannot be called " + lan + ": an item of the lab " + lab + " is",
                "use another name");
        endpoint.place()
                .ifPresent(other -> require(
                        other.lan().equals(lan),
                        "endpoint " + join.number() + " of " + join.item() + " is on the LAN " + other.lan()
                                + " already, and an endpoint can be on one only",
                        "take it from there first: op-dbus lab " + lab + " del lan " + join.item() + " " + join.number()
                                + " " + other.lan()));
        put(join.item(), endpoint.on(Optional.of(join.place())));
    }

    private void leave(LabChange.LeaveLan leave) {
        LabEndpoint endpoint = endpoint(leave.item(), leave.number());
        require(
                endpoint.place()
                        .filter(place -> place.lan().equals(leave.lan()))
                        .isPresent(),
                "endpoint " + leave.number() + " of " + leave.item() + " is not on the LAN " + shown(leave.lan())
                        + endpoint.place()
                                .map(place -> " but on " + place.lan())
                                .orElse(""),
                "see op-dbus lab " + lab + " show");
        put(leave.item(), endpoint.on(Optional.empty()));
    }

    private void spy(LabChange.Spy spy) {
        put(spy.item(), endpoint(spy.item(), spy.number()).spied(spy.wanted()));
    }

    private void shape(LabChange.Shape shape) {
        LabItem item = item(shape.item());
        require(
                item.machine() instanceof LabMachine.A2b,
                item.name() + " is a " + item.machine().word() + "; only an a2b has delay, loss and rate",
                "");
        MachineChecks.line(shape.line());
        items.put(item.name(), new LabItem(item.name(), item.id(), shape.line(), item.endpoints()));
    }

    private void put(String name, LabEndpoint endpoint) {
        LabItem item = item(name);
        endpoint.place().filter(place -> endpoint.spied()).ifPresent(place -> {
            List<String> others = endpointsOn(place.lan(), name, endpoint.number());
            require(
                    others.size() < LabNames.SPIES_MAX,
                    "the LAN " + place.lan() + " has " + others.size()
                            + " spied endpoints already, and Open vSwitch does not copy the frames of more",
                    "switch one off, such as: op-dbus lab " + lab + " spy " + (others.isEmpty() ? "" : others.get(0))
                            + " off");
        });
        List<LabEndpoint> endpoints = new ArrayList<>(item.endpoints());
        endpoints.set(endpoint.number(), endpoint);
        items.put(name, new LabItem(name, item.id(), item.machine(), endpoints));
    }

    /** The spied endpoints of a LAN beside one, or all endpoints of it if that one has no number. */
    private List<String> endpointsOn(String lan, String item, int number) {
        List<String> found = new ArrayList<>();
        for (LabItem each : items.values()) {
            for (LabEndpoint endpoint : each.endpoints()) {
                boolean counts =
                        number < 0 || (endpoint.spied() && !(each.name().equals(item) && endpoint.number() == number));
                if (counts
                        && endpoint.place()
                                .filter(place -> place.lan().equals(lan))
                                .isPresent()) {
                    found.add(each.name() + " " + endpoint.number());
                }
            }
        }
        return found;
    }

    private LabItem item(String name) {
        LabItem item = items.get(name);
        if (item == null) {
            throw new LabRefusal("the lab " + lab + " has no item " + shown(name), "see op-dbus lab " + lab + " show");
        }
        return item;
    }

    private LabEndpoint endpoint(String name, int number) {
        LabItem item = item(name);
        int count = item.endpoints().size();
        require(
                number >= 0 && number < count,
                name + " has no endpoint " + number,
                count == 1 ? "its only one is 0" : "it has 0 to " + (count - 1));
        return item.endpoints().get(number);
    }
}
