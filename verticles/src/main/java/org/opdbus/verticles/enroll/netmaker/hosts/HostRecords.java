// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.hosts;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.opdbus.verticles.files.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's durable record of hosts: which containers are hosts of which server, which hosts are to be removed from
 * theirs, and the names (never more) of enrolment keys that are to be deleted. It holds the hosts' own passwords, because a container that is gone cannot be asked for its own any more; so the
 * file is its owner's alone.
 *
 * <p>Safe for use by any thread. What changes it returns when the change is on disk.
 */
public final class HostRecords {
    private static final String FILE = "hosts.json";
    private static final String MEMBERS = "members";
    private static final String ORPHANS = "orphans";
    private static final String KEYS = "keys";
    private static final Logger LOG = LoggerFactory.getLogger(HostRecords.class);

    private final Path file;
    private final Map<ContainerId, MeshHost> members = new LinkedHashMap<>();
    private final Map<String, MeshHost> orphans = new LinkedHashMap<>();
    private final Set<String> keys = new LinkedHashSet<>();

    private HostRecords(Path file) {
        this.file = file;
    }

    /**
     * The records in this folder, which is made if it is not there. A file that is damaged is put aside, and said so.
     *
     * @throws NetmakerException RECORDS
     */
    public static HostRecords open(Path folder) throws NetmakerException {
        HostRecords records = new HostRecords(folder.resolve(FILE));
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (!records.load()) {
                records.putAside();
            }
            return records;
        } catch (IOException failure) {
            throw unreadable(folder, failure);
        }
    }

    /**
     * What is left on servers according to the records in this folder, one line for each host or key. Changes nothing, so
     * it may be asked while an agent runs.
     *
     * @throws NetmakerException RECORDS
     */
    public static List<String> leftBehind(Path folder) throws NetmakerException {
        HostRecords records = new HostRecords(folder.resolve(FILE));
        try {
            if (!records.load()) {
                throw new NetmakerException(
                        Reason.RECORDS, records.file + " is damaged", "start the agent: it puts the file aside");
            }
        } catch (IOException failure) {
            throw unreadable(folder, failure);
        }
        return Stream.concat(
                        records.orphans.values().stream().map(MeshHost::toString),
                        records.keys.stream().map(name -> "enrolment key " + name))
                .toList();
    }

    private static NetmakerException unreadable(Path folder, IOException failure) {
        return new NetmakerException(
                Reason.RECORDS,
                "the record of mesh hosts in " + folder + " cannot be read: " + failure,
                "see that the folder is ours and the disk is well");
    }

    /** Says whether the file, if there is one, is whole. */
    private boolean load() throws IOException {
        try {
            JsonObject json = new JsonObject(Files.readString(file));
            hosts(json, MEMBERS).forEach(host -> members.put(host.container(), host));
            hosts(json, ORPHANS).forEach(host -> orphans.put(host.hostId(), host));
            json.getJsonArray(KEYS, new JsonArray()).forEach(name -> keys.add((String) name));
            return true;
        } catch (NoSuchFileException first) {
            return true;
        } catch (DecodeException | ClassCastException | NullPointerException | IllegalArgumentException damaged) {
            return false;
        }
    }

    private void putAside() throws IOException {
        members.clear();
        orphans.clear();
        keys.clear();
        Path aside = file.resolveSibling(FILE + ".damaged");
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        LOG.error(
                "file={} is damaged and was moved to {}; hosts of containers that are gone may be left behind",
                file,
                aside);
    }

    private static List<MeshHost> hosts(JsonObject json, String key) {
        List<MeshHost> hosts = new ArrayList<>();
        json.getJsonArray(key, new JsonArray()).forEach(host -> hosts.add(MeshHost.of((JsonObject) host)));
        return hosts;
    }

    /** The hosts that are to be removed from their servers. */
    public synchronized List<MeshHost> orphans() {
        return List.copyOf(orphans.values());
    }

    /** The containers that are hosts. */
    public synchronized List<MeshHost> members() {
        return List.copyOf(members.values());
    }

    public synchronized Optional<MeshHost> member(ContainerId container) {
        return Optional.ofNullable(members.get(container));
    }

    /** The other container that has this identity, if there is one: one of them is a copy. */
    public synchronized Optional<ContainerId> otherWith(String hostId, ContainerId container) {
        return members.values().stream()
                .filter(host ->
                        host.hostId().equals(hostId) && !host.container().equals(container))
                .map(MeshHost::container)
                .findFirst();
    }

    /**
     * Notes that a container is a host of the server with this API, if it is one of any.
     *
     * @return as {@link #remember(MeshHost)}
     */
    public Optional<MeshHost> remember(ContainerId container, GuestNetclient guest, String api)
            throws NetmakerException {
        Optional<MeshHost> host = MeshHost.of(container, guest, api);
        return host.isPresent() ? remember(host.get()) : Optional.empty();
    }

    /**
     * Notes that a container is a host; a host that was to be removed now stays. Nodes that were noted stay
     * noted as long as the container shows no others.
     *
     * @return the host that the container was before, if it has another identity now: it is to be removed from its server
     *     from now on, unless another container has it
     */
    public synchronized Optional<MeshHost> remember(MeshHost seen) throws NetmakerException {
        Optional<MeshHost> before = member(seen.container());
        boolean same = before.filter(old -> old.hostId().equals(seen.hostId())).isPresent();
        MeshHost host = same && seen.nodes().isEmpty() ? seen.with(before.get().nodes()) : seen;
        Optional<MeshHost> former = before.filter(old -> !same)
                .filter(old -> otherWith(old.hostId(), old.container()).isEmpty());
        members.put(host.container(), host);
        former.ifPresent(old -> orphans.put(old.hostId(), old));
        boolean wasOrphan = orphans.remove(host.hostId()) != null;
        if (wasOrphan || !before.equals(Optional.of(host))) {
            write();
        }
        return former;
    }

    /** Notes that a container's host has no nodes that could be missed, because it has just been registered anew. */
    public synchronized void forgetNodes(ContainerId container) throws NetmakerException {
        MeshHost host = members.get(container);
        if (host != null && !host.nodes().isEmpty()) {
            members.put(container, host.with(List.of()));
            write();
        }
    }

    /** Notes that a container is no host any more, and that its host stays on the server: another container has it. */
    public synchronized void handOver(MeshHost host) throws NetmakerException {
        boolean wasMember = members.remove(host.container(), host);
        boolean wasOrphan = orphans.remove(host.hostId()) != null;
        if (wasMember || wasOrphan) {
            write();
        }
    }

    /** Notes that a host is to be removed from its server. */
    public synchronized void abandon(MeshHost host) throws NetmakerException {
        members.remove(host.container());
        orphans.put(host.hostId(), host);
        write();
    }

    /** Notes that a host is gone from its server. */
    public synchronized void forget(MeshHost host) throws NetmakerException {
        if (orphans.remove(host.hostId()) != null) {
            write();
        }
    }

    /** The names of the keys that are to be deleted from their server. */
    public synchronized List<String> keys() {
        return List.copyOf(keys);
    }

    /** Notes that a key of this name is about to be made. */
    public synchronized void noteKey(String name) throws NetmakerException {
        if (keys.add(name)) {
            write();
        }
    }

    /** Notes that there is no key of this name any more. */
    public synchronized void forgetKey(String name) throws NetmakerException {
        if (keys.remove(name)) {
            write();
        }
    }

    private void write() throws NetmakerException {
        JsonObject json = new JsonObject()
                .put(MEMBERS, json(members.values()))
                .put(ORPHANS, json(orphans.values()))
                .put(KEYS, new JsonArray(new ArrayList<>(keys)));
        try {
            AtomicFile.replace(file, (json.encodePrettily() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new NetmakerException(
                    Reason.RECORDS, file + " cannot be written: " + failure, "see that the disk is not full");
        }
    }

    private static JsonArray json(Collection<MeshHost> hosts) {
        JsonArray array = new JsonArray();
        hosts.forEach(host -> array.add(host.toJson()));
        return array;
    }
}
