// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnreadable;
import org.opdbus.verticles.bus.Bus;

/** The Proxmox source; the package documentation has the contract. */
public final class ProxmoxVerticle extends AbstractVerticle {
    private static final Pattern LINK = Pattern.compile("(veth|tap)([1-9][0-9]{2,8})i[0-9]{1,2}");
    /** The time limit for the file system's answer; a later answer is treated as no answer. */
    private static final long ANSWER_MS = 5_000;

    private final Bus bus;
    private final ConfigurationThread thread;
    private final GuestFolders folders;
    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private final ExecutorService questions = Executors.newSingleThreadExecutor(task -> {
        Thread questioner = new Thread(task, "op-dbus-proxmox-question");
        questioner.setDaemon(true);
        return questioner;
    });
    private final Scheduler questionScheduler = Schedulers.from(questions);

    public ProxmoxVerticle(Bus bus, ProxmoxOptions options) {
        this.bus = bus;
        thread = new ConfigurationThread(options, bus::publish);
        folders = new GuestFolders(options.confDir());
    }

    /** Completes when everything is watched and was listed once, or cannot be. */
    @Override
    public Completable rxStart() {
        subscriptions.add(bus.subscribe(
                Address.LINK_APPEARED,
                event -> lookAtOwnerOf(event.link().name().value())));
        subscriptions.add(bus.subscribe(
                Address.LINK_CHANGED, event -> lookAtOwnerOf(event.link().name().value())));
        subscriptions.add(bus.subscribe(
                Address.PORT_ADDED, event -> lookAtOwnerOf(event.port().name())));
        subscriptions.add(bus.subscribe(
                Address.PORT_REMOVED, event -> lookAtOwnerOf(event.port().name())));
        subscriptions.add(bus.subscribe(Address.CONTAINER_STARTED, this::lookAt));
        subscriptions.add(bus.subscribe(Address.CONTAINER_STOPPED, this::lookAt));
        return thread.start();
    }

    private void lookAt(ContainerEvent event) {
        ContainerId id = event.container().id();
        if (folders.holds(id)) {
            thread.look(id);
        }
    }

    private void lookAtOwnerOf(String link) {
        Matcher matcher = LINK.matcher(link);
        if (matcher.matches()) {
            Kind kind = matcher.group(1).equals("tap") ? Kind.VM : Kind.LXC;
            thread.look(kind.id(matcher.group(2)));
        }
    }

    /**
     * Reads a container's file again, for code that must be sure before it acts. Never fails: if
     * the file cannot be read, or not in time, the result is {@link ProxmoxUnreadable}. The answer
     * comes on a separate thread.
     */
    public Single<ProxmoxEvent> read(ContainerId id) {
        return Single.fromCallable(() -> folders.read(id))
                .subscribeOn(questionScheduler)
                .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                .onErrorReturn(failure -> new ProxmoxUnreadable(id, "it could not be read in time: " + failure))
                .doOnSuccess(read -> thread.look(id));
    }

    /** Completes when the watching thread has ended. */
    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        questions.shutdown();
        return thread.stop();
    }
}
