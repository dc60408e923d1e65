// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.opdbus.verticles.lab.definition.LabChecks.require;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Makes items with a number that nothing else bears, and with hardware addresses that no other endpoint has. */
final class NewItems {
    private static final int ID_PART = 100;

    private final Collection<LabItem> present;
    private final Set<Integer> borne;
    private final RandomGenerator random;
    private int lastId;

    /**
     * Creates it.
     *
     * @param present the items that are there, as they change
     * @param borne numbers that nothing new may bear
     */
    NewItems(Collection<LabItem> present, Set<Integer> borne, int lastId, RandomGenerator random) {
        this.present = present;
        this.borne = borne;
        this.lastId = lastId;
        this.random = random;
    }

    int lastId() {
        return lastId;
    }

    LabItem item(LabChange.AddItem add) {
        MachineChecks.check(add.machine());
        LabChecks.endpoints(add.name(), add.endpoints(), add.machine());
        require(
                add.macs().size() <= add.endpoints().length(),
                add.name() + " has " + add.endpoints().length() + " endpoints and "
                        + add.macs().size() + " hardware addresses",
                "give an address to each endpoint at most");
        refuseSecondContainer(add);
        int id = nextId();
        List<LabEndpoint> endpoints = new ArrayList<>();
        for (int number = 0; number < add.endpoints().length(); number++) {
            String mac = number < add.macs().size() && !add.macs().get(number).isEmpty()
                    ? given(add.macs().get(number), endpoints)
                    : random(id, number, endpoints);
            endpoints.add(new LabEndpoint(number, add.endpoints().charAt(number) == 's', mac, Optional.empty()));
        }
        return new LabItem(add.name(), id, add.machine(), endpoints);
    }

    private void refuseSecondContainer(LabChange.AddItem add) {
        if (add.machine() instanceof LabMachine.Lxc lxc) {
            present.forEach(other -> require(
                    !(other.machine() instanceof LabMachine.Lxc another
                            && another.container().equals(lxc.container())),
                    "the container " + lxc.container() + " is the item " + other.name() + " already",
                    "give that item all the endpoints that it shall have"));
        }
    }

    /** The next free one after the one that was given last, so that a number comes again as late as possible. */
    private int nextId() {
        for (int step = 1; step <= LabNames.ID_MAX; step++) {
            int id = (lastId + step - 1) % LabNames.ID_MAX + 1;
            if (!borne.contains(id) && present.stream().noneMatch(item -> item.id() == id)) {
                lastId = id;
                return id;
            }
        }
        throw new LabRefusal("the lab has " + LabNames.ID_MAX + " items, and more have no number", "remove one first");
    }

    private String given(String text, List<LabEndpoint> own) {
        String mac = LabChecks.mac(text);
        require(!isUsed(mac, own), "another endpoint has the hardware address " + mac, "use another one");
        return mac;
    }

    private String random(int id, int number, List<LabEndpoint> own) {
        while (true) {
            String mac = String.format(
                    "02:%02x:%02x:%02x:%02x:%02x",
                    random.nextInt(256), random.nextInt(256), random.nextInt(256), id % ID_PART, number);
            if (!isUsed(mac, own)) {
                return mac;
            }
        }
    }

    private boolean isUsed(String mac, List<LabEndpoint> own) {
        return own.stream().anyMatch(endpoint -> endpoint.mac().equals(mac))
                || present.stream()
                        .flatMap(item -> item.endpoints().stream())
                        .anyMatch(endpoint -> endpoint.mac().equals(mac));
    }
}
