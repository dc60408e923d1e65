// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.MemberTrust;
import org.opdbus.verticles.membership.tls.Refusals;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.KnownMember;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Token;
import org.opdbus.verticles.membership.trust.Trust;
import org.opdbus.verticles.membership.trust.TrustBundle;

/** The join server and its callers, over real TLS. */
final class JoiningTest {
    private static final Duration LIFE = Duration.ofMinutes(15);

    @TempDir
    Path folder;

    private final Libraries libraries = Libraries.load();
    private final SetClock clock = new SetClock();
    private ListenAddress address;
    private Authority authority;
    private JoinServer door;

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new ListenAddress("127.0.0.1", free.getLocalPort());
        }
        ClusterFolder files = new ClusterFolder(options("ca").dir());
        authority = new Authority(files, libraries.certificates(), clock);
        String unused = authority.found("ca", options("ca").listen(), address);
        door = JoinServer.open(
                        address,
                        files.requireIdentity(),
                        () -> files.requireTrustBundle().content().trust(),
                        authority,
                        new Refusals(System::nanoTime))
                .orElseThrow();
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void a_host_with_a_token_gets_a_certificate_on_a_key_that_only_it_has() throws Exception {
        Token token = Token.parse(authority.token(LIFE, address).text());
        join("h2", token);

        ClusterFolder files = new ClusterFolder(options("h2").dir());
        Identity identity = files.requireIdentity();
        assertThat(identity.host()).isEqualTo("h2");
        assertThat(files.requireTrustBundle().content().trust().host(identity.certificate()))
                .isEqualTo("h2");
        assertThat(authority.isHere()).isTrue();
        assertThat(KnownMember.in(options("ca").dir()))
                .extracting(KnownMember::host, KnownMember::address)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ca", "127.0.0.1:7800"),
                        org.assertj.core.groups.Tuple.tuple("h2", "127.0.0.1:7800"));
        assertEverythingIsItsOwnersAlone();
        // Only a hash of the secret was ever stored, and the key never left its host.
        for (Path file : files()) {
            assertThat(Files.readString(file)).doesNotContain(token.secret());
        }
    }

    @Test
    void a_token_that_is_wrong_or_used_or_expired_gets_the_same_answer() {
        Token used = authority.token(LIFE, address);
        join("h2", used);
        Token expired = authority.token(Duration.ofSeconds(1), address);
        clock.pass(Duration.ofSeconds(2));
        Token wrong = new Token(address, used.authority(), "A".repeat(43));

        List<String> answers = new ArrayList<>();
        for (Token each : List.of(used, expired, wrong)) {
            MembershipException refused = refusal(() -> join("h3", each));
            assertThat(refused.reason()).isEqualTo(Reason.REFUSED);
            answers.add(refused.getMessage());
        }
        assertThat(answers).containsOnly(address + ": " + JoinServer.NOT_GOOD);
        assertThat(Files.exists(options("h3").dir())).isFalse();
    }

    @Test
    void of_two_who_come_at_once_with_one_token_one_gets_in() throws Exception {
        Token token = authority.token(LIFE, address);
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService both = Executors.newFixedThreadPool(2);
        List<Future<Boolean>> results = new ArrayList<>();
        for (String host : List.of("h2", "h3")) {
            results.add(both.submit((Callable<Boolean>) () -> {
                together.await();
                try {
                    join(host, token);
                    return true;
                } catch (MembershipException e) {
                    assertThat(e).hasMessage(address + ": " + JoinServer.NOT_GOOD);
                    return false;
                }
            }));
        }
        List<Boolean> in = List.of(results.get(0).get(), results.get(1).get());
        both.shutdown();
        assertThat(in).containsExactlyInAnyOrder(true, false);
        assertThat(KnownMember.in(options("ca").dir())).hasSize(2);
    }

    @Test
    void the_secret_is_not_sent_to_the_door_of_another_cluster() {
        Token own = authority.token(LIFE, address);
        Token elsewhere = new Token(address, "0".repeat(64), own.secret());
        assertThat(refusal(() -> join("h2", elsewhere)))
                .hasMessageContaining("this is not the join server of the token's cluster");
        // If it had been sent, it would be used up.
        join("h2", own);
    }

    @Test
    void a_name_that_is_taken_is_refused_and_the_token_stays_good() {
        Token token = authority.token(LIFE, address);
        assertThat(refusal(() -> join("ca", token, "other"))).hasMessageContaining("there is a member called ca");
        join("h2", token);
        assertThat(refusal(() -> join("h2", authority.token(LIFE, address)))).hasMessageContaining("--replace");
    }

    @Test
    void a_removed_host_can_be_let_in_again_and_its_old_certificate_stays_refused() {
        join("h2", authority.token(LIFE, address));
        Identity before = new ClusterFolder(options("h2").dir()).requireIdentity();
        authority.remove("h2");
        assertThat(refusal(() -> Renewal.renew(options("h2"), libraries))).hasMessageContaining("no secure connection");

        Joining.join(options("h2"), libraries, authority.token(LIFE, address), Optional.empty(), true);
        Trust trust = new ClusterFolder(options("h2").dir())
                .requireTrustBundle()
                .content()
                .trust();
        assertThatThrownBy(() -> trust.host(before.certificate())).hasMessage("it was removed from the cluster");
        Renewal.renew(options("h2"), libraries);
        assertThat(new ClusterFolder(options("h2").dir()).requireIdentity().certificate())
                .isNotEqualTo(before.certificate());
    }

    @Test
    void a_connection_that_is_reset_after_the_handshake_is_told_as_a_refusal() throws Exception {
        refusesWithAReset((plain, tls) -> {
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
            secure.setNeedClientAuth(true);
            secure.startHandshake();
        });
    }

    @Test
    void a_connection_that_is_reset_in_the_handshake_is_told_as_a_refusal() throws Exception {
        refusesWithAReset(
                (plain, tls) -> assertThat(plain.getInputStream().read()).isNotNegative());
    }

    /** What a join server does with a connection before it resets it. */
    private interface Opening {
        void with(Socket plain, SSLContext tls) throws IOException;
    }

    private void refusesWithAReset(Opening opening) throws Exception {
        Identity own = new ClusterFolder(options("ca").dir()).requireIdentity();
        TrustBundle bundle =
                new ClusterFolder(options("ca").dir()).requireTrustBundle().content();
        MemberTrust trust = new MemberTrust(bundle::trust, new Refusals(System::nanoTime));
        SSLContext tls = Tls.context(Optional.of(own), trust);
        ExecutorService server = Executors.newSingleThreadExecutor();
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<?> served = server.submit((Callable<?>) () -> {
                Socket plain = listening.accept();
                opening.with(plain, tls);
                // To close a socket that lingers for no time resets its connection (socket(7)).
                plain.setSoLinger(true, 0);
                plain.close();
                return null;
            });
            ListenAddress there = new ListenAddress("127.0.0.1", listening.getLocalPort());
            assertThat(refusal(() -> new JoinCall(there, tls).ask(new JsonObject().put("op", "renew"))))
                    .hasMessageContaining("no secure connection")
                    .hasMessageContaining("as it does with a host that is no member of its cluster");
            served.get();
        } finally {
            server.shutdown();
        }
    }

    @Test
    void a_member_cannot_renew_for_another_and_a_stranger_cannot_renew() {
        join("h2", authority.token(LIFE, address));
        TrustBundle bundle =
                new ClusterFolder(options("h2").dir()).requireTrustBundle().content();
        MemberTrust trust = new MemberTrust(bundle::trust, new Refusals(System::nanoTime));
        KeyPair keys = Pem.newKeys();
        JsonObject question = new JsonObject()
                .put("op", "renew")
                .put("host", "ca")
                .put("address", "127.0.0.1:1")
                .put("request", Joining.text(libraries.certificates().request(keys)));
        Identity own = new ClusterFolder(options("h2").dir()).requireIdentity();
        JoinCall.Answer answer = new JoinCall(address, Tls.context(Optional.of(own), trust)).ask(question.copy());
        assertThat(Identity.hostOf(answer.certificate())).isEqualTo("h2");
        assertThat(refusal(() -> new JoinCall(address, Tls.context(Optional.empty(), trust)).ask(question.copy())))
                .hasMessageContaining("no certificate was shown");
    }

    @Test
    void who_asks_too_often_is_not_heard_even_with_a_good_token() {
        Token wrong = new Token(address, authority.token(LIFE, address).authority(), "A".repeat(43));
        for (int count = 0; count < JoinServer.QUESTIONS_MAX; count++) {
            assertThat(refusal(() -> join("h2", wrong))).hasMessageEndingWith(JoinServer.NOT_GOOD);
        }
        assertThat(refusal(() -> join("h2", authority.token(LIFE, address)))).hasMessageEndingWith(JoinServer.NOT_GOOD);
    }

    @Test
    void a_line_without_end_is_cut_off() throws Exception {
        TrustBundle bundle =
                new ClusterFolder(options("ca").dir()).requireTrustBundle().content();
        MemberTrust trust = new MemberTrust(bundle::trust, new Refusals(System::nanoTime));
        try (SSLSocket socket = (SSLSocket)
                Tls.context(Optional.empty(), trust).getSocketFactory().createSocket(address.host(), address.port())) {
            byte[] much = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);
            Throwable end = catchThrowable(() -> {
                for (int count = 0; count < 10_000; count++) {
                    socket.getOutputStream().write(much);
                }
            });
            assertThat(end).isInstanceOf(IOException.class);
        }
    }

    @Test
    void older_versions_of_tls_and_clear_text_are_refused() throws Exception {
        TrustBundle bundle =
                new ClusterFolder(options("ca").dir()).requireTrustBundle().content();
        MemberTrust trust = new MemberTrust(bundle::trust, new Refusals(System::nanoTime));
        try (SSLSocket old = (SSLSocket)
                Tls.context(Optional.empty(), trust).getSocketFactory().createSocket(address.host(), address.port())) {
            old.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
        }
        assertThat(Intruder.plainAt(address)).as("clear text").isNotEmpty();
    }

    @Test
    void callers_who_ask_nothing_are_limited_in_number_and_in_time() throws Exception {
        TrustBundle bundle =
                new ClusterFolder(options("ca").dir()).requireTrustBundle().content();
        SSLContext tls = Tls.context(Optional.empty(), new MemberTrust(bundle::trust, new Refusals(System::nanoTime)));
        ExecutorService readers = Executors.newCachedThreadPool();
        List<Future<Duration>> ends = new ArrayList<>();
        long begun = System.nanoTime();
        for (int count = 0; count <= JoinServer.CALLERS_MAX; count++) {
            SSLSocket silent = (SSLSocket) tls.getSocketFactory().createSocket(address.host(), address.port());
            silent.startHandshake();
            ends.add(readers.submit(() -> {
                try (silent) {
                    assertThat(silent.getInputStream().read()).isNegative();
                    return Duration.ofNanos(System.nanoTime() - begun);
                }
            }));
        }
        List<Duration> held = new ArrayList<>();
        for (Future<Duration> end : ends) {
            held.add(end.get());
        }
        readers.shutdown();
        assertThat(held)
                .as("one has no place, and the others keep theirs for ten seconds")
                .filteredOn(each -> each.toSeconds() < 10)
                .hasSize(1);
        join("h2", authority.token(LIFE, address));
    }

    @Test
    void nothing_but_a_token_is_read_as_one_and_what_was_read_is_not_told() {
        for (String text :
                List.of("", "secret-word", Token.PREFIX, Token.PREFIX + "secret-word", Token.PREFIX + "e30")) {
            assertThatThrownBy(() -> Token.parse(text))
                    .isInstanceOf(MembershipException.class)
                    .hasMessage("this is not a token of \"op-dbus cluster token\"");
        }
    }

    private void join(String host, Token token) {
        join(host, token, host);
    }

    private void join(String host, Token token, String dir) {
        MembershipOptions options = options(host);
        Joining.join(
                new MembershipOptions(
                        host,
                        options.listen(),
                        options.bus(),
                        options.door(),
                        List.of(),
                        options.membersFile(),
                        folder.resolve(dir)),
                libraries,
                token,
                Optional.empty(),
                false);
    }

    private static MembershipException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        Throwable thrown = catchThrowable(attempt);
        assertThat(thrown).isInstanceOf(MembershipException.class);
        return (MembershipException) thrown;
    }

    private MembershipOptions options(String host) {
        return new MembershipOptions(
                host,
                new ListenAddress("127.0.0.1", 7800),
                new ListenAddress("127.0.0.1", 7801),
                address == null ? new ListenAddress("127.0.0.1", 7802) : address,
                List.of(),
                folder.resolve("members"),
                folder.resolve(host));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private void assertEverythingIsItsOwnersAlone() throws IOException {
        assertThat(files()).hasSizeGreaterThan(5);
        for (Path file : files()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .as(file.toString())
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }
    }

    /** The real time, shifted by the test. */
    private static final class SetClock extends Clock {
        private volatile Duration passed = Duration.ZERO;

        void pass(Duration more) {
            passed = passed.plus(more);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(passed);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
