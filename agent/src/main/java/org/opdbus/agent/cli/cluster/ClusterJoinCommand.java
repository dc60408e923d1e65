// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.Joining;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.trust.Token;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "join",
        description = {
            "Makes this host a member of a cluster, with a token of \"op-dbus cluster token\".",
            "The command makes this host's private key here; the key never leaves this host. The "
                    + "command sends the token only to the holder of the CA that the token names."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus cluster join 10.0.0.1:7802 --token token",
            "  ssh host1 op-dbus cluster token | op-dbus cluster join --token -"
        })
final class ClusterJoinCommand extends ClusterTask {
    private static final int TOKEN_BYTES_MAX = 4096;

    @Parameters(
            arity = "0..1",
            paramLabel = "HOST:PORT",
            description = "Address of the agent that holds the CA (default: the address in the " + "token).")
    private @Nullable String door;

    @Option(
            names = "--token",
            required = true,
            paramLabel = "FILE",
            description = "The file that holds the token, or - for standard input.")
    private String token = "-";

    @Option(
            names = "--replace",
            description = "Give up the identity that this host has in a " + "cluster, and take a new one.")
    private boolean replace;

    @Override
    int run(AgentConfig config) {
        Optional<ListenAddress> address = Optional.ofNullable(door).map(ClusterJoinCommand::address);
        Token read = Token.parse(text());
        Joining.join(options(config), Libraries.load(), read, address, replace);
        say("this host is now the member " + config.host());
        sayWhatIsMissing(config);
        return ExitStatus.DONE;
    }

    private static ListenAddress address(String text) {
        try {
            return ListenAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CannotRunException("HOST:PORT " + e.getMessage(), e);
        }
    }

    private String text() {
        if (token.startsWith(Token.PREFIX)) {
            throw new CannotRunException("--token takes a file or - for standard input: every user of this host can "
                    + "read the arguments of a program (ps); treat this token as compromised and "
                    + "make another");
        }
        try (InputStream in = token.equals("-") ? System.in : Files.newInputStream(Path.of(token))) {
            return new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CannotRunException("cannot read the token from " + token + ": " + e.getMessage(), e);
        }
    }
}
