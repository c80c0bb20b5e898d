// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cca.token;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.cose.CborException;
import dev.realmesh.cca.cose.CborLimits;
import dev.realmesh.cca.cose.CborMap;
import dev.realmesh.cca.cose.CborValue;
import java.util.List;

/// A CCA token: the collection of a platform token and a realm token. Entries that are neither are ignored.
///
/// @param form the outer form
/// @param platform entry 44234
/// @param realm entry 44241
public record CcaEvidence(Form form, PlatformToken platform, RealmToken realm) {
    private static final int PLATFORM_ENTRY = 44234;
    private static final int REALM_ENTRY = 44241;
    private static final int EAT_CWT = 263;
    private static final String PART = "CCA token";

    /// The two outer forms in use.
    public enum Form {
        /// Tag 399: each entry is the token's bytes (RMM 1.0).
        TOKEN_COLLECTION(399),
        /// Tag 907, a CMW collection: each entry is `[263, bytes]`, 263 being the content format of EAT-CWT.
        CMW_COLLECTION(907);

        private final int tag;

        Form(int tag) {
            this.tag = tag;
        }

        /// The CBOR tag.
        public int tag() {
            return tag;
        }

        private CborValue entry(Bytes token) {
            return this == TOKEN_COLLECTION
                    ? CborValue.of(token)
                    : CborValue.arrayOf(CborValue.of(EAT_CWT), CborValue.of(token));
        }

        private Bytes token(CborValue entry) {
            if (this == TOKEN_COLLECTION) {
                return entry.asBytes(PART + " entry");
            }
            List<CborValue> record = entry.asArray(PART + " entry");
            if (record.size() != 2 || !record.getFirst().equals(CborValue.of(EAT_CWT))) {
                throw new CborException.Unexpected(PART + " entry", "another record", "[263, bytes]");
            }
            return record.getLast().asBytes(PART + " entry");
        }
    }

    /// Reads a token of at most 64 KiB; signatures are not checked here, see [EvidenceIntegrity].
    ///
    /// @throws TokenException if it is none
    public static CcaEvidence decode(Bytes encoded) {
        Form form;
        Bytes platform;
        Bytes realm;
        try {
            CborValue outer = CborValue.decode(encoded, CborLimits.EVIDENCE);
            form = formOf(outer);
            CborMap entries = outer.asTagged(form.tag(), PART).asMap(PART);
            platform = form.token(entries.get(PLATFORM_ENTRY, PART));
            realm = form.token(entries.get(REALM_ENTRY, PART));
        } catch (CborException e) {
            throw new TokenException.Malformed(PART, e);
        }
        return new CcaEvidence(form, PlatformToken.decode(platform), RealmToken.decode(realm));
    }

    /// The token's bytes.
    public Bytes encode() {
        return collect(form, platform.encode(), realm.encode());
    }

    static Bytes collect(Form form, Bytes platformToken, Bytes realmToken) {
        return new CborValue.Tagged(
                        form.tag(),
                        CborMap.builder()
                                .put(PLATFORM_ENTRY, form.entry(platformToken))
                                .put(REALM_ENTRY, form.entry(realmToken))
                                .build())
                .encode();
    }

    private static Form formOf(CborValue outer) {
        boolean cmw = outer instanceof CborValue.Tagged tagged && tagged.tag() == Form.CMW_COLLECTION.tag();
        return cmw ? Form.CMW_COLLECTION : Form.TOKEN_COLLECTION;
    }
}
