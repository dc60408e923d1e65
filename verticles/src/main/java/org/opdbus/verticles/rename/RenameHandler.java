// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.AnswerEvent.LinkAnswered;
import org.opdbus.events.AnswerEvent.LinkPrepared;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.AnswerEvent.PortsHeard;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.LinkRenamed;
import org.opdbus.events.EnrollmentEvent.OffloadDisabled;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.verticles.bus.StepHandlers;
import org.opdbus.verticles.edges.LinkWork.Named;
import org.opdbus.verticles.edges.LinkWork.Prepared;
import org.opdbus.verticles.rename.RenameStep.HearPorts;
import org.opdbus.verticles.rename.RenameStep.NameLink;
import org.opdbus.verticles.rename.RenameStep.PrepareLink;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;

/**
 * Carries out the steps of this package through its edges, and publishes what it did and learnt.
 *
 * <p>For one context only, on which it also handles the answers of the edges.
 */
public final class RenameHandler {
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
                steps.handle(PrepareLink.class, this::prepareLink),
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

    /** Waits until the ports are known up to a time after the link was seen to lead into the container. */
    private Completable hearPorts(HearPorts step) {
        return hearPorts(step.container(), step.initPid(), step.link());
    }

    private Completable hearPorts(ContainerId container, long initPid, Link link) {
        return edges.ports()
                .caughtUp()
                .observeOn(context)
                .doOnComplete(() -> facts.accept(new PortsHeard(container, initPid, link.index())));
    }

    /** Names the link. */
    private Completable nameLink(NameLink step) {
        return edges.renamer()
                .name(step.link(), step.to(), step.mode())
                .onErrorResumeNext(failure -> afterFailure(step, failure))
                .observeOn(context)
                .doOnSuccess(named -> named(step, named))
                .ignoreElement();
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
        if (named.changed()) {
            facts.accept(new LinkRenamed(
                    step.container(), step.link().index(), step.link().name(), step.to(), step.mode()));
        }
    }

    /**
     * Inspects the container and waits for the ports at the same time, so that the link can be named right after
     * both.
     */
    private Completable prepareLink(PrepareLink step) {
        Completable prepared = edges.preparer()
                .prepare(step.link(), step.initPid(), step.finishChecksums())
                .observeOn(context)
                .doOnSuccess(answer -> prepared(step, answer))
                .ignoreElement();
        Completable heard = hearPorts(step.container(), step.initPid(), step.link());
        return Single.zip(failureOf(heard), failureOf(prepared), (one, other) -> other.or(() -> one))
                .flatMapCompletable(failure -> failure.map(Completable::error).orElseGet(Completable::complete));
    }

    private static Single<Optional<Throwable>> failureOf(Completable work) {
        return work.toSingleDefault(Optional.<Throwable>empty()).onErrorReturn(Optional::of);
    }

    private void prepared(PrepareLink step, Prepared prepared) {
        facts.accept(
                new LinkPrepared(step.container(), step.initPid(), step.link(), prepared.link(), prepared.inner()));
        if (prepared.offloadDisabled()) {
            facts.accept(new OffloadDisabled(
                    step.container(), step.link().name(), prepared.inner().name(), step.bridge()));
        }
    }
}
