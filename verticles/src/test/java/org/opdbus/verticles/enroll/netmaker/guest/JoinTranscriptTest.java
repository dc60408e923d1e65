// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Accepted;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Permanent;
import org.opdbus.verticles.enroll.netmaker.guest.JoinOutcome.Retryable;
import org.opdbus.verticles.enroll.netmaker.server.Transcript;

/** What the agent makes of each join of the real netclient that was recorded. */
class JoinTranscriptTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "raw-join-ok.txt | joined nm.test",
                "raw-join-again.txt | joined nm.test",
                "raw-join-garbage.txt | never: netclient cannot read the token",
                "raw-join-jwt.txt | never: netclient cannot read the token",
                "raw-join-notjson.txt | never: netclient cannot read the token",
                "raw-join-nokey.txt | another key: the server knows no key of this token: it was deleted",
                "raw-join-usedup.txt | another key: the key of this token has expired or is used up",
                "raw-join-dns.txt | later: the server cannot be reached: dial tcp: lookup nosuch.nm.test on 10.99.0.1:53: read udp 10.99.0.104:42336->10.99.0.1:53: read: connection refused",
                "raw-join-noroute.txt | later: the server cannot be reached: context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                "raw-join-untrusted.txt | later: the server cannot be reached: tls: failed to verify certificate: x509: certificate signed by unknown authority",
                "join-raw-refused.txt | later: the server cannot be reached: dial tcp 10.99.0.1:443: connect: connection refused",
                "join-raw-502.txt | later: the server cannot be reached: httpclient: json error",
                "raw-join-empty.txt | later: netclient ended with 0 and said neither yes nor no: -v, --verbosity int   set logging verbosity 0-4"
            })
    void a_recorded_join_is_understood(String name, String meaning) {
        Transcript.Run run = Transcript.run(name);

        JoinOutcome outcome =
                JoinOutput.classify(new CommandResult(run.exit(), run.stdout(), run.stderr(), false, false));

        assertThat(meaning(outcome)).isEqualTo(meaning);
    }

    private static String meaning(JoinOutcome outcome) {
        if (outcome instanceof Accepted joined) {
            return "joined " + joined.server();
        }
        if (outcome instanceof Permanent permanent) {
            return (permanent.ofKey() ? "another key: " : "never: ") + permanent.message();
        }
        return "later: " + ((Retryable) outcome).reason();
    }
}
