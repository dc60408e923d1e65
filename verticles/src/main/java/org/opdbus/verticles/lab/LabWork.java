// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.lab.act.LabLinks;
import org.opdbus.verticles.lab.act.LabSwitch;
import org.opdbus.verticles.lab.act.LinkEars;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.plan.LabPicture;
import org.opdbus.verticles.lab.plan.LabPlanner;
import org.opdbus.verticles.lab.plan.LabStep;

/** Looks at one lab and carries out steps. Every method waits, with a limit. For the lab's thread. */
final class LabWork implements AutoCloseable {
    private static final int SPACE_LIMIT_S = 120;
    private static final int LOOK_LIMIT_S = 20;
    private static final Pattern ENDPOINT = Pattern.compile("_k_([0-9]{1,3})_[0-9]{1,2}");

    private final String lab;
    private final LabParts parts;
    private final LabSwitch rows;
    private final LabLinks links;
    private final LabItems items;
    private final boolean finishChecksums;

    LabWork(String lab, LabParts parts, LinkEars ears, Runnable changed) {
        this.lab = lab;
        this.parts = parts;
        items = new LabItems(lab, parts.machines());
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
        return new LabPicture(true, listing.links(), rows.bridges(listing.indices()), items.states(), items.settings());
    }

    /** Returns the steps that are possible now. */
    List<LabStep> plan(LabDefinition definition, LabPicture picture) {
        return LabPlanner.plan(definition, picture, finishChecksums);
    }

    /**
     * Carries out steps: first everything that makes or changes links, then the transaction. Returns the machines that could not be
     * started, with the reasons.
     */
    Map<String, String> act(List<LabStep> steps) {
        Map<String, String> failed = new HashMap<>();
        List<LabItem> machines = steps.stream()
                .filter(LabStep.StartMachine.class::isInstance)
                .map(step -> ((LabStep.StartMachine) step).item())
                .toList();
        items.tryStart(machines).forEach((name, failure) -> failed.put(name, String.valueOf(failure.getMessage())));
        for (LabStep step : steps) {
            if (step instanceof LabStep.EnsureSpace) {
                ensure();
            } else if (step instanceof LabStep.RaiseLink raise) {
                links.raise(raise.link(), finishChecksums);
            } else if (step instanceof LabStep.ChangeSwitch change) {
                rows.change(change.changes());
            }
        }
        return failed;
    }

    private void ensure() {
        parts.space().ensure(lab).timeout(SPACE_LIMIT_S, TimeUnit.SECONDS).blockingAwait();
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

    LabItems items() {
        return items;
    }

    /** Ends everything of the lab. */
    void remove() {
        links.close();
        parts.space().remove(lab).timeout(SPACE_LIMIT_S, TimeUnit.SECONDS).blockingAwait();
    }

    @Override
    public void close() {
        links.close();
        rows.close();
    }
}
