// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the headers of a browser say: by which name and from which site it asks, and by which session. */
final class BrowserHeadersTest {
    private static final String ID = "a".repeat(43);

    private final HostNames names = new HostNames(Set.of("Web1", "agent.example.com"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:8080",
                "10.0.0.9:80",
                "[::1]",
                "[::1]:8080",
                "[fe80::1]:1",
                "localhost",
                "LocalHost:8080",
                "localhost.",
                "a.localhost:1",
                "web1",
                "WEB1:8080",
                "agent.example.com.:443"
            })
    void an_address_and_a_known_name_may_be_asked(String host) {
        assertThat(names.has(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":8080",
                "evil.example",
                "web1.evil.example",
                "agent.example.com.evil.example",
                "127.0.0.1.evil.example",
                "evil-localhost",
                "1.2.3",
                "1.2.3.4.5",
                "0x7f.1",
                "[::1",
                "[evil.example]",
                "::1",
                "web1:",
                "web1:abc",
                "web1:123456",
                "web1 ",
                "web1,evil",
                "web1@evil",
                "web1/..",
                "wéb1",
                "web1..",
                "a\tb"
            })
    void any_other_name_may_be_of_someone_else(String host) {
        assertThat(names.has(host)).isFalse();
    }

    @Test
    void the_page_itself_and_a_typed_address_are_no_other_site() {
        assertThat(asks()).isFalse();
        assertThat(asks("Sec-Fetch-Site", "same-origin")).isFalse();
        assertThat(asks("Sec-Fetch-Site", "none")).isFalse();
        assertThat(asks("Origin", "http://Web1:8080")).isFalse();
        assertThat(asks("Origin", "https://web1:8080", "Sec-Fetch-Site", "same-origin"))
                .isFalse();
    }

    @Test
    void a_link_on_another_site_may_lead_here_and_nothing_else() {
        String[] link = {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"};
        assertThat(asks(link)).isFalse();
        assertThat(OtherSites.isAsking(headers(link), false)).isTrue();
        assertThat(asks("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"))
                .isTrue();
        assertThat(asks("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"))
                .isTrue();
        assertThat(asks("Sec-Fetch-Site", "same-site")).isTrue();
        assertThat(asks("Sec-Fetch-Site", "new-word")).isTrue();
        assertThat(asks("Origin", "http://evil.example")).isTrue();
        assertThat(asks("Origin", "http://web1:8081")).isTrue();
        assertThat(asks("Origin", "null")).isTrue();
        assertThat(asks("Origin", "")).isTrue();
    }

    private static boolean asks(String... headers) {
        return OtherSites.isAsking(headers(headers), true);
    }

    private static MultiMap headers(String... headers) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap().add("Host", "web1:8080");
        for (int i = 0; i < headers.length; i += 2) {
            map.add(headers[i], headers[i + 1]);
        }
        return map;
    }

    @Test
    void a_cookie_is_for_one_port_and_for_the_server_only() {
        SessionCookie cookie = SessionCookie.of("localhost:9001", false);
        assertThat(cookie.set(ID)).isEqualTo("op-dbus-session-9001=" + ID + "; Path=/; HttpOnly; SameSite=Strict");
        assertThat(cookie.forgotten()).isEqualTo("op-dbus-session-9001=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
        assertThat(SessionCookie.of("[::1]", true).set(ID))
                .isEqualTo("__Host-op-dbus-session-443=" + ID + "; Path=/; HttpOnly; SameSite=Strict; Secure");
        assertThat(SessionCookie.of("a", false).name()).isEqualTo("op-dbus-session-80");
        assertThat(SessionCookie.of(null, false).name()).isEqualTo("op-dbus-session-80");
    }

    @Test
    void few_of_many_cookies_are_looked_at() {
        SessionCookie cookie = SessionCookie.of("localhost:9001", false);
        String own = "op-dbus-session-9001=";
        assertThat(cookie.ids(List.of("a=b; " + own + ID + ";c=d", "op-dbus-session-9002=" + ID)))
                .containsExactly(ID);
        assertThat(cookie.ids(List.of())).isEmpty();
        assertThat(cookie.ids(List.of(own + "short", own + ID + "a", own + "\"" + ID + "\"", ";;;=;", "x" + own + ID)))
                .isEmpty();
        assertThat(cookie.ids(List.of((own + ID + ";").repeat(150)))).hasSize(4);
    }
}
