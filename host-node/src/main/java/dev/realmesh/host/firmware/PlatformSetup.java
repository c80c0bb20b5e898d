// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware;

import dev.realmesh.cca.token.TokenGeneration;
import dev.realmesh.host.firmware.hes.PlatformState;
import dev.realmesh.host.machine.AddressMap;
import dev.realmesh.host.machine.RealmProcessorFactory;
import dev.realmesh.host.rmm.attestation.TokenOptions;
import java.nio.file.Path;

/// What a platform is made of, and how it was set up before it boots.
///
/// @param map its address map
/// @param processors what runs its Realms
/// @param folder folder that keeps the platform's identity from boot to boot
/// @param state its lifecycle, and the generation of its platform tokens
/// @param tokens what the tokens of its RMM are like
public record PlatformSetup(
        AddressMap map, RealmProcessorFactory processors, Path folder, PlatformState state, TokenOptions tokens) {
    /// A secured platform of RMM 1.0.
    public static PlatformSetup of(AddressMap map, RealmProcessorFactory processors, Path folder) {
        return new PlatformSetup(map, processors, folder, PlatformState.SECURED, TokenOptions.RMM_1_0);
    }

    /// This, with tokens of another generation, those of the platform and of its Realms.
    public PlatformSetup withTokens(TokenGeneration generation) {
        return new PlatformSetup(
                map,
                processors,
                folder,
                state.with(generation),
                new TokenOptions(generation, tokens.keyHashAlgorithm()));
    }

    /// This, in another state of its lifecycle.
    ///
    /// @param lifecycle claim 2395
    public PlatformSetup withLifecycle(int lifecycle) {
        return new PlatformSetup(map, processors, folder, new PlatformState(lifecycle, state.generation()), tokens);
    }
}
