// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import io.nats.client.NKey;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JwtUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;

/**
 * An operator of a NATS system, who admits users by signed tokens (JWT): one account with JetStream, one for the system itself.
 * The servers know the operator's key and these two accounts; each user has a credentials file.
 */
public final class NatsAccounts {
    private static final String UNLIMITED =
            "\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,\"leaf\":-1";
    private static final String JETSTREAM = ",\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1";

    private final SecureRandom random = new SecureRandom();
    private final NKey operator = NKey.createOperator(random);
    private final NKey account = NKey.createAccount(random);
    private final NKey system = NKey.createAccount(random);

    /** Makes the keys of the operator and of the accounts. */
    public NatsAccounts() throws IOException, GeneralSecurityException {}

    /** Returns what a server's configuration says about them. */
    String configuration() throws IOException, GeneralSecurityException {
        return String.join(
                "\n",
                "operator: " + signed(operator, operator, "operator", "{\"type\":\"operator\",\"version\":2}"),
                "system_account: " + publicKey(system),
                "resolver: MEMORY",
                "resolver_preload: {",
                "  " + publicKey(account) + ": " + account(account, "hosts", UNLIMITED + JETSTREAM),
                "  " + publicKey(system) + ": " + account(system, "system", UNLIMITED),
                "}");
    }

    private String account(NKey key, String name, String limits) throws IOException, GeneralSecurityException {
        return signed(
                operator,
                key,
                name,
                "{\"limits\":{" + limits
                        + "},\"default_permissions\":{\"pub\":{},\"sub\":{}},\"type\":\"account\",\"version\":2}");
    }

    private static String signed(NKey by, NKey about, String name, String claims)
            throws IOException, GeneralSecurityException {
        JsonSerializable json = () -> claims;
        return JwtUtils.issueJWT(by, publicKey(about), name, null, JwtUtils.currentTimeSeconds(), publicKey(by), json);
    }

    private static String publicKey(NKey key) throws IOException, GeneralSecurityException {
        return new String(key.getPublicKey());
    }

    /** Writes the credentials of a user who may use these subjects, and nothing else. */
    public Path credentials(Path folder, String user, List<String> publish, List<String> subscribe)
            throws IOException, GeneralSecurityException {
        NKey key = NKey.createUser(random);
        JwtUtils.UserClaim claim = new JwtUtils.UserClaim(publicKey(account))
                .pub(new JwtUtils.Permission().allow(publish.toArray(String[]::new)))
                .sub(new JwtUtils.Permission().allow(subscribe.toArray(String[]::new)));
        String token = JwtUtils.issueUserJWT(account, publicKey(key), user, null, JwtUtils.currentTimeSeconds(), claim);
        Path file = folder.resolve(user + ".creds");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, String.format(JwtUtils.NATS_USER_JWT_FORMAT, token, new String(key.getSeed())));
    }
}
