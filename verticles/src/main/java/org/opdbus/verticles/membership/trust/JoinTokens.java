// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;

/**
 * The issued tokens that are neither used nor expired. Only hashes are stored, so a reader of the file can admit no
 * host. The caller holds the folder's lock.
 */
final class JoinTokens {
    private static final int SECRET_BYTES = 32;
    /** Far more than a cluster admits at once; each takes some hundred bytes. */
    private static final int OPEN_MAX = 1000;

    private final ClusterFolder folder;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    JoinTokens(ClusterFolder folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    private record Open(String hash, Instant expires) {}

    /** Returns a new secret, valid for one host until this time. */
    String hand(Duration life) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        List<Open> open = open();
        if (open.size() >= OPEN_MAX) {
            throw new MembershipException(
                    Reason.EXISTS, "there are " + OPEN_MAX + " unused tokens; they expire by " + "themselves");
        }
        open.add(new Open(hash(text), clock.instant().plus(life)));
        keep(open);
        return text;
    }

    /** Returns whether the secret admits a host now. Takes equally long for any wrong one. */
    boolean isGood(String secret) {
        return matches(open(), secret);
    }

    /** Uses a secret up. It is deleted from the disk when this returns true, and this returns true only once. */
    boolean use(String secret) {
        List<Open> open = open();
        boolean good = matches(open, secret);
        if (good) {
            String hash = hash(secret);
            open.removeIf(each -> each.hash().equals(hash));
            keep(open);
        }
        return good;
    }

    private static boolean matches(List<Open> open, String secret) {
        byte[] hash = hash(secret).getBytes(StandardCharsets.US_ASCII);
        boolean good = false;
        for (Open each : open) {
            good |= MessageDigest.isEqual(each.hash().getBytes(StandardCharsets.US_ASCII), hash);
        }
        return good;
    }

    private List<Open> open() {
        try {
            return new JsonArray(folder.text(ClusterFolder.TOKENS).orElse("[]"))
                    .stream()
                            .map(JsonObject.class::cast)
                            .map(json -> new Open(json.getString("hash"), json.getInstant("expires")))
                            .filter(each -> each.expires().isAfter(clock.instant()))
                            .collect(Collectors.toCollection(ArrayList::new));
        } catch (DecodeException | DateTimeParseException | NullPointerException | ClassCastException e) {
            throw new MembershipException(
                    Reason.DAMAGED,
                    folder.dir().resolve(ClusterFolder.TOKENS) + " is not a list of tokens; delete it, and "
                            + "make new ones",
                    e);
        }
    }

    private void keep(List<Open> open) {
        JsonArray array = new JsonArray();
        open.forEach(each -> array.add(new JsonObject().put("hash", each.hash()).put("expires", each.expires())));
        folder.write(ClusterFolder.TOKENS, array.encode());
    }

    private static String hash(String secret) {
        return HexFormat.of().formatHex(Pem.sha256(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
