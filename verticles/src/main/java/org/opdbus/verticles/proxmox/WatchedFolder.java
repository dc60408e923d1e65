// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;
import org.opdbus.verticles.kernel.Poller;

/** A folder of configurations, and what inotify(7) tells of it. For the watching thread only. */
final class WatchedFolder implements AutoCloseable {
    private static final int CHANGES = Inotify.ENTRIES | Inotify.CLOSE_WRITE;

    private final ConfigurationFolder folder;
    private final Inotify inotify = new Inotify();
    private final FolderChain chain;

    /**
     * What has happened since the last time.
     *
     * @param guests those whose files must be read again
     * @param folder whether all must be listed again
     */
    record News(Set<ContainerId> guests, boolean folder) {}

    WatchedFolder(ConfigurationFolder folder) throws IOException {
        this.folder = folder;
        chain = new FolderChain(inotify, folder.path(), CHANGES);
    }

    /** Runs the action whenever there are news. */
    void tell(Poller poller, Runnable action) throws IOException {
        poller.watch(inotify.fd(), action);
    }

    /** Watches what exists now. */
    void watch() throws IOException {
        chain.watch();
    }

    /**
     * Reads the news.
     *
     * @param isAbsent whether the folder did not exist at the last listing, so that any event may mean that it does now
     */
    News news(boolean isAbsent) {
        Set<ContainerId> guests = new HashSet<>();
        boolean changed = false;
        for (Happening happening : inotify.read()) {
            Optional<ContainerId> guest = folder.guestOf(happening.name());
            guest.ifPresent(guests::add);
            boolean aboutFolder = happening.is(Inotify.OVERFLOW)
                    || ((happening.name().isEmpty() || isAbsent) && chain.concerns(happening));
            changed |= guest.isEmpty() && aboutFolder;
        }
        return new News(guests, changed);
    }

    ConfigurationFolder folder() {
        return folder;
    }

    @Override
    public void close() {
        inotify.close();
    }
}
