// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.AnswerEvent.ChecksumsFinished;
import org.opdbus.events.AnswerEvent.LinkAnswered;
import org.opdbus.events.AnswerEvent.LinkMade;
import org.opdbus.events.AnswerEvent.LinkPrepared;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.AnswerEvent.PortsHeard;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.AddressAssigned;
import org.opdbus.events.EnrollmentEvent.LinkRenamed;
import org.opdbus.events.EnrollmentEvent.OffloadDisabled;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.verticles.bus.StepHandlers;
import org.opdbus.verticles.edges.LinkWork.Ends;
import org.opdbus.verticles.edges.LinkWork.Made;
import org.opdbus.verticles.edges.LinkWork.Named;
import org.opdbus.verticles.rename.RenameStep.FinishChecksums;
import org.opdbus.verticles.rename.RenameStep.HearPorts;
import org.opdbus.verticles.rename.RenameStep.MakeLink;
import org.opdbus.verticles.rename.RenameStep.NameLink;
import org.opdbus.verticles.rename.RenameStep.PrepareLink;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the steps of this package through its edges, and publishes what it did and learnt.
 *
 * <p>For one context only, on which it also handles the answers of the edges.
 */
public final class RenameHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RenameHandler.class);

    private final Consumer<Event> facts;
    private final RenameEdges edges;
    private final Scheduler context;

    public RenameHandler(Consumer<Event> facts, RenameEdges edges, Scheduler context) {
        this.facts = facts;
        this.edges = edges;
        this.context = context;
    }

    /** Handles the steps of this package until disposed of. */
    public Disposable handle(StepHandlers steps) {
        return new CompositeDisposable(
                steps.handle(ResolveNamespace.class, this::resolveNamespace),
                steps.handle(MakeLink.class, this::makeLink),
                steps.handle(PrepareLink.class, this::prepareLink),
                steps.handle(FinishChecksums.class, this::finishChecksums),
                steps.handle(HearPorts.class, this::hearPorts),
                steps.handle(NameLink.class, this::nameLink));
    }

    private Completable resolveNamespace(ResolveNamespace step) {
        return edges.namespaces()
                .namespaceOf(step.initPid())
                .observeOn(context)
                .doOnSuccess(id ->
                        facts.accept(new NamespaceResolved(step.container(), step.initPid(), id, step.question())))
                .ignoreElement();
    }

    /** Makes the link. The kernel's message about it comes by itself, before or after this. */
    private Completable makeLink(MakeLink step) {
        return edges.maker()
                .make(step.link(), step.initPid())
                .observeOn(context)
                .doOnSuccess(made -> made(step, made))
                .ignoreElement();
    }

    private void made(MakeLink step, Made made) {
        facts.accept(new NamespaceResolved(step.container(), step.initPid(), made.namespace(), step.question()));
        // Of a link that was there already it is not known which other addresses it has.
        facts.accept(new LinkMade(
                step.container(),
                step.initPid(),
                made.outer(),
                made.inner(),
                made.now() ? step.link().address() : Optional.empty()));
        if (made.wasOffloading()) {
            facts.accept(new OffloadDisabled(
                    step.container(), step.link().outer(), step.link().inner(), step.bridge()));
        }
        step.link()
                .address()
                .ifPresent(address -> facts.accept(new AddressAssigned(
                        step.container(),
                        step.link().inner(),
                        address.cidr(),
                        address.gateway().map(gateway -> gateway.getHostAddress()))));
    }

    /** Waits until the ports are known up to a time after the link was seen to lead into the container. */
    private Completable hearPorts(HearPorts step) {
        return edges.ports()
                .caughtUp()
                .observeOn(context)
                .doOnComplete(() -> facts.accept(new PortsHeard(
                        step.container(), step.initPid(), step.link().index())));
    }

    /** Names the link. */
    private Completable nameLink(NameLink step) {
        return name(step)
                .observeOn(context)
                .doOnSuccess(named -> named(step, named))
                .ignoreElement();
    }

    private Single<Named> name(NameLink step) {
        return edges.renamer()
                .name(step.link(), step.to(), step.mode())
                .onErrorResumeNext(failure -> afterFailure(step, failure));
    }

    /** The answer may have been lost after the link was named; then a second attempt finds nothing to do. */
    private Single<Named> afterFailure(NameLink step, Throwable failure) {
        return edges.links()
                .find(step.link().index())
                .flatMap(found -> found.filter(now -> now.answersTo(step.to().value()))
                        .map(now -> Single.just(new Named(now, true)))
                        .orElseGet(() -> Single.error(failure)))
                .onErrorResumeNext(second -> Single.error(failure));
    }

    private void named(NameLink step, Named named) {
        // The kernel's own message may come later; the answer to the request is equally valid.
        facts.accept(new LinkAnswered(step.container(), step.link(), named.link()));
        renamed(step, named);
    }

    private void renamed(NameLink step, Named named) {
        if (named.changed()) {
            facts.accept(new LinkRenamed(
                    step.container(), step.link().index(), step.link().name(), step.to(), step.mode()));
        }
    }

    /**
     * Looks at the link, names it and sets it up in one visit: the requests follow one another on the thread of the edge. The name
     * comes first. Otherwise a message of the kernel about a link that is up and has no name yet could make the router name it a
     * second time.
     */
    private Completable prepareLink(PrepareLink step) {
        return step.container().kind() == Kind.VM ? raiseTap(step) : prepareVeth(step);
    }

    /** The other end of a machine's tap is in no namespace: its source has told what is known of it. */
    private Completable raiseTap(PrepareLink step) {
        return edges.raiser()
                .raise(step.link())
                .observeOn(context)
                .doOnSuccess(up -> facts.accept(new LinkAnswered(step.container(), step.link(), up)))
                .ignoreElement();
    }

    private Completable prepareVeth(PrepareLink step) {
        return edges.look()
                .look(step.link(), step.initPid())
                .flatMap(ends -> opened(step, ends).andThen(named(step, ends)))
                .flatMap(visit -> raised(step, visit))
                .observeOn(context)
                .doOnSuccess(visit -> prepared(step, visit))
                .ignoreElement();
    }

    /**
     * What a visit to a link has brought.
     *
     * @param outer the present state of the host's end
     * @param named missing if no name was wanted, or if the link could not have it
     */
    private record Visit(Link outer, Link.Inner inner, Optional<Named> named) {}

    /** The agent may have been killed between the making of a link and the setting up of the container's end. */
    private Completable opened(PrepareLink step, Ends ends) {
        return step.container().kind().isEngine() && !ends.innerUp()
                ? edges.innerRaiser().raiseInner(ends.outer(), step.initPid())
                : Completable.complete();
    }

    private Single<Visit> named(PrepareLink step, Ends ends) {
        Visit unnamed = new Visit(ends.outer(), ends.inner(), Optional.empty());
        return namingIn(step)
                .map(naming -> name(naming)
                        .map(named -> new Visit(named.link(), ends.inner(), Optional.of(named)))
                        // The naming is planned next as a step of its own, which is announced if it fails.
                        .onErrorReturn(failure -> {
                            LOG.debug(
                                    "the name waits for a step of its own: step={} failure={}",
                                    step,
                                    failure.toString());
                            return unnamed;
                        }))
                .orElseGet(() -> Single.just(unnamed));
    }

    private Single<Visit> raised(PrepareLink step, Visit visit) {
        Single<Visit> raised =
                edges.raiser().raise(visit.outer()).map(link -> new Visit(link, visit.inner(), visit.named()));
        // After a naming this step is done, so that the naming is recorded, and a preparation without a name comes
        // next.
        return step.name().isEmpty()
                ? raised
                : raised.onErrorReturn(failure -> {
                    LOG.debug("the link is not up yet: step={} failure={}", step, failure.toString());
                    return visit;
                });
    }

    private static Optional<NameLink> namingIn(PrepareLink step) {
        return step.name().map(name -> new NameLink(step.container(), step.link(), name.to(), name.mode()));
    }

    private void prepared(PrepareLink step, Visit visit) {
        facts.accept(new LinkPrepared(step.container(), step.initPid(), step.link(), visit.outer(), visit.inner()));
        namingIn(step).ifPresent(naming -> visit.named().ifPresent(named -> renamed(naming, named)));
    }

    private Completable finishChecksums(FinishChecksums step) {
        return edges.checksums()
                .finishChecksums(step.link(), step.inner(), step.initPid())
                .observeOn(context)
                .doOnSuccess(wasOn -> checksumsFinished(step, wasOn))
                .ignoreElement();
    }

    private void checksumsFinished(FinishChecksums step, boolean wasOn) {
        facts.accept(new ChecksumsFinished(
                step.container(), step.initPid(), step.link().index(), step.inner()));
        if (wasOn) {
            facts.accept(new OffloadDisabled(
                    step.container(), step.link().name(), step.inner().name(), step.bridge()));
        }
    }
}
