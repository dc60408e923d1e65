// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Link;
import org.opdbus.verticles.bus.Bus;

/**
 * The source of virtual machines; the package documentation has the contract. On a host without taps it has no thread, and a
 * message about another link costs it one comparison.
 */
public final class VmVerticle extends AbstractVerticle {
    private final Bus bus;
    private final TapLinks links = new TapLinks();
    private final MachineThread thread;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private boolean isThreadStarted;

    public VmVerticle(Bus bus) {
        this.bus = bus;
        thread = new MachineThread(links, new QemuProcesses(), bus::publish);
    }

    /** Completes when it hears of links. */
    @Override
    public Completable rxStart() {
        subscriptions.addAll(
                bus.subscribe(Address.LINK_APPEARED, event -> present(event.link())),
                bus.subscribe(Address.LINK_CHANGED, event -> present(event.link())),
                bus.subscribe(Address.LINK_VANISHED, event -> gone(event.link())),
                bus.subscribe(Address.SOURCE_LISTED, this::listed));
        return Completable.complete();
    }

    private void present(Link link) {
        if (TapLinks.isTap(link) && links.present(link)) {
            wake();
        }
    }

    private void gone(Link link) {
        if (TapLinks.isTap(link) && links.gone(link.index())) {
            wake();
        }
    }

    private void listed(SourceListed event) {
        if (event.source() == Source.NETLINK && links.listed()) {
            if (links.isEmpty()) {
                bus.publish(new SourceListed(Source.VM, 0));
            } else {
                wake();
            }
        }
    }

    private void wake() {
        if (isThreadStarted) {
            thread.look();
        } else {
            isThreadStarted = true;
            subscriptions.add(thread.start().subscribe());
        }
    }

    /** Completes when the watching thread has ended. */
    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        return thread.stop();
    }
}
