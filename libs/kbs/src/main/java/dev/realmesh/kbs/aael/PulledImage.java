// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs.aael;

import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.KbsException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// What the event of a pull says, as Confidential Containers' data hub logs it.
///
/// @param reference what the image was asked for by; no quotes, no backslashes
/// @param digest of its manifest, `sha256:…` or `sha512:…`
public record PulledImage(String reference, String digest) {
    private static final String DOMAIN = "github.com/confidential-containers";
    private static final String OPERATION = "PullImage";
    private static final Pattern DIGEST = Pattern.compile("sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})");

    /// Checks the digest.
    ///
    /// @throws AaelException.BadEvent if it is none
    public PulledImage {
        if (!DIGEST.matcher(digest).matches()) {
            throw new AaelException.BadEvent("digest of an image: another form (expected: sha256:… or sha512:…)");
        }
    }

    /// What an event says, if it is one of a pull.
    public static Optional<PulledImage> in(AaelEvent event) {
        if (!isClaimedBy(event)) {
            return Optional.empty();
        }
        try {
            byte[] content = event.content().getBytes(StandardCharsets.UTF_8);
            ObjectNode json = BoundedJson.object("event of a pull", content, AaelEvent.MAX_CONTENT_BYTES);
            return json.path("image").isString() && json.path("digest").isString()
                    ? Optional.of(new PulledImage(BoundedJson.text(json, "image"), BoundedJson.text(json, "digest")))
                    : Optional.empty();
        } catch (KbsException.Malformed | AaelException.BadEvent e) {
            return Optional.empty();
        }
    }

    /// Whether an event claims to be one of a pull, whatever its content.
    public static boolean isClaimedBy(AaelEvent event) {
        return event.domain().equals(DOMAIN) && event.operation().equals(OPERATION);
    }

    /// What a register of images is extended with: the digest's bytes.
    public byte[] extension() {
        return HexFormat.of().parseHex(digest.substring(digest.indexOf(':') + 1));
    }

    /// The event; the blank after the comma is upstream's.
    public AaelEvent toEvent() {
        return new AaelEvent(DOMAIN, OPERATION, "{\"image\":\"" + reference + "\", \"digest\":\"" + digest + "\"}");
    }
}
