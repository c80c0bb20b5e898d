// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.keyprovider;

import dev.realmesh.kbs.KbsException;
import dev.realmesh.kbs.ResourcePath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What comes after `provider:attestation-agent:`, in the form of Confidential Containers' coco-keyprovider:
/// `NAME=VALUE`, joined by `::`.
///
/// @param keyId where the key is, or is to be; absent: a new key, at a new path
public record WrapParameters(Optional<ResourcePath> keyId) {
    private static final int MAX_LENGTH = 1024;
    private static final String SEPARATOR = "::";
    private static final String ALGORITHM = "A256GCM";

    /// `kbs://[BROKER]/PATH`, `[BROKER]/PATH`. The broker is this one, whatever its name.
    private static final Pattern KEY_ID =
            Pattern.compile("(?:kbs://)?[A-Za-z0-9.:\\[\\]-]*/(?<path>[^/]+/[^/]+/[^/]+)");

    /// Reads parameters.
    ///
    /// @throws KeyProviderException.Malformed if they are none, or one is there twice
    /// @throws KeyProviderException.Unsupported if they ask for a key of this machine's files, for the sample key, for
    ///     another algorithm, or for what nobody knows
    public static WrapParameters parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new KeyProviderException.Malformed(
                    "parameters: " + text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        Map<String, String> values = new HashMap<>();
        for (String parameter : text.isEmpty() ? new String[0] : text.split(SEPARATOR, -1)) {
            String[] parts = parameter.split("=", 2);
            if (parts.length != 2 || values.put(parts[0], parts[1]) != null) {
                throw new KeyProviderException.Malformed(
                        "parameters: not NAME=VALUE, or one twice (expected: keyid=kbs:///repository/type/tag)");
            }
        }
        values.forEach(WrapParameters::requireSupported);
        return new WrapParameters(Optional.ofNullable(values.get("keyid")).map(WrapParameters::path));
    }

    private static void requireSupported(String name, String value) {
        switch (name) {
            case "keyid" -> {}
            case "algorithm" ->
                requireThat(value.equals(ALGORITHM), "algorithm: another one (expected: " + ALGORITHM + ", or none)");
            case "sample" ->
                requireThat(
                        value.equals("false"),
                        "sample: its key is public (expected: keyid=kbs:///…, whose key is not)");
            case "keypath" ->
                throw new KeyProviderException.Unsupported("keypath: files of the broker's machine are not"
                        + " read (expected: keyid, and a key of your own put there by `realmesh secret put`)");
            default ->
                throw new KeyProviderException.Unsupported(
                        "parameters: one of another name" + " (expected: keyid, algorithm)");
        }
    }

    private static void requireThat(boolean supported, String problem) {
        if (!supported) {
            throw new KeyProviderException.Unsupported(problem);
        }
    }

    private static ResourcePath path(String keyId) {
        Matcher matcher = KEY_ID.matcher(keyId);
        if (!matcher.matches()) {
            throw new KeyProviderException.Malformed(
                    "keyid: another form (expected: kbs:///repository/type/tag, of the plugin `resource`)");
        }
        try {
            return ResourcePath.parse(matcher.group("path"));
        } catch (KbsException.Malformed e) {
            throw new KeyProviderException.Malformed("keyid: " + e.getMessage());
        }
    }
}
