// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.opdbus.ledger.LedgerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the proofs that siblings ask for, one after the other on a thread of its own, because each may take a read of the
 * whole ledger and heartbeats must not wait for that. Overflow rule: at most {@value #WAITING_MAX} questions wait; another
 * one is dropped, and asked again.
 */
final class ProofDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int WAITING_MAX = 64;

    private final String self;
    private final OwnLedger ledger;
    private final Siblings.Mail mail;
    private final ThreadPoolExecutor thread;

    ProofDesk(String self, OwnLedger ledger, Siblings.Mail mail) {
        this.self = self;
        this.ledger = ledger;
        this.mail = mail;
        thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                work -> {
                    Thread made = new Thread(work, "op-dbus-proofs");
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    void ask(Message.AskProof ask) {
        thread.execute(() -> answer(ask));
    }

    private void answer(Message.AskProof ask) {
        try {
            String text = ledger.proof(ask.older(), ask.newer());
            mail.to(ask.host(), new Message.Proof(self, ask.older(), ask.newer(), text, ""));
        } catch (LedgerException e) {
            if (e.reason() == LedgerException.Reason.IO) {
                // That the disk fails says nothing of what is on it; silence does not accuse us of a false ledger.
                LOG.debug("cluster: no proof for {}: {}", ask.host(), e.getMessage());
                return;
            }
            String problem = Optional.ofNullable(e.getMessage()).orElse("no proof");
            mail.to(ask.host(), new Message.Proof(self, ask.older(), ask.newer(), "", problem));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
