// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Token;

/** Clusters of members on loopback addresses of this host, each with a folder of its own, in this process. */
final class ClusterFixture implements AutoCloseable {
    private static final Duration LIFE = Duration.ofMinutes(15);

    private final Path folder;
    private final Libraries libraries = Libraries.load();
    private final List<Membership> open = new ArrayList<>();
    private final Map<String, List<MembershipEvent>> heard = new ConcurrentHashMap<>();

    ClusterFixture(Path folder) {
        this.folder = folder;
    }

    Libraries libraries() {
        return libraries;
    }

    /** Returns how the n-th host takes part: at 127.0.0.n. */
    MembershipOptions options(int number) {
        String address = "127.0.0." + number;
        return new MembershipOptions(
                "h" + number,
                new ListenAddress(address, 7800),
                new ListenAddress(address, 7801),
                new ListenAddress(address, 7802),
                List.of(new ListenAddress("127.0.0.1", 7800)),
                folder.resolve("members"),
                folder.resolve("h" + number));
    }

    ClusterFolder files(int number) {
        return new ClusterFolder(options(number).dir());
    }

    Authority authority(int number) {
        return new Authority(options(number).dir(), libraries.certificates());
    }

    /** Returns a CA with another clock. */
    Authority authority(int number, Clock clock) {
        return new Authority(files(number), libraries.certificates(), clock);
    }

    /** Makes the first host's CA. */
    void found(int number) {
        MembershipOptions options = options(number);
        String unused = authority(number).found(options.host(), options.listen(), options.door());
    }

    /** Admits a host without a join server, with the same result. */
    void letIn(int number, Authority authority) {
        MembershipOptions options = options(number);
        var keys = Pem.newKeys();
        Token token = authority.token(LIFE, options(1).door());
        Authority.Admission admission = authority
                .admit(
                        token.secret(),
                        options.host(),
                        options.listen().toString(),
                        libraries.certificates().request(keys))
                .orElseThrow();
        ClusterFolder files = files(number);
        files.keep(admission.bundle());
        files.keep(new Identity(
                keys.getPrivate(),
                admission.certificate(),
                admission.bundle().content().authority()));
    }

    Membership open(int number) {
        Membership membership = Membership.open(options(number));
        open.add(membership);
        List<MembershipEvent> events = heard.computeIfAbsent("h" + number, unused -> new CopyOnWriteArrayList<>());
        var unused = membership.events().subscribe(events::add, Throwable::printStackTrace);
        return membership;
    }

    /** Returns the events of a host, in order. */
    List<MembershipEvent> heard(int number) {
        return heard.getOrDefault("h" + number, List.of());
    }

    /** Returns the clustered instance of a host that is up. */
    Vertx bus(int number) {
        Optional<Vertx> last = heard(number).stream()
                .filter(MembershipEvent.Up.class::isInstance)
                .map(event -> ((EmbeddedSession) ((MembershipEvent.Up) event).session()).vertx())
                .reduce((first, second) -> second);
        return last.orElseThrow(() -> new AssertionError("h" + number + " is not up: " + heard(number)));
    }

    static List<String> hosts(Membership membership) {
        return membership.members().stream().map(Member::host).toList();
    }

    @Override
    public void close() {
        open.parallelStream().forEach(Membership::close);
    }
}
