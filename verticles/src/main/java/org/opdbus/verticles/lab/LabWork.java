// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.lab.act.LabLinks;
import org.opdbus.verticles.lab.act.LabSwitch;
import org.opdbus.verticles.lab.act.LinkEars;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.plan.LabPlanner;
import org.opdbus.verticles.lab.plan.LabStep;

/** Looks at one lab and carries out steps. Every method waits, with a limit. For the lab's thread. */
final class LabWork implements AutoCloseable {
    private static final int SPACE_LIMIT_S = 120;
    private static final int MACHINE_LIMIT_S = 180;
    private static final int LOOK_LIMIT_S = 20;
    private static final int PARALLEL_MAX = 8;
    private static final Pattern ENDPOINT = Pattern.compile("_k_([0-9]{1,3})_[0-9]{1,2}");

    private final String lab;
    private final LabParts parts;
    private final LabSwitch rows;
    private final LabLinks links;
    private final boolean finishChecksums;

    LabWork(String lab, LabParts parts, LinkEars ears, Runnable changed) {
        this.lab = lab;
        this.parts = parts;
        String datapath = parts.space().datapath();
        finishChecksums = datapath.equals("netdev");
        rows = new LabSwitch(parts.loop(), parts.folders().databaseSocket(lab), datapath, changed);
        links = new LabLinks(parts.folders().namespace(lab), ears, changed);
    }

    /** Returns what is there. */
    LabPicture look() {
        boolean runs =
                parts.space().runs(lab).timeout(LOOK_LIMIT_S, TimeUnit.SECONDS).blockingGet();
        if (!runs) {
            return new LabPicture(false, Map.of(), Map.of(), Map.of());
        }
        LabLinks.Listing listing = links.list();
        Map<String, MachineState> machines = new HashMap<>();
        parts.machines()
                .values()
                .forEach(kind -> machines.putAll(
                        kind.states(lab).timeout(LOOK_LIMIT_S, TimeUnit.SECONDS).blockingGet()));
        return new LabPicture(true, listing.links(), rows.bridges(listing.indices()), machines);
    }

    /** Returns the steps that are possible now. */
    List<LabStep> plan(LabDefinition definition, LabPicture picture) {
        return LabPlanner.plan(definition, picture, finishChecksums);
    }

    /** Carries out steps: first everything that makes or changes links, then the transaction. */
    void act(List<LabStep> steps) {
        start(steps.stream()
                .filter(LabStep.StartMachine.class::isInstance)
                .map(step -> ((LabStep.StartMachine) step).item())
                .toList());
        for (LabStep step : steps) {
            if (step instanceof LabStep.EnsureSpace) {
                ensure();
            } else if (step instanceof LabStep.RaiseLink raise) {
                links.raise(raise.link(), finishChecksums);
            } else if (step instanceof LabStep.ChangeSwitch change) {
                rows.change(change.changes());
            }
        }
    }

    void ensure() {
        parts.space().ensure(lab).timeout(SPACE_LIMIT_S, TimeUnit.SECONDS).blockingAwait();
    }

    /** Starts machines; fails with the first failure after all of them were tried. */
    void start(Collection<LabItem> items) {
        each(items, (kind, item) -> kind.start(lab, item));
    }

    /** Ends machines; fails with the first failure after all of them were tried. */
    void stop(Collection<LabItem> items) {
        each(items, (kind, item) -> kind.stop(lab, item));
    }

    private void each(Collection<LabItem> items, BiFunction<LabMachines, LabItem, Completable> work) {
        Flowable.fromIterable(items)
                .flatMapCompletable(
                        item -> Completable.defer(() -> work.apply(kindOf(item), item))
                                .timeout(MACHINE_LIMIT_S, TimeUnit.SECONDS)
                                .onErrorResumeNext(e -> Completable.error(
                                        e instanceof LabRefusal
                                                ? e
                                                : new LabRefusal(
                                                        item.name() + ": " + e.getMessage(),
                                                        "see the log of the agent"))),
                        true,
                        PARALLEL_MAX)
                .onErrorResumeNext(e -> Completable.error(
                        e instanceof io.reactivex.rxjava3.exceptions.CompositeException many
                                ? many.getExceptions().get(0)
                                : e))
                .blockingAwait();
    }

    private LabMachines kindOf(LabItem item) {
        LabMachines kind = parts.machines().get(item.machine().word());
        if (kind == null) {
            throw new LabRefusal(
                    "this agent cannot run the item " + item.name() + ": it knows no "
                            + item.machine().word(),
                    "");
        }
        return kind;
    }

    /** Returns the numbers that something in the namespace bears. */
    Set<Integer> borne() {
        Set<Integer> ids = new HashSet<>();
        for (String name : links.list().links().keySet()) {
            Matcher matcher = ENDPOINT.matcher(name);
            if (matcher.matches()) {
                ids.add(Integer.valueOf(matcher.group(1)));
            }
        }
        return ids;
    }

    /** Ends everything of the lab. */
    void remove() {
        close();
        parts.space().remove(lab).timeout(SPACE_LIMIT_S, TimeUnit.SECONDS).blockingAwait();
    }

    @Override
    public void close() {
        links.close();
        rows.close();
    }
}
