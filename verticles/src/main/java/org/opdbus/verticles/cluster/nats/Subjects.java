// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import java.util.List;
import java.util.stream.Stream;

/**
 * The subjects, streams and buckets of one cluster, and what a host needs on them. The last token of every subject that a
 * host publishes on is its own, except of the trust bundle, which the CA signed; so a server that permits a host only
 * these lets it speak for no other host.
 *
 * @param prefix begins all names
 */
public record Subjects(String prefix) {
    private static final String API = "$JS.API.";
    private static final String BUCKET = "KV_";

    /** Returns where a host publishes facts that are not recorded. */
    public String facts(String host) {
        return prefix + ".facts." + HostToken.of(host);
    }

    /** Returns where a host publishes entries of its ledger, which {@link #entriesStream} keeps. */
    public String entries(String host) {
        return prefix + ".entries." + HostToken.of(host);
    }

    /** Returns where a host publishes how far its ledger has come, which {@link #headsStream} keeps. */
    public String head(String host) {
        return "$KV." + headsBucket() + "." + HostToken.of(host);
    }

    /** Returns where a host publishes for one other host. */
    public String to(String receiver, String sender) {
        return prefix + ".to." + HostToken.of(receiver) + "." + HostToken.of(sender);
    }

    /** Returns where every host publishes the trust bundle, which {@link #trustStream} keeps. */
    public String trust() {
        return "$KV." + trustBucket() + ".roster";
    }

    /** Begins the subjects on which a host waits for answers of servers. */
    public String inbox(String host) {
        return prefix + ".inbox." + HostToken.of(host) + ".";
    }

    /** Returns what a host subscribes to, except answers of servers and the trust bundle. */
    public List<String> heard(String host) {
        return List.of(prefix + ".facts.*", allEntries(), allHeads(), prefix + ".to." + HostToken.of(host) + ".*");
    }

    /** Returns the subjects of the entries of all hosts. */
    public String allEntries() {
        return prefix + ".entries.*";
    }

    /** Returns the subjects of the heads of all hosts. */
    public String allHeads() {
        return "$KV." + headsBucket() + ".*";
    }

    public String entriesStream() {
        return prefix + "_entries";
    }

    public String headsBucket() {
        return prefix + "_heads";
    }

    /** Returns the stream of the bucket of heads. */
    public String headsStream() {
        return BUCKET + headsBucket();
    }

    public String trustBucket() {
        return prefix + "_trust";
    }

    /** Returns the stream of the bucket of the trust bundle. */
    public String trustStream() {
        return BUCKET + trustBucket();
    }

    /** Returns where a server is asked to make a stream. */
    public static String create(String stream) {
        return API + "STREAM.CREATE." + stream;
    }

    /** Returns where a server is asked for one message of a stream. */
    public static String read(String stream) {
        return API + "DIRECT.GET." + stream;
    }

    /** Returns everything that a host publishes on, requests to servers included: enough for it, and not more. */
    public List<String> publishedBy(String host) {
        return List.of(
                facts(host),
                entries(host),
                head(host),
                trust(),
                prefix + ".to.*." + HostToken.of(host),
                create(entriesStream()),
                create(headsStream()),
                create(trustStream()),
                read(entriesStream()),
                read(headsStream()),
                read(trustStream()));
    }

    /** Returns everything that a host subscribes to. */
    public List<String> subscribedBy(String host) {
        return Stream.concat(heard(host).stream(), Stream.of(trust(), inbox(host) + ">"))
                .toList();
    }
}
