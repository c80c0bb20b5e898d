// SPDX-License-Identifier: Apache-2.0

/// HTTP APIs of the field at a service's edge: a listener with limits, whose handlers run on virtual threads. Start at
/// [dev.realmesh.mesh.http.HttpListener].
@NullMarked
package dev.realmesh.mesh.http;

import org.jspecify.annotations.NullMarked;
