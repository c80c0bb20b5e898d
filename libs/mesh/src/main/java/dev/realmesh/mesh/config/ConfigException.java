// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.config;

import java.util.List;

/// The configuration cannot be used. Says every mistake that was found, each with its key.
public final class ConfigException extends RuntimeException {
    private final List<String> mistakes;

    /// @param mistakes each as `key: got (expected: …)`
    public ConfigException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /// What is wrong, one mistake each.
    public List<String> mistakes() {
        return mistakes;
    }
}
