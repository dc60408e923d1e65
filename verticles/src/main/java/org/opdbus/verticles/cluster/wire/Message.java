// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A message from one host to others, as {@link Wire} reads and writes it: its kind, and the fields of its record. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "head", value = Message.LedgerHead.class),
    @JsonSubTypes.Type(name = "live", value = Message.LiveFacts.class),
    @JsonSubTypes.Type(name = "ask-entries", value = Message.AskEntries.class),
    @JsonSubTypes.Type(name = "entries", value = Message.Entries.class),
    @JsonSubTypes.Type(name = "ask-proof", value = Message.AskProof.class),
    @JsonSubTypes.Type(name = "proof", value = Message.Proof.class),
    @JsonSubTypes.Type(name = "ask-claim", value = Message.AskClaim.class),
    @JsonSubTypes.Type(name = "claim", value = Message.Claim.class),
    @JsonSubTypes.Type(name = "ask-rows", value = Message.AskRows.class),
    @JsonSubTypes.Type(name = "rows", value = Message.Rows.class),
    @JsonSubTypes.Type(name = "ask-head", value = Message.AskHead.class),
    @JsonSubTypes.Type(name = "held", value = Message.Held.class)
})
public sealed interface Message {
    /** Returns the sender. */
    String host();

    /**
     * Returns whether it means the same to every host and is numbered, so that passing it on changes nothing; any other
     * message names its receiver.
     */
    default boolean isForAll() {
        return false;
    }

    /**
     * How far the sender's ledger has come, with its signed head.
     *
     * @param run the run of its agent; a later run has a greater number
     * @param count counts the heads of a run, so that a receiver recognises an older one that arrives late
     * @param base the ledger's height when the run began
     * @param height the ledger's present height
     * @param version the version of its program
     * @param checkpoint its ledger's signed checkpoint; empty if it has not signed all of its entries yet
     * @param key the key that verifies it
     * @param table counts the changes of its containers, from 1 on; 0 if it does not send them
     * @param nextMs how long a receiver may have to wait for the next head; 0 if it does not say, as older agents do not
     */
    record LedgerHead(
            String host,
            long run,
            long count,
            long base,
            long height,
            String version,
            String checkpoint,
            String key,
            long table,
            long nextMs)
            implements Message {
        @Override
        public boolean isForAll() {
            return true;
        }
    }

    /**
     * Facts of the sender that its ledger does not record. A lost one is not sent again.
     *
     * @param run the run of its agent
     * @param first the number of the first one in that run; a receiver ignores numbers that it has passed
     */
    record LiveFacts(String host, long run, long first, List<LiveFact> facts) implements Message {
        public LiveFacts {
            facts = List.copyOf(facts);
        }

        @Override
        public boolean isForAll() {
            return true;
        }
    }

    /** Requests entries of the receiver's ledger. */
    record AskEntries(String host, long from, long to) implements Message {}

    /** Lines of the sender's ledger, the first ones from the requested height on; empty if there are none. */
    record Entries(String host, long from, List<String> lines) implements Message {
        public Entries {
            lines = List.copyOf(lines);
        }

        @Override
        public boolean isForAll() {
            return true;
        }
    }

    /** Requests the proof that one checkpoint continues another. */
    record AskProof(String host, String older, String newer) implements Message {}

    /** That proof, or the reason why there is none: one of the two is empty. */
    record Proof(String host, String older, String newer, String text, String problem) implements Message {}

    /**
     * Asks whether containers run on a host now.
     *
     * @param question repeated in the answer, so that an older answer is recognised
     */
    record AskClaim(String host, long question, List<String> ids) implements Message {
        public AskClaim {
            ids = List.copyOf(ids);
        }
    }

    /**
     * The containers of the question that run there.
     *
     * @param caughtUp whether the answering host has every entry that the asking host is known to have
     * @param running those that run, and since when by the answering host's clock
     */
    record Claim(
            String host,
            long question,
            @JsonProperty("caughtUp") boolean caughtUp,
            Map<String, Instant> running) implements Message {
        public Claim {
            running = Map.copyOf(running);
        }
    }

    /** Requests the containers of a host. */
    record AskRows(String host) implements Message {}

    /**
     * The sender's containers.
     *
     * @param run the run of its agent
     * @param table the number of the table in that run
     * @param leftOut how many containers are missing in the table because it would be too large
     * @param rows each the JSON by which {@code query} shows a container there
     */
    record Rows(String host, long run, long table, long leftOut, List<String> rows) implements Message {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Requests the highest head of the requester's ledger that a host holds.
     *
     * @param question repeated in the answer
     */
    record AskHead(String host, long question) implements Message {}

    /** That head, a signed checkpoint; empty if there is none. */
    record Held(String host, long question, String checkpoint) implements Message {}
}
