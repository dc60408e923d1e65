// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.opdbus.verticles.files.WriteWatch;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;
import org.opdbus.verticles.membership.trust.Trust;

/**
 * This host's identity and the trust bundle, as this host uses them now, and the folder that holds them. Any thread may ask
 * for the values; everything else is for the cluster's thread, which waits for files and for the join server.
 */
final class MemberFiles {
    private final MembershipOptions options;
    private final Libraries libraries;
    private final ClusterFolder folder;
    private volatile Identity identity;
    private volatile SignedTrustBundle bundle;
    private volatile Trust trust;

    /**
     * What another content of the files means.
     *
     * @param isAnotherBundle the trust bundle has another version
     * @param isAnotherTrust hosts are trusted that were not, or the other way round
     * @param isAnotherIdentity this host has another certificate
     */
    record Change(boolean isAnotherBundle, boolean isAnotherTrust, boolean isAnotherIdentity) {}

    /**
     * Reads the files.
     *
     * @throws MembershipException NO_IDENTITY with what to do; DAMAGED if the certificate is another host's
     */
    MemberFiles(MembershipOptions options, Libraries libraries) {
        this.options = options;
        this.libraries = libraries;
        folder = new ClusterFolder(options.dir());
        identity = folder.requireIdentity();
        bundle = folder.requireTrustBundle();
        trust = bundle.content().trust();
        String named = identity.host();
        if (!named.equals(options.host())) {
            throw new MembershipException(
                    MembershipException.Reason.DAMAGED,
                    "the identity in " + options.dir() + " is of the host " + named + ", but this host is called "
                            + options.host() + "; set \"host\" to " + named
                            + ", or let this host join again with \"op-dbus cluster join "
                            + "--replace\"");
        }
    }

    Identity identity() {
        return identity;
    }

    SignedTrustBundle bundle() {
        return bundle;
    }

    /** Returns the trust decision; each one is an object of its own. */
    Trust trust() {
        return trust;
    }

    /** Returns the addresses where other members may listen now; reads the file of members. */
    List<InetSocketAddress> seek() {
        return new Addresses(options).known(bundle.content());
    }

    /**
     * Begins to report writes to this host's files and to the file of members, on a thread of its own.
     *
     * @throws MembershipException FILE if the system watches no more folders
     */
    WriteWatch watch(Runnable written) {
        List<Path> folders = Stream.of(options.dir(), options.membersFile().resolveSibling(""))
                .map(each -> each.toAbsolutePath().normalize())
                .distinct()
                .filter(Files::isDirectory)
                .toList();
        try {
            return WriteWatch.of("op-dbus-cluster-files", folders, anything -> true, written);
        } catch (IOException e) {
            throw new MembershipException(
                    MembershipException.Reason.FILE, "cannot watch " + folders + ": " + e.getMessage(), e);
        }
    }

    /**
     * Uses the present content of the files from now on.
     *
     * @throws MembershipException if it is not valid; then nothing has changed
     */
    Change read() {
        Identity nowIdentity = folder.requireIdentity();
        SignedTrustBundle nowBundle = folder.requireTrustBundle();
        Trust nowTrust = nowBundle.content().trust();
        Change change = new Change(
                nowBundle.content().version() != bundle.content().version(),
                nowTrust.isChangedFrom(trust),
                !nowIdentity.certificate().equals(identity.certificate()));
        bundle = nowBundle;
        trust = nowTrust;
        identity = nowIdentity;
        return change;
    }

    /** Stores a trust bundle that a CA signed which this host trusts, if it is newer than the one in the folder. */
    void store(SignedTrustBundle offered) {
        folder.locked(() -> {
            if (folder.requireTrustBundle().content().version()
                    < offered.content().version()) {
                folder.keep(offered);
            }
            return offered;
        });
    }

    /**
     * Fetches another certificate if it is time; returns whether there is one now.
     *
     * @throws MembershipException UNREACHABLE; REFUSED
     */
    boolean renewIfDue() {
        boolean isDue = Renewal.isDue(identity, bundle.content());
        if (isDue) {
            Renewal.renew(options, libraries, folder, identity, bundle.content());
        }
        return isDue;
    }
}
