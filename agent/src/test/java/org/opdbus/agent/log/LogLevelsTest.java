// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.log.LogLevels.LoggerLevel;

class LogLevelsTest {
    private final LoggerContext context = new LoggerContext();
    private final LogLevels levels = new LogLevels(context);

    @BeforeEach
    void configure() {
        context.getLogger("org.opdbus").setLevel(Level.INFO);
        context.getLogger("op-dbus").setLevel(Level.INFO);
        context.getLogger("io.netty").setLevel(Level.ERROR);
    }

    @Test
    void a_package_may_be_named_by_its_last_name() {
        assertThat(levels.show("netlink")).isEqualTo(new LoggerLevel("org.opdbus.verticles.netlink", "INFO", false));
        assertThat(levels.show("doctor").name()).isEqualTo("org.opdbus.agent.doctor");
        assertThat(levels.show("ledger").name()).isEqualTo("org.opdbus.ledger");
        assertThat(levels.show("netlink.NetlinkVerticle").name())
                .isEqualTo("org.opdbus.verticles.netlink.NetlinkVerticle");
        assertThat(levels.show("org.opdbus.verticles").name()).isEqualTo("org.opdbus.verticles");
    }

    @Test
    void what_is_set_holds_for_what_is_below_until_it_is_taken_back() {
        assertThat(levels.set("netlink", "debug"))
                .isEqualTo(new LoggerLevel("org.opdbus.verticles.netlink", "DEBUG", true));
        assertThat(context.getLogger("org.opdbus.verticles.netlink.NetlinkVerticle")
                        .isDebugEnabled())
                .isTrue();
        assertThat(context.getLogger("org.opdbus.verticles.ovsdb").isDebugEnabled())
                .isFalse();
        assertThat(levels.list())
                .extracting(LoggerLevel::name)
                .containsExactly("op-dbus", "org.opdbus", "org.opdbus.verticles.netlink");

        levels.set("netlink", "default");
        assertThat(levels.show("netlink").own()).isFalse();
        levels.set("org.opdbus", "TRACE");
        levels.set("org.opdbus", "WARN");
        assertThat(levels.set("org.opdbus", "default")).isEqualTo(new LoggerLevel("org.opdbus", "INFO", true));
    }

    @Test
    void what_nothing_logs_under_is_refused_and_so_is_what_is_no_level() {
        for (String name : new String[] {"netlnik", "io.netty", "", "org.opdbus.nowhere", "../ledger", "netlink."}) {
            assertThatThrownBy(() -> levels.set(name, "debug"))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no package \"" + name + "\"");
        }
        assertThatThrownBy(() -> levels.set("netlink", "off"))
                .hasMessage(
                        "\"off\" is not a level; the levels are ERROR, WARN, INFO, DEBUG, TRACE, and default for the"
                                + " level in the configuration");
        assertThat(levels.list()).hasSize(2);
    }
}
