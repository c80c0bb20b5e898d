// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.mesh.http;

/// How an API words what it does not answer.
public interface HttpRefusals {
    /// What a handler threw.
    HttpAnswer of(RuntimeException e);

    /// What the listener itself refuses: 400 for what is not HTTP, 404 and 405 for what has no route, 413 for a body
    /// over the limit, 503 for too many requests at once and for an answer that is not there in time.
    HttpAnswer of(int status);
}
