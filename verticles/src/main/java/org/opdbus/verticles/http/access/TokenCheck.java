// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.Pace;

/**
 * Compares what callers show with the token, and limits how fast they can guess: each address has a few guesses and then one in a
 * second, and all addresses that have guessed wrong share a limit too. An address that has not guessed wrong lately does not wait for
 * the others, so a right token is not kept out by guesses from elsewhere. A program that keeps showing the same wrong token does not
 * guess, and uses up nothing.
 */
public final class TokenCheck {
    static final int AT_ONCE = 5;
    static final int ADDRESSES_MAX = 1_024;
    private static final int PER_SECOND = 1;
    private static final int ALL_PER_SECOND = 10;
    private static final int ALL_AT_ONCE = 20;
    /** A caller has all addresses of a network of IPv6 (RFC 4291 section 2.5.1). */
    private static final int NETWORK_BYTES = 8;

    private @Nullable Digest token;
    private final Pace all;
    private final Map<String, Guesses> guessed = new LinkedHashMap<>();

    /** What a check found. */
    public enum Answer {
        /** No token was shown, or there is none to compare with. */
        NONE,
        RIGHT,
        WRONG,
        /** It was not compared, because there were too many wrong ones; a second later it can be. */
        LATER
    }

    /** The wrong tokens from one address. */
    private static final class Guesses {
        private final Pace pace;
        private Digest last;

        private Guesses(Digest first, long nowNs) {
            pace = new Pace(PER_SECOND, AT_ONCE, nowNs);
            last = first;
        }
    }

    /**
     * Creates a check.
     *
     * @param token empty if there is none, so that no caller can show it
     * @param nowNs the time, of {@link System#nanoTime}
     */
    public TokenCheck(Optional<String> token, long nowNs) {
        this.token = token.map(Digest::of).orElse(null);
        all = new Pace(ALL_PER_SECOND, ALL_AT_ONCE, nowNs);
    }

    /** Takes another token; empty if no caller can show one any more. */
    public void replace(Optional<String> other) {
        Digest now = other.map(Digest::of).orElse(null);
        token = now;
        // Who showed it before it was written did not guess.
        guessed.values().removeIf(each -> now != null && each.last.isEqual(now));
    }

    /** Returns whether there is a token to compare with. */
    public boolean hasToken() {
        return token != null;
    }

    /**
     * Checks what a caller shows.
     *
     * @param from the address of the caller
     * @param nowNs the time, of {@link System#nanoTime}
     */
    public Answer check(Optional<String> shown, String from, long nowNs) {
        Digest right = token;
        if (shown.isEmpty() || right == null) {
            return Answer.NONE;
        }
        Digest digest = Digest.of(shown.get());
        String network = network(from);
        Guesses earlier = guessed.get(network);
        if (earlier != null && earlier.last.isEqual(digest)) {
            return Answer.WRONG;
        }
        boolean isKnown = earlier != null || !hasRoom(nowNs);
        if (isKnown && (all.waitNs(nowNs) > 0 || (earlier != null && earlier.pace.waitNs(nowNs) > 0))) {
            return Answer.LATER;
        }
        if (right.isEqual(digest)) {
            guessed.remove(network);
            return Answer.RIGHT;
        }
        all.take(nowNs);
        remember(network, earlier, digest, nowNs);
        return Answer.WRONG;
    }

    private void remember(String network, @Nullable Guesses earlier, Digest digest, long nowNs) {
        Guesses guesses = earlier;
        if (guesses == null) {
            if (!hasRoom(nowNs)) {
                return;
            }
            guesses = new Guesses(digest, nowNs);
            guessed.put(network, guesses);
        }
        guesses.last = digest;
        guesses.pace.take(nowNs);
    }

    /** Returns whether one more address can be remembered; forgets the addresses that have been quiet, if it has to. */
    private boolean hasRoom(long nowNs) {
        if (guessed.size() >= ADDRESSES_MAX) {
            for (Iterator<Guesses> each = guessed.values().iterator(); each.hasNext(); ) {
                if (each.next().pace.isRested(nowNs)) {
                    each.remove();
                }
            }
        }
        return guessed.size() < ADDRESSES_MAX;
    }

    private static String network(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null
                ? address
                : Arrays.toString(bytes.length > NETWORK_BYTES ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
    }
}
