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

/**
 * What the CA says about the cluster, in one piece, so that no member knows half of it: whose certificates hold, which
 * were taken back, and who was let in.
 *
 * @param version counts up by one with every change; the greater one is the newer
 * @param authorities the CAs whose certificates hold; the last one is what signs new ones
 * @param revocations what each of them takes back
 * @param door where the CA's host lets others in
 * @param issued the certificates that were handed out and are in date, taken back or not
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
     * A certificate that was handed out.
     *
     * @param address where its host finds the members, as it said
     * @param serial its number, in hexadecimal
     * @param authority the fingerprint of the CA that signed it
     * @param removed when it was taken back
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

        private JsonObject toJson() {
            JsonObject json = new JsonObject()
                    .put("host", host)
                    .put("address", address)
                    .put("serial", serial)
                    .put("fingerprint", fingerprint)
                    .put("authority", authority)
                    .put("expires", expires.toString());
            removed.ifPresent(time -> json.put("removed", time.toString()));
            return json;
        }

        private static Issued of(JsonObject json) {
            return new Issued(
                    json.getString("host"),
                    json.getString("address"),
                    json.getString("serial"),
                    json.getString("fingerprint"),
                    json.getString("authority"),
                    Instant.parse(json.getString("expires")),
                    Optional.ofNullable(json.getString("removed")).map(Instant::parse));
        }
    }

    public Trust trust() {
        return new Trust(authorities, revocations);
    }

    /** The CA that signs new certificates. */
    public X509Certificate authority() {
        return authorities.get(authorities.size() - 1);
    }

    /** The newest certificate of each host that has one which holds, in the order in which they came. */
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
        JsonArray issuedJson = new JsonArray();
        issued.forEach(each -> issuedJson.add(each.toJson()));
        return new JsonObject()
                .put("v", FORMAT)
                .put("version", version)
                .put("authorities", texts(authorities.stream().map(Pem::encoded).toList()))
                .put("revocations", texts(revocations.stream().map(Pem::encoded).toList()))
                .put("door", door)
                .put("issued", issuedJson)
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
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
            List<Issued> issued = new ArrayList<>();
            JsonArray issuedJson = json.getJsonArray("issued");
            for (int at = 0; at < issuedJson.size(); at++) {
                issued.add(Issued.of(issuedJson.getJsonObject(at)));
            }
            return new TrustBundle(json.getLong("version"), authorities, revocations, json.getString("door"), issued);
        } catch (GeneralSecurityException
                | DecodeException
                | DateTimeParseException
                | NullPointerException
                | ClassCastException e) {
            throw new IllegalArgumentException("the roster of a cluster cannot be read", e);
        }
    }

    private static JsonArray texts(List<byte[]> all) {
        JsonArray array = new JsonArray();
        all.forEach(each -> array.add(Base64.getEncoder().encodeToString(each)));
        return array;
    }

    private static List<byte[]> bytes(JsonArray array) {
        List<byte[]> all = new ArrayList<>();
        for (int at = 0; at < array.size(); at++) {
            all.add(Base64.getDecoder().decode(array.getString(at)));
        }
        return all;
    }
}
