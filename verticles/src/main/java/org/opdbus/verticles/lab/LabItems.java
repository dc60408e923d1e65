// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and ends the machines of one lab, several at once. Every method waits, with a limit; not on an event loop. */
final class LabItems {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final int MACHINE_LIMIT_S = 180;
    private static final int LOOK_LIMIT_S = 20;
    private static final int PARALLEL_MAX = 8;

    private final String lab;
    private final Map<String, LabMachines> kinds;

    LabItems(String lab, Map<String, LabMachines> kinds) {
        this.lab = lab;
        this.kinds = kinds;
    }

    /** Returns the machines that are there, by the name of the item. */
    Map<String, MachineState> states() {
        Map<String, MachineState> states = new TreeMap<>();
        kinds.values()
                .forEach(kind -> states.putAll(
                        kind.states(lab).timeout(LOOK_LIMIT_S, TimeUnit.SECONDS).blockingGet()));
        return states;
    }

    /** Returns the settings that running machines have, where these can change, by the name of the item. */
    Map<String, LabMachine> settings() {
        Map<String, LabMachine> settings = new TreeMap<>();
        kinds.values()
                .forEach(kind -> settings.putAll(kind.settings(lab)
                        .timeout(LOOK_LIMIT_S, TimeUnit.SECONDS)
                        .blockingGet()));
        return settings;
    }

    /** Starts machines; fails with a failure after all of them were tried. */
    void start(Collection<LabItem> items) {
        fail(tryStart(items));
    }

    /** Starts machines; returns the failures by the name of the item. */
    Map<String, LabRefusal> tryStart(Collection<LabItem> items) {
        return each(items, (kind, item) -> kind.start(lab, item));
    }

    /** Ends machines; fails with a failure after all of them were tried. */
    void stop(Collection<LabItem> items) {
        // What this agent cannot run, it has not started.
        fail(each(
                items.stream().filter(item -> kinds.containsKey(word(item))).toList(),
                (kind, item) -> kind.stop(lab, item)));
    }

    /** Ends a machine that the definition does not know, if it is provably the lab's; tells it if it stays. */
    void endOther(String name) {
        LOG.warn("lab={} machine={} is not in the definition and is ended", lab, name);
        kinds.values().forEach(kind -> {
            try {
                boolean done = kind.endOther(lab, name).blockingAwait(MACHINE_LIMIT_S, TimeUnit.SECONDS);
                if (!done) {
                    LOG.warn("lab={} machine={} did not end within {} s", lab, name, MACHINE_LIMIT_S);
                }
            } catch (RuntimeException failure) {
                LOG.warn("lab={} machine={} could not be ended: {}", lab, name, failure.getMessage());
            }
        });
    }

    private Map<String, LabRefusal> each(
            Collection<LabItem> items, BiFunction<LabMachines, LabItem, Completable> work) {
        Map<String, LabRefusal> failures = new ConcurrentSkipListMap<>();
        Flowable.fromIterable(items)
                .flatMapCompletable(
                        item -> Completable.defer(() -> work.apply(kindOf(item), item))
                                .timeout(MACHINE_LIMIT_S, TimeUnit.SECONDS)
                                .doOnError(failure -> failures.put(item.name(), inWords(item, failure)))
                                .onErrorComplete(),
                        false,
                        PARALLEL_MAX)
                .blockingAwait();
        return failures;
    }

    private static LabRefusal inWords(LabItem item, Throwable failure) {
        if (failure instanceof LabRefusal refusal) {
            return refusal;
        }
        LabRefusal told = new LabRefusal(item.name() + ": " + failure.getMessage(), "see the log of the agent");
        told.initCause(failure);
        return told;
    }

    private static void fail(Map<String, LabRefusal> failures) {
        failures.values().stream().findFirst().ifPresent(first -> {
            throw first;
        });
    }

    private static String word(LabItem item) {
        return item.machine().word();
    }

    private LabMachines kindOf(LabItem item) {
        LabMachines kind = kinds.get(word(item));
        if (kind == null) {
            throw new LabRefusal(
                    "this agent cannot run the item " + item.name() + ": it knows no " + word(item),
                    "remove it: op-dbus lab " + lab + " del " + item.name());
        }
        return kind;
    }
}
