// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.rest;

import com.google.common.net.MediaType;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborValue;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A conceptual message wrapper (draft-ietf-rats-msg-wrap) of one message: `[type, value]` in JSON, the value in
/// base64url, or in CBOR. A third element, the indicator of what is inside, is passed over.
///
/// @param type of the content
/// @param value the content
record CmwRecord(MediaType type, Bytes value) {
    private static final Set<String> SUBTYPES =
            Set.of("cmw", "cmw+json", "cmw+cbor", "vnd.veraison.cmw", "vnd.veraison.cmw+json", "vnd.veraison.cmw+cbor");
    private static final CborLimits LIMITS = new CborLimits(72 * 1024, 4, 8);

    /// Whether a media type says that this is one.
    static boolean isOne(MediaType type) {
        return type.type().equals("application") && SUBTYPES.contains(type.subtype());
    }

    /// Reads one; which of the two it is, its first byte tells.
    static CmwRecord decode(Bytes content) {
        try {
            return content.at(0) == '[' ? json(content) : cbor(content);
        } catch (JacksonException | CborException | IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static CmwRecord json(Bytes content) {
        JsonNode record = JsonMapper.shared().readTree(content.toByteArray());
        if (record.size() < 2 || !record.get(0).isString() || !record.get(1).isString()) {
            throw malformed();
        }
        byte[] value = Base64.getUrlDecoder().decode(record.get(1).asString());
        return new CmwRecord(Exchange.mediaType(record.get(0).asString()), Bytes.copyOf(value));
    }

    private static CmwRecord cbor(Bytes content) {
        List<CborValue> record = CborValue.decode(content, LIMITS).asArray("CMW");
        if (record.size() < 2) {
            throw malformed();
        }
        String type = record.get(0).asText("CMW type");
        return new CmwRecord(Exchange.mediaType(type), record.get(1).asBytes("CMW value"));
    }

    private static Problem malformed() {
        return Problem.badRequest(
                "could not unwrap the CMW: not a record (expected: [media type, base64url or bytes])");
    }
}
