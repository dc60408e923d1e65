// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.hotpath;

import java.util.List;
import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.verticles.enroll.bridge.plan.AbsorbRule;
import org.opdbus.verticles.enroll.bridge.plan.AddressOnlyRule;
import org.opdbus.verticles.enroll.bridge.plan.AdoptRule;
import org.opdbus.verticles.enroll.bridge.plan.AttachRule;
import org.opdbus.verticles.enroll.bridge.plan.DetachRule;
import org.opdbus.verticles.enroll.bridge.plan.Drifts;
import org.opdbus.verticles.enroll.bridge.plan.EndedRule;
import org.opdbus.verticles.enroll.bridge.plan.ForeignPortRule;
import org.opdbus.verticles.enroll.bridge.plan.LivenessRule;
import org.opdbus.verticles.enroll.bridge.plan.MoveRule;
import org.opdbus.verticles.enroll.bridge.plan.ObservedRule;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.enroll.bridge.plan.RemovedRule;
import org.opdbus.verticles.enroll.bridge.plan.RenamedRule;
import org.opdbus.verticles.enroll.bridge.plan.RetagRule;
import org.opdbus.verticles.enroll.bridge.plan.StrangerRule;
import org.opdbus.verticles.enroll.bridge.plan.SwapRule;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedLinkRule;
import org.opdbus.verticles.enroll.bridge.proxmox.ManagedLinkRule.SharedRules;
import org.opdbus.verticles.plan.Endings;
import org.opdbus.verticles.plan.LinkRule;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.MissingLink;
import org.opdbus.verticles.plan.Rules;
import org.opdbus.verticles.rename.ChecksumRule;
import org.opdbus.verticles.rename.MakeLinkRule;
import org.opdbus.verticles.rename.NameRule;
import org.opdbus.verticles.rename.NameTakenRule;
import org.opdbus.verticles.rename.NamespaceRule;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.PortsHeardRule;
import org.opdbus.verticles.rename.PreparationRule;
import org.opdbus.verticles.view.HostView;

/** The order of the planning rules: the first rule that returns a decision about a link decides. */
public final class RuleOrder {
    private final HostView view;
    private final QuietTimes quiet;
    private final Drifts drifts;
    private final LinkRule prepareOnce;
    private final LinkRule prepareAgain;
    private final LinkRule finishChecksums;

    private RuleOrder(HostView view, QuietTimes quiet, boolean repairDrift) {
        this.view = view;
        this.quiet = quiet;
        drifts = new Drifts(view, repairDrift);
        prepareOnce = PreparationRule.once(view);
        prepareAgain = PreparationRule.again(view);
        finishChecksums = new ChecksumRule(view);
    }

    /**
     * Joins the rules of all handlers.
     *
     * @param repairDrift whether the agent undoes changes by other programs to a port of ours, or only reports them
     */
    public static Rules of(HostView view, QuietTimes quiet, NamingRule names, boolean repairDrift) {
        return new Rules(
                new NamespaceRule(),
                new MakeLinkRule(view),
                new EndedRule(view),
                names,
                new RuleOrder(view, quiet, repairDrift).links());
    }

    /** Joins the same rules for a process that only observes the host: they return no step that changes it. */
    public static Rules observing(HostView view, QuietTimes quiet, NamingRule names) {
        return new Rules(
                new NamespaceRule(),
                MissingLink.NONE,
                Endings.NONE,
                names,
                new ObservedRule(view, new RuleOrder(view, quiet, false).links()));
    }

    private LinkRule links() {
        LinkRule naming = naming();
        return LinkRule.first(List.of(
                new ManagedLinkRule(
                        view,
                        quiet,
                        drifts,
                        new SharedRules(naming, prepareOnce, LinkRule.first(List.of(prepareAgain, finishChecksums)))),
                new StrangerRule(view),
                naming.when((subject, port) -> !subject.isNamed()),
                new DetachRule(view)
                        .when((subject, port) -> subject.intent().bridge().isEmpty()),
                new AddressOnlyRule(prepareOnce)
                        .when((subject, port) -> subject.intent().bridge().isEmpty()),
                new ForeignPortRule(view, drifts),
                prepareOnce.when(this::isForeign),
                new AdoptRule(view),
                new RemovedRule(view, drifts, quiet),
                prepareAgain,
                new AttachRule(view),
                finishChecksums,
                new SwapRule(view, drifts),
                new MoveRule(view, drifts),
                new AbsorbRule(view),
                new RetagRule(view, drifts),
                new LivenessRule(view)));
    }

    /** Returns the rules that name a link. The agent marks a port that another program made before it renames the link. */
    private LinkRule naming() {
        return LinkRule.first(List.of(
                new NameTakenRule(view),
                new PortsHeardRule(),
                PreparationRule.withName(view),
                new AdoptRule(view),
                new RenamedRule(view, drifts),
                new NameRule()));
    }

    private boolean isForeign(LinkSubject subject, Optional<Port> port) {
        return port.filter(found -> !view.isOurs(subject.id(), subject.link().index(), found))
                .isPresent();
    }
}
