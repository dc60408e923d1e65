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
 * Makes the proofs that peers request, one after the other on a thread of its own, because each may take a read of
 * the whole ledger and heartbeats must not wait for that. Overflow rule: at most {@value #WAITING_MAX} requests wait;
 * another one is dropped, and the peer asks again.
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
                // A failing disk says nothing about its content. No answer does not accuse this
                // host of a false ledger.
                LOG.debug("cluster: no proof for {}: {}", ask.host(), e.getMessage());
                return;
            }
            String problem = Optional.ofNullable(e.getMessage()).orElse("no proof");
            mail.to(ask.host(), new Message.Proof(self, ask.older(), ask.newer(), "", problem));
        } catch (RuntimeException e) {
            LOG.warn("cluster: failed to make a proof for {}", ask.host(), e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
