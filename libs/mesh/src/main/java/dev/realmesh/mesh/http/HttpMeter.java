// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

import java.time.Duration;

/// Who counts the requests of a listener. Called on event loops: it must not block.
public interface HttpMeter {
    /// Counts nothing.
    HttpMeter NONE = new HttpMeter() {
        @Override
        public void began(String path) {}

        @Override
        public void ended(Answered request) {}
    };

    /// A request that ended, answered or not.
    ///
    /// @param path as it was sent
    /// @param status of the answer
    /// @param took from the request's head to the answer's end
    /// @param requestBytes of the body that was read
    /// @param responseBytes of the answer's body
    record Answered(String path, int status, Duration took, long requestBytes, long responseBytes) {}

    /// A request has come.
    ///
    /// @param path as it was sent
    void began(String path);

    /// A request that began has ended.
    void ended(Answered request);
}
