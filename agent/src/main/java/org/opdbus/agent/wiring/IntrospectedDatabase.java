// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.opdbus.verticles.introspect.IntrospectVerticle;

/** Open vSwitch's database, for the description of the network. */
final class IntrospectedDatabase implements IntrospectVerticle.Database {
    /** Each of these comes with a package of Open vSwitch, or with its first start. */
    private static final List<Path> TRACES = List.of(
            Path.of("etc/openvswitch/conf.db"),
            Path.of("var/lib/openvswitch/conf.db"),
            Path.of("usr/sbin/ovsdb-server"),
            Path.of("usr/bin/ovsdb-server"),
            Path.of("usr/local/sbin/ovsdb-server"));

    private final List<Path> traces;
    private final BiFunction<String, String, Single<String>> transact;

    /**
     * Creates it.
     *
     * @param root the root of the host's files
     * @param socket the socket of the database server
     */
    IntrospectedDatabase(Path root, Path socket, BiFunction<String, String, Single<String>> transact) {
        Stream<Path> files = TRACES.stream().map(root::resolve);
        traces = Stream.concat(files, Stream.of(socket.toAbsolutePath().resolveSibling(".")))
                .toList();
        this.transact = transact;
    }

    /** Returns whether there is a trace of Open vSwitch; the folder of the configured socket is one, too. */
    @Override
    public boolean isInstalled() {
        return traces.stream().anyMatch(Files::exists);
    }

    @Override
    public Single<String> transact(String database, String operations) {
        return transact.apply(database, operations);
    }
}
