// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import dev.realmesh.oci.OciDigest;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What happened in a run, in the order of happening. Events of a pull may come from several threads.
public sealed interface RunEvent {
    /// A step of the flow ended.
    ///
    /// @param step what ended
    /// @param elapsed wall time that the step took
    /// @param detail one line for a person, may be empty; never a secret
    record StepFinished(Step step, Duration elapsed, String detail) implements RunEvent {}

    /// The Realm was appraised.
    ///
    /// @param resultId name of the stored result, empty if the verifier stores none
    record Attested(String resultId) implements RunEvent {}

    /// More of a layer came, several times a second at most and at its end; layers come several at a time.
    ///
    /// @param bytes of it that came, as it is stored
    /// @param size all of its bytes
    record LayerProgress(OciDigest layer, long bytes, long size) implements RunEvent {}

    /// The container wrote to one of its outputs.
    ///
    /// @param stream which output
    /// @param bytes what it wrote; read-only
    record Output(Stream stream, ByteBuffer bytes) implements RunEvent {
        public Output {
            bytes = bytes.asReadOnlyBuffer();
        }
    }

    /// The steps that a run reports.
    enum Step {
        /// Evidence was collected and appraised.
        ATTEST,
        /// The keys of the image were released.
        KEY,
        /// Manifest, configuration and layers were read from the host.
        PULL,
        /// What was left to do after the last byte: layers are decrypted, authenticated, decompressed, compared with
        /// their diff ids and written to the root file system while they come.
        UNPACK,
        /// The Realm was attested with the measurement of what it runs.
        RECORD,
        /// The container ran.
        RUN
    }

    /// The outputs of a container.
    enum Stream {
        /// Standard output.
        STDOUT,
        /// Standard error.
        STDERR
    }
}
