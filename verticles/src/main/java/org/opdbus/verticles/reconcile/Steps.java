// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.AddressAssigned;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.EnrollmentEvent.LinkRenamed;
import org.opdbus.events.EnrollmentEvent.OffloadDisabled;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Event;
import org.opdbus.events.Port;
import org.opdbus.verticles.reconcile.Action.AbsorbPort;
import org.opdbus.verticles.reconcile.Action.AdoptPort;
import org.opdbus.verticles.reconcile.Action.AssignAddress;
import org.opdbus.verticles.reconcile.Action.AttachPort;
import org.opdbus.verticles.reconcile.Action.ClearAddress;
import org.opdbus.verticles.reconcile.Action.HearPorts;
import org.opdbus.verticles.reconcile.Action.MovePort;
import org.opdbus.verticles.reconcile.Action.NameLink;
import org.opdbus.verticles.reconcile.Action.OfLink;
import org.opdbus.verticles.reconcile.Action.PrepareLink;
import org.opdbus.verticles.reconcile.Action.RecordDrift;
import org.opdbus.verticles.reconcile.Action.RecordEnrolled;
import org.opdbus.verticles.reconcile.Action.RecordLeft;
import org.opdbus.verticles.reconcile.Action.RecordLost;
import org.opdbus.verticles.reconcile.Action.RemovePort;
import org.opdbus.verticles.reconcile.Action.ResolveNamespace;
import org.opdbus.verticles.reconcile.Action.RetagPort;
import org.opdbus.verticles.reconcile.Action.StampEntry;
import org.opdbus.verticles.reconcile.Action.SwapPort;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.InnerLink;
import org.opdbus.verticles.view.PortOwner;
import org.opdbus.verticles.view.StaticAddress;
import org.opdbus.verticles.view.Touched;

/**
 * Carries out actions through the edges, and says on the bus what became of them.
 *
 * <p>Called on the reconciler's context; what an edge answers is handled there too.
 */
final class Steps {
    private final Consumer<Event> facts;
    private final HostView view;
    private final Enrollments enrollments;
    private final LinkWork links;
    private final PortWork ports;
    private final SecondLook secondLook;
    private final Scheduler context;
    private final Consumer<Touched> lookAgain;

    Steps(
            Consumer<Event> facts,
            HostView view,
            Enrollments enrollments,
            Edges edges,
            Scheduler context,
            Consumer<Touched> lookAgain) {
        this.facts = facts;
        this.view = view;
        this.enrollments = enrollments;
        this.links = edges.links();
        this.ports = edges.ports();
        secondLook = new SecondLook(view, edges, context);
        this.context = context;
        this.lookAgain = lookAgain;
    }

    /** Does it; completes when it is done, which is not yet when it {@linkplain Action#shows shows}. */
    Completable carryOut(Action action) {
        if (action instanceof ResolveNamespace resolve) {
            return resolveNamespace(resolve);
        }
        if (action instanceof HearPorts hear) {
            return hearPorts(hear);
        }
        if (action instanceof NameLink name) {
            return nameLink(name);
        }
        if (action instanceof PrepareLink prepare) {
            return prepareLink(prepare);
        }
        if (action instanceof AssignAddress assign) {
            return assignAddress(assign);
        }
        if (action instanceof ClearAddress clear) {
            return links.unassign(clear.link(), clear.inner(), clear.initPid(), clear.address())
                    .observeOn(context)
                    .doOnComplete(() -> view.container(clear.container())
                            .ifPresent(
                                    container -> container.cleared(clear.link().index())));
        }
        return isRecord(action) ? carryOutRecord(action) : carryOutOnPort(action);
    }

    private static boolean isRecord(Action action) {
        return action instanceof RecordEnrolled
                || action instanceof RecordLost
                || action instanceof RecordLeft
                || action instanceof RecordDrift;
    }

    private Completable carryOutOnPort(Action action) {
        if (action instanceof AttachPort attach) {
            return attachPort(attach);
        }
        if (action instanceof AdoptPort adopt) {
            return adoptPort(adopt);
        }
        if (action instanceof SwapPort swap) {
            return ports.swap(swap.port(), swap.to(), swap.bridge(), interfaceIds(swap.container(), swap.inner()))
                    .observeOn(context);
        }
        if (action instanceof AbsorbPort absorb) {
            return absorbPort(absorb);
        }
        if (action instanceof RemovePort remove) {
            return removePort(remove);
        }
        if (action instanceof RetagPort retag) {
            return ports.retag(retag.port(), retag.vlan()).observeOn(context);
        }
        if (action instanceof MovePort move) {
            return ports.move(move.port(), move.bridge()).observeOn(context);
        }
        if (action instanceof StampEntry stamp) {
            return ports.mark(stamp.port(), Map.of(PortOwner.ENTRY, Long.toString(stamp.height())))
                    .observeOn(context);
        }
        throw new IllegalStateException("no step for " + action);
    }

    private Completable carryOutRecord(Action action) {
        if (action instanceof RecordEnrolled enrolled) {
            enrollments.of(enrolled.container(), enrolled.fact().index()).ifPresent(enrollments::remove);
            enrollments.add(Enrollment.of(enrolled.fact()));
            return publish(enrolled.fact());
        }
        if (action instanceof RecordLost lost) {
            enrollments.remove(lost.enrollment());
            Enrollment enrollment = lost.enrollment();
            return publish(new EnrollmentLost(
                    lost.container(), enrollment.id(), enrollment.port(), enrollment.bridge(), lost.reason()));
        }
        if (action instanceof RecordLeft left) {
            return recordLeft(left);
        }
        if (action instanceof RecordDrift drift) {
            return recordDrift(drift);
        }
        throw new IllegalStateException("no step for " + action);
    }

    private Completable resolveNamespace(ResolveNamespace resolve) {
        view.container(resolve.container()).ifPresent(ContainerView::askNamespace);
        return links.namespaceOf(resolve.initPid())
                .observeOn(context)
                .doOnSuccess(id -> lookAgain.accept(view.resolved(resolve.container(), resolve.initPid(), id)))
                .ignoreElement();
    }

    /** From a moment that is after the link was seen to lead into the container. */
    private Completable hearPorts(OfLink action) {
        return ports.caughtUp()
                .observeOn(context)
                .doOnComplete(() -> view.container(action.container())
                        .ifPresent(
                                container -> container.portsHeard(action.link().index())));
    }

    private Completable nameLink(NameLink name) {
        return links.name(name.link(), name.to(), name.mode())
                .onErrorResumeNext(failure -> afterFailure(name, failure))
                .observeOn(context)
                .doOnSuccess(named -> {
                    // The kernel's own message may come later; the answer to our question is as good.
                    Touched touched = view.answered(name.link(), named.link());
                    if (named.changed()) {
                        facts.accept(new LinkRenamed(
                                name.container(),
                                name.link().index(),
                                name.link().name(),
                                name.to(),
                                name.mode()));
                    }
                    lookAgain.accept(touched);
                })
                .ignoreElement();
    }

    /** The answer may have been lost after the link was named; then a second attempt would find nothing to do. */
    private Single<LinkWork.Named> afterFailure(NameLink name, Throwable failure) {
        return links.find(name.link().index())
                .flatMap(found -> found.filter(now -> now.answersTo(name.to().value()))
                        .map(now -> Single.just(new LinkWork.Named(now, true)))
                        .orElseGet(() -> Single.error(failure)))
                .onErrorResumeNext(second -> Single.error(failure));
    }

    /** Beside the look into the container the ports are heard, so that the link can be named right after both. */
    private Completable prepareLink(PrepareLink prepare) {
        Completable prepared = links.prepare(prepare.link(), prepare.initPid(), prepare.finishChecksums())
                .observeOn(context)
                .doOnSuccess(answer -> prepared(prepare, answer))
                .ignoreElement();
        return Single.zip(failureOf(hearPorts(prepare)), failureOf(prepared), (one, other) -> other.or(() -> one))
                .flatMapCompletable(failure -> failure.map(Completable::error).orElseGet(Completable::complete));
    }

    private static Single<Optional<Throwable>> failureOf(Completable work) {
        return work.toSingleDefault(Optional.<Throwable>empty()).onErrorReturn(Optional::of);
    }

    private void prepared(PrepareLink prepare, LinkWork.Prepared prepared) {
        Touched touched = view.answered(prepare.link(), prepared.link());
        view.container(prepare.container())
                .ifPresent(container -> container.inner(prepare.link().index(), prepared.inner()));
        if (prepared.offloadDisabled()) {
            facts.accept(new OffloadDisabled(
                    prepare.container(), prepare.link().name(), prepared.inner().name(), prepare.bridge()));
        }
        lookAgain.accept(touched);
    }

    private Completable assignAddress(AssignAddress assign) {
        StaticAddress address = assign.address();
        return links.assign(assign.link(), assign.inner(), assign.initPid(), address)
                .observeOn(context)
                .doOnSuccess(changed -> {
                    Optional<ContainerView> container = view.container(assign.container());
                    boolean known = container
                            .flatMap(it -> it.addressOf(assign.link().index()))
                            .isPresent();
                    container.ifPresent(it -> it.addressed(assign.link().index(), address));
                    // After a restart of the agent the address is found as it was left, and nothing has happened.
                    if (changed || known) {
                        facts.accept(new AddressAssigned(
                                assign.container(),
                                assign.inner().name(),
                                address.cidr(),
                                address.gateway().map(gateway -> gateway.getHostAddress())));
                    }
                })
                .ignoreElement();
    }

    private Completable attachPort(AttachPort attach) {
        PortOwner marks = newMarks(attach.container(), attach.link().index(), PortMaker.AGENT);
        return ports.attach(new NewPort(
                        attach.bridge(),
                        attach.port(),
                        attach.settings(),
                        marks.toExternalIds(),
                        interfaceIds(attach.container(), attach.inner()),
                        Set.copyOf(attach.formerNames())))
                .observeOn(context);
    }

    /** What other tools look for on an interface (Open vSwitch's integration guide). */
    private static Map<String, String> interfaceIds(ContainerId container, InnerLink inner) {
        return Map.of(
                "attached-mac",
                inner.mac(),
                "iface-id",
                container + "/" + inner.name(),
                "iface-status",
                "active",
                "vm-id",
                container.value());
    }

    private Completable adoptPort(AdoptPort adopt) {
        PortOwner marks = newMarks(adopt.container(), adopt.link().index(), PortMaker.OTHER);
        return ifBorneOut(secondLook.bearsOut(adopt), adopt, ports.mark(adopt.port(), marks.toExternalIds()));
    }

    /** The port as it is configured then is enrolled anew. */
    private Completable absorbPort(AbsorbPort absorb) {
        PortOwner marks = newMarks(absorb.container(), absorb.link().index(), PortMaker.AGENT);
        return ifBorneOut(
                secondLook.isFree(absorb.late()),
                absorb,
                ports.absorb(absorb.late(), absorb.port(), marks.toExternalIds()));
    }

    private PortOwner newMarks(ContainerId container, int link, PortMaker maker) {
        return new PortOwner(
                view.owner(),
                container,
                link,
                enrollments.begin(container, link),
                Optional.of(maker),
                Optional.empty());
    }

    private Completable ifBorneOut(Single<Boolean> look, Action action, Completable work) {
        return look.flatMapCompletable(holds -> holds
                        ? work
                        : Completable.error(new StepException(
                                StepException.Reason.STALE,
                                action.getClass().getSimpleName() + " of " + action.about() + " of container "
                                        + action.container() + ": a second look does not bear out what was seen")))
                .observeOn(context);
    }

    /** The answer comes behind every earlier update, so a row that has taken the place of the removed one is known by then. */
    private Completable removePort(RemovePort remove) {
        PortOwner marks = view.marksOf(remove.port()).orElseThrow();
        boolean open = isOpen(remove.container(), marks.enrollment());
        return ifBorneOut(secondLook.bearsOut(remove), remove, ports.remove(remove.port()))
                .andThen(Completable.defer(() -> {
                    // The row is seen to be gone before the answer comes, so the departure may have been recorded by
                    // now.
                    boolean told = open && !isOpen(remove.container(), marks.enrollment());
                    return told || isReplaced(remove.port(), marks) ? Completable.complete() : left(remove, marks);
                }));
    }

    private boolean isOpen(ContainerId container, String enrollment) {
        return enrollments.of(container).stream().anyMatch(it -> it.id().equals(enrollment));
    }

    private boolean isReplaced(Port removed, PortOwner marks) {
        return view.portsOf(marks.container()).stream()
                .filter(port -> !port.uuid().equals(removed.uuid()))
                .flatMap(port -> view.marksOf(port).stream())
                .anyMatch(other -> other.enrollment().equals(marks.enrollment()));
    }

    private Completable left(RemovePort remove, PortOwner marks) {
        enrollments.of(remove.container()).stream()
                .filter(enrollment -> enrollment.id().equals(marks.enrollment()))
                .forEach(enrollments::remove);
        return publishLeft(
                remove.container(),
                marks.enrollment(),
                remove.port().name(),
                remove.port().bridge(),
                remove.reason());
    }

    private Completable recordLeft(RecordLeft left) {
        Enrollment enrollment = left.enrollment();
        return ifBorneOut(secondLook.bearsOut(left), left, Completable.defer(() -> {
            if (!isOpen(left.container(), enrollment.id())) {
                return Completable.complete();
            }
            enrollments.remove(enrollment);
            return publishLeft(
                    left.container(), enrollment.id(), enrollment.port(), enrollment.bridge(), left.reason());
        }));
    }

    private Completable recordDrift(RecordDrift drift) {
        Enrollment enrollment = drift.enrollment();
        return ifBorneOut(secondLook.bearsOut(drift), drift, Completable.fromAction(() -> {
            enrollments.driftTold(drift.container(), enrollment.index(), drift.what() + drift.after());
            facts.accept(new DriftSeen(
                    drift.container(), enrollment.port(), drift.what(), drift.before(), drift.after(), drift.repair()));
        }));
    }

    private Completable publishLeft(ContainerId container, String enrollment, String port, String bridge, String why) {
        return Completable.fromAction(() -> {
            boolean recovered = !enrollments.isKnown(container, enrollment);
            enrollments.forget(container, enrollment);
            facts.accept(new ContainerLeft(container, enrollment, port, bridge, why, recovered));
        });
    }

    private Completable publish(Event fact) {
        facts.accept(fact);
        return Completable.complete();
    }
}
