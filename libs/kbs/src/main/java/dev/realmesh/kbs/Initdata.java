// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Initdata 0.1.0: a TOML document of named texts that the owner of a workload gives to a Realm. The host delivers it
/// and
/// cannot change it: its digest is the Realm Personalization Value (RPV), which is part of the Realm's evidence.
///
/// The digest is over the exact bytes, so they are kept beside what they say.
public final class Initdata {
    /// The only version.
    public static final String VERSION = "0.1.0";

    /// Longest document, in bytes.
    public static final int MAX_BYTES = 1 << 20;

    /// Length of an RPV, in bytes.
    public static final int RPV_LENGTH = 64;

    private static final int MAX_ENTRIES = 64;

    private final byte[] document;
    private final Algorithm algorithm;
    private final SortedMap<String, String> data;

    private Initdata(byte[] document, Algorithm algorithm, SortedMap<String, String> data) {
        this.document = document;
        this.algorithm = algorithm;
        this.data = Collections.unmodifiableSortedMap(data);
    }

    /// The hash algorithms of version 0.1.0, by the names that implementations accept: lower case, no hyphen.
    public enum Algorithm {
        SHA256("sha256", "SHA-256"),
        SHA384("sha384", "SHA-384"),
        SHA512("sha512", "SHA-512");

        private final String text;
        private final String javaName;

        Algorithm(String text, String javaName) {
            this.text = text;
            this.javaName = javaName;
        }

        private static Algorithm parse(String text) {
            return Arrays.stream(values())
                    .filter(algorithm -> algorithm.text.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new KbsException.Malformed(
                            "initdata algorithm", "unknown (expected: sha256, sha384 or sha512)"));
        }
    }

    /// Writes a document.
    ///
    /// @param algorithm what the digest is made with; SHA-512 fills the RPV, and is the one that every verifier accepts
    /// @param data texts by name
    /// @throws KbsException.Malformed if it is over the limit
    public static Initdata of(Algorithm algorithm, Map<String, String> data) {
        StringBuilder toml = new StringBuilder();
        toml.append("algorithm = \"").append(algorithm.text).append("\"\n");
        toml.append("version = \"").append(VERSION).append("\"\n\n[data]\n");
        new TreeMap<>(data)
                .forEach((name, text) -> toml.append(BoundedToml.quotedKey(name))
                        .append(" = ")
                        .append(BoundedToml.string(text))
                        .append('\n'));
        return parse(toml.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Reads a document.
    ///
    /// @throws KbsException.Malformed if it is over 1 MiB, not UTF-8, not TOML, of another version or algorithm, or its
    /// data
    ///     are not texts
    public static Initdata parse(byte[] document) {
        if (document.length > MAX_BYTES) {
            throw new KbsException.Malformed(
                    "initdata", document.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        ObjectNode toml = BoundedToml.parse("initdata", utf8(document), MAX_BYTES);
        String version = requiredText(toml, "version");
        if (!VERSION.equals(version)) {
            throw new KbsException.Malformed("initdata version", "unknown (expected: " + VERSION + ")");
        }
        Algorithm algorithm = Algorithm.parse(requiredText(toml, "algorithm"));
        return new Initdata(document.clone(), algorithm, texts(toml));
    }

    /// The exact bytes.
    public byte[] toBytes() {
        return document.clone();
    }

    /// What the digest is made with.
    public Algorithm algorithm() {
        return algorithm;
    }

    /// Texts by name, such as `aa.toml`, `cdh.toml`, `policy.rego` and [RealmSettings#NAME].
    public SortedMap<String, String> data() {
        return data;
    }

    /// Digest of the exact bytes; 32, 48 or 64 bytes.
    public byte[] digest() {
        try {
            return MessageDigest.getInstance(algorithm.javaName).digest(document);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm.javaName + ": not served by this Java", e);
        }
    }

    /// The RPV that a Realm with this initdata must have: the digest, zero bytes after it up to 64.
    public byte[] personalizationValue() {
        return Arrays.copyOf(digest(), RPV_LENGTH);
    }

    /// Whether a Realm with this RPV was launched with exactly this document.
    public boolean isBoundTo(byte[] personalizationValue) {
        return MessageDigest.isEqual(personalizationValue(), personalizationValue);
    }

    private static SortedMap<String, String> texts(ObjectNode toml) {
        if (!(toml.path("data") instanceof ObjectNode table) || table.size() > MAX_ENTRIES) {
            throw new KbsException.Malformed("initdata data", "no table (expected: at most " + MAX_ENTRIES + " texts)");
        }
        SortedMap<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : table.properties()) {
            if (!entry.getValue().isString()) {
                throw new KbsException.Malformed("initdata data", "a value is no string (expected: texts only)");
            }
            texts.put(entry.getKey(), entry.getValue().stringValue());
        }
        return texts;
    }

    private static String requiredText(ObjectNode toml, String key) {
        JsonNode value = toml.path(key);
        if (!value.isString()) {
            throw new KbsException.Malformed("initdata " + key, "missing or no string (expected: a string)");
        }
        return value.stringValue();
    }

    private static String utf8(byte[] document) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new KbsException.Malformed("initdata", "not text (expected: UTF-8)");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Initdata initdata && Arrays.equals(document, initdata.document);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(document);
    }

    @Override
    public String toString() {
        return "Initdata[" + algorithm.text + ", " + String.join(", ", data.keySet()) + "]";
    }
}
