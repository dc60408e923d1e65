// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import java.time.Duration;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.config.AgentConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "token",
        description = {
            "Prints a token that admits one host, once. Run it on the host that holds the CA. The "
                    + "agent of that host must be running when the token is used.",
            "The token is a secret until it is used or has expired. This host stores only a hash " + "of it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus cluster token > token",
            "  op-dbus cluster token --ttl 1h | ssh host2 op-dbus cluster join --token -"
        })
final class ClusterTokenCommand extends ClusterTask {
    private static final Duration LIFE_LEAST = Duration.ofSeconds(1);
    private static final Duration LIFE_MOST = Duration.ofHours(24);

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "15m",
            converter = Life.class,
            description = "How long the token is valid: a number with s, m or h, at most 24h "
                    + "(default: ${DEFAULT-VALUE}).")
    private Duration life = Duration.ofMinutes(15);

    @Override
    int run(AgentConfig config) {
        ResultStream out = out();
        out.line(authority(config).token(life, config.cluster().door()).text());
        out.flush();
        return ExitStatus.DONE;
    }

    /** Parses a duration such as 90s, 15m or 2h. */
    static final class Life implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (text.matches("[0-9]{1,6}[smh]")) {
                Duration life = Duration.parse("PT" + text);
                if (life.compareTo(LIFE_LEAST) >= 0 && life.compareTo(LIFE_MOST) <= 0) {
                    return life;
                }
            }
            throw new TypeConversionException("must be a number with s, m or h, from 1s to 24h, is \"" + text + "\"");
        }
    }
}
