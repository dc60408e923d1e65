// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.files.RecordJson;

/**
 * The CA's data about the cluster, in one piece, so that no member has only half of it: the valid certificates, the
 * revoked ones, and the admitted hosts.
 *
 * @param version increases by one with every change; the greater one is newer
 * @param authorities the valid CAs; the last one signs new certificates
 * @param revocations the revocation list of each
 * @param door the address where the CA's host admits hosts
 * @param issued the issued certificates that have not expired, revoked or not
 */
public record TrustBundle(
        long version, List<X509Certificate> authorities, List<X509CRL> revocations, String door, List<Issued> issued) {
    private static final int FORMAT = 1;

    public TrustBundle {
        authorities = List.copyOf(authorities);
        revocations = List.copyOf(revocations);
        issued = List.copyOf(issued);
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("a cluster has a CA");
        }
    }

    /**
     * An issued certificate.
     *
     * @param address where its host listens for members, according to that host
     * @param serial its number, in hexadecimal
     * @param authority the fingerprint of the CA that signed it
     * @param removed when it was revoked
     */
    public record Issued(
            String host,
            String address,
            String serial,
            String fingerprint,
            String authority,
            Instant expires,
            Optional<Instant> removed) {
        public boolean isRemoved() {
            return removed.isPresent();
        }

        Issued removedAt(Instant time) {
            return new Issued(host, address, serial, fingerprint, authority, expires, Optional.of(time));
        }
    }

    public Trust trust() {
        return new Trust(authorities, revocations);
    }

    /** Returns the CA that signs new certificates. */
    public X509Certificate authority() {
        return authorities.get(authorities.size() - 1);
    }

    /**
     * Returns the newest valid certificate of each host that has one, in the order in which the hosts were admitted.
     */
    public List<Issued> members() {
        List<Issued> newest = new ArrayList<>();
        for (Issued each : issued) {
            if (!each.isRemoved()) {
                newest.removeIf(older -> older.host().equals(each.host()));
                newest.add(each);
            }
        }
        return newest;
    }

    byte[] toBytes() {
        return new JsonObject()
                .put("v", FORMAT)
                .put("version", version)
                .put("authorities", texts(authorities.stream().map(Pem::encoded).toList()))
                .put("revocations", texts(revocations.stream().map(Pem::encoded).toList()))
                .put("door", door)
                .put(
                        "issued",
                        new JsonArray(issued.stream().map(RecordJson::write).toList()))
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Parses a trust bundle.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static TrustBundle of(byte[] bytes) {
        try {
            JsonObject json = new JsonObject(new String(bytes, StandardCharsets.UTF_8));
            List<X509Certificate> authorities = new ArrayList<>();
            for (byte[] each : bytes(json.getJsonArray("authorities"))) {
                authorities.add(Pem.certificate(each));
            }
            List<X509CRL> revocations = new ArrayList<>();
            for (byte[] each : bytes(json.getJsonArray("revocations"))) {
                revocations.add(Pem.revocations(each));
            }
            List<Issued> issued = json.getJsonArray("issued").stream()
                    .map(JsonObject.class::cast)
                    .map(each -> RecordJson.read(Issued.class, each))
                    .toList();
            return new TrustBundle(json.getLong("version"), authorities, revocations, json.getString("door"), issued);
        } catch (GeneralSecurityException
                | DecodeException
                | DateTimeParseException
                | NullPointerException
                | ClassCastException e) {
            throw new IllegalArgumentException("cannot read the trust bundle of a cluster", e);
        }
    }

    private static JsonArray texts(List<byte[]> all) {
        return new JsonArray(
                all.stream().map(Base64.getEncoder()::encodeToString).toList());
    }

    private static List<byte[]> bytes(JsonArray array) {
        return array.stream()
                .map(String.class::cast)
                .map(Base64.getDecoder()::decode)
                .toList();
    }
}
