// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.signature;

import dev.realmesh.oci.JsonDocument;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// That digests are those of a signed image, as cosign's version 3 says it: an in-toto Statement v1 whose predicate is
/// [#SIGNED]. It names no repository.
///
/// @param digests of its subjects
public record InTotoStatement(Set<OciDigest> digests) implements ImageStatement {
    /// Media type of the payload.
    public static final String TYPE = "application/vnd.in-toto+json";

    /// Type of the predicate, which has no content; what has another one is an attestation, and no signature.
    public static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";

    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final int MAX_SUBJECTS = 64;

    public InTotoStatement {
        digests = Set.copyOf(digests);
    }

    /// Reads a payload; empty if it is an attestation.
    ///
    /// @throws OciException if it is no Statement v1
    static Optional<InTotoStatement> parse(byte[] payload) {
        JsonDocument statement = JsonDocument.parse("in-toto statement", payload, SigstoreBundle.MAX_BYTES);
        if (!statement.text("predicateType").equals(SIGNED)) {
            return Optional.empty();
        }
        if (!statement.text("_type").equals(STATEMENT)) {
            throw new OciException.Unsupported(
                    "in-toto statement: type " + statement.text("_type") + " (expected: " + STATEMENT + ")");
        }
        List<JsonDocument> subjects = statement.objects("subject");
        if (subjects.size() > MAX_SUBJECTS) {
            throw new OciException.LimitExceeded("subjects of an in-toto statement", MAX_SUBJECTS);
        }
        return Optional.of(new InTotoStatement(subjects.stream()
                .flatMap(subject -> subject.textsByName("digest").entrySet().stream())
                .filter(digest -> OciDigest.Algorithm.of(digest.getKey()).isPresent())
                .map(digest -> OciDigest.parse(digest.getKey() + ":" + digest.getValue()))
                .collect(Collectors.toSet())));
    }

    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public StatementForm form() {
        return StatementForm.IN_TOTO;
    }

    /// The payload, as cosign writes it.
    @Override
    public byte[] toJson() {
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("_type", STATEMENT);
        statement.put(
                "subject",
                digests.stream()
                        .map(digest ->
                                Map.of("digest", Map.of(digest.algorithm().prefix(), digest.hex())))
                        .toList());
        statement.put("predicateType", SIGNED);
        statement.put("predicate", Map.of());
        return JsonMapper.shared().writeValueAsBytes(statement);
    }
}
