// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subjects.PublishSubject;
import io.reactivex.rxjava3.subjects.Subject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSender;

/** Asks peers what they hold of this host's ledger. Safe for use by any thread. */
final class HeadPoll {
    private final String self;
    private final MessageSender sender;
    /** Begins somewhere, so that no answer to an earlier run fits. */
    private final AtomicLong questions = new AtomicLong(new SecureRandom().nextInt(Integer.MAX_VALUE));

    private final Subject<Message.Held> answers =
            PublishSubject.<Message.Held>create().toSerialized();

    HeadPoll(String self, MessageSender sender) {
        this.self = self;
        this.sender = sender;
    }

    /** Processes an answer. */
    void answered(Message.Held held) {
        answers.onNext(held);
    }

    /** Asks these peers and waits for all answers, but no longer than the limit. */
    Single<List<HeldHead>> ask(Set<String> hosts, Duration limit) {
        return Single.defer(() -> {
            long question = questions.incrementAndGet();
            Completable asking = Completable.fromAction(
                    () -> hosts.forEach(host -> sender.to(host, new Message.AskHead(self, question))));
            // Listens before it asks, so that no answer is too early.
            return Observable.merge(
                            answers.filter(held -> held.question() == question && hosts.contains(held.host()))
                                    .distinct(Message.Held::host)
                                    .take(hosts.size())
                                    .take(limit.toMillis(), TimeUnit.MILLISECONDS),
                            asking.toObservable())
                    .toMap(Message.Held::host, Message.Held::checkpoint)
                    .map(held -> hosts.stream()
                            .sorted()
                            .map(host -> new HeldHead(
                                    host,
                                    held.containsKey(host),
                                    Optional.ofNullable(held.get(host)).orElse("")))
                            .toList());
        });
    }
}
