// SPDX-License-Identifier: Apache-2.0

/// Services elsewhere that one of ours asks over HTTP, and what is done while they do not answer. Start at
/// [dev.realmesh.remote.RemoteService]; what is asked, its callers know.
@NullMarked
package dev.realmesh.remote;

import org.jspecify.annotations.NullMarked;
