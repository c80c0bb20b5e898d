// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.launch;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.Digest;
import java.time.Duration;

/// What happens while a workload runs, in the order of happening. [Exited] is the last one.
public sealed interface RunEvent {
    /// The Realm is active.
    record Launched(RealmId realm, Digest rim) implements RunEvent {}

    /// A step of the flow ended.
    ///
    /// @param step its name, such as "launch" or "attest"
    /// @param elapsed wall time of it
    /// @param detail what a person wants to know, one line; may be empty
    record StepFinished(String step, Duration elapsed, String detail) implements RunEvent {}

    /// The Realm was appraised.
    ///
    /// @param resultId name of the stored result; may be empty
    record Attested(String resultId) implements RunEvent {}

    /// More of a layer came.
    ///
    /// @param digest of the layer, as the Realm says it
    /// @param bytes of it that came
    /// @param size all of its bytes
    record LayerProgress(String digest, long bytes, long size) implements RunEvent {}

    /// The container wrote to its standard output.
    record Output(Bytes bytes) implements RunEvent {}

    /// The container wrote to its standard error.
    record ErrorOutput(Bytes bytes) implements RunEvent {}

    /// The container ended.
    ///
    /// @param code 0 to 255; 128 + n if signal n ended it
    record Exited(int code) implements RunEvent {}
}
