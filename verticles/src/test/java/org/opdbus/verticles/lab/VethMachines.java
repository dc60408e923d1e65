// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.testing.Links;

/** Machines that are nothing but links: each endpoint is one end of a veth whose other end stays in the lab, too. */
final class VethMachines implements LabMachines {
    /** An item of this name never starts. */
    static final String BROKEN = "broken";

    /** An item of this name does not end, as long as it is stuck. */
    static final String STUCK = "stuck";

    private final Map<String, MachineState> states = new ConcurrentSkipListMap<>();

    @Override
    public Completable start(String lab, LabItem item) {
        return Completable.fromAction(() -> {
                    if (item.name().equals(BROKEN)) {
                        throw new LabRefusal("the image of " + item.name() + " is missing", "name one that is there");
                    }
                    String namespace = LabNames.namespace(lab);
                    Set<String> present = links(namespace);
                    item.endpoints().stream()
                            .map(item::portOf)
                            .filter(port -> !present.contains(port))
                            .forEach(port -> {
                                String other = "p" + port;
                                Links.ipInside(namespace, "link", "add", port, "type", "veth", "peer", "name", other);
                                Links.ipInside(namespace, "link", "set", other, "up");
                            });
                    states.put(lab + "/" + item.name(), MachineState.RUNNING);
                })
                .subscribeOn(Schedulers.io());
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return Completable.fromAction(() -> {
                    String namespace = LabNames.namespace(lab);
                    if (!Files.exists(Links.namespaceFile(namespace))) {
                        return;
                    }
                    if (item.name().equals(STUCK)) {
                        throw new LabRefusal(item.name() + " does not end", "end it by hand");
                    }
                    Set<String> present = links(namespace);
                    item.endpoints().stream()
                            .map(item::portOf)
                            .filter(present::contains)
                            .forEach(port -> Links.ipInside(namespace, "link", "del", port));
                    states.remove(lab + "/" + item.name());
                })
                .subscribeOn(Schedulers.io());
    }

    private static Set<String> links(String namespace) {
        return Arrays.stream(Links.ipInside(namespace, "-o", "link").split("\n", -1))
                .map(line -> line.replaceAll("^[0-9]+: ([^:@]+)[:@].*", "$1"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return Single.fromCallable(() -> {
            Map<String, MachineState> own = new TreeMap<>();
            states.forEach((name, state) -> {
                if (name.startsWith(lab + "/")) {
                    own.put(name.substring(lab.length() + 1), state);
                }
            });
            return own;
        });
    }

    @Override
    public Flowable<String> changes() {
        return Flowable.never();
    }
}
